#pragma once

#include <cstddef>

namespace blockferry::hostile {

/// A resolver in place of the C library's, for whatever program this is linked into: a name that
/// ends in `.hangs.test` gets no answer until `release_lookups` (C11), one that ends in
/// `.inner.test` leads to 127.0.0.1 (rebinding), one in `.nowhere.test` does not exist, all others
/// go to the real one.  As a preloaded library it hangs for 60 seconds.

/// Look-ups that hang at this moment.
[[nodiscard]] std::size_t hung_lookups();
/// Waits until so many hang; false after ten seconds.
[[nodiscard]] bool wait_for_hung_lookups(std::size_t count);
/// Lets all that hang fail, and waits until they have.
void release_lookups();

} // namespace blockferry::hostile
