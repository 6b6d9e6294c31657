#pragma once

#include "chain/metadata.hpp"

namespace blockferry::chain {

/// What the compiler counts with; in messages and codecs the same number is a `uint128`.
__extension__ typedef unsigned __int128 wide;

[[nodiscard]] inline wide widen(const uint128& number) noexcept {
  return static_cast<wide>(number.high) << 64 | number.low;
}
[[nodiscard]] inline uint128 narrow(wide number) noexcept {
  return {static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number >> 64)};
}
/// The sum, or the greatest number where it is beyond.
[[nodiscard]] inline wide add_saturating(wide a, wide b) noexcept {
  const wide sum = a + b;
  return sum < a ? ~wide{0} : sum;
}

} // namespace blockferry::chain
