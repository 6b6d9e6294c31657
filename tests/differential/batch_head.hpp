#pragma once

#include <cstddef>

/// Where things stand in a batch's head (specification 2.2), from its first byte.
namespace blockferry::differential::batch_head {

inline constexpr std::size_t round = 32; ///< behind the author
inline constexpr std::size_t timestamp = 40;
inline constexpr std::size_t committee = 48;
inline constexpr std::size_t transmissions = 80; ///< their number, 4 bytes, and their ids

} // namespace blockferry::differential::batch_head
