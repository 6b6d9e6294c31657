#pragma once

#include <cstddef>

namespace blockferry::runtime {

/// Whether this process may have so many threads more at once, found out by having them.  CAF 0.17
/// crashes, or waits for ever, where it is refused one.
[[nodiscard]] bool has_room_for_threads(std::size_t count);

} // namespace blockferry::runtime
