#pragma once

#include <cstddef>

namespace blockferry::hostile {

/// A resolver in place of the C library's, for whatever program this is linked into (C11).  All
/// names but those under these domains go to the real one:
///
///     .hangs.test    gets no answer until `release_lookups`; as a preloaded library for 60 seconds
///     .nowhere.test  does not exist
///     .inner.test    leads to 127.0.0.1
///     .flips.test    leads to a public address, and from its second look-up on to 127.0.0.1
///     .halfway.test  leads to a public address where nobody listens, and to 127.0.0.1
///     .crowd.test    leads to 1,000 public addresses where nobody listens
///
/// A look-up that begins to hang makes the file that the environment names as HUNG_LOOKUP_FILE.
///
/// It stands in for `connect` as well: the public addresses are on loopback, so that no packet of a
/// test leaves the machine.

/// Look-ups that hang at this moment.
[[nodiscard]] std::size_t hung_lookups();
/// Waits until so many hang; false after ten seconds.
[[nodiscard]] bool wait_for_hung_lookups(std::size_t count);
/// Lets all that hang fail, and waits until they have.
void release_lookups();

} // namespace blockferry::hostile
