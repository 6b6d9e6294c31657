#pragma once

#include "chain/math/field.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace blockferry::chain {

/// Of Poseidon at each width (specification 3.6).
inline constexpr std::size_t poseidon_full_rounds = 8;
inline constexpr std::size_t poseidon_partial_rounds = 31;

/// The bit generator of Poseidon's constants (specification 3.6): an LFSR of 80 bits,
/// self-shrinking.
class grain {
public:
  /// For states of `width` elements, 8 full and 31 partial rounds.
  explicit grain(std::size_t width);
  /// The next number of 253 bits, least significant limb first.
  std::array<std::uint64_t, 4> number();
  /// The next number below Q.
  field below_modulus();
  /// The next number, reduced.
  field reduced();

private:
  bool bit();

  std::array<bool, 80> state_{};
  std::size_t head_ = 0;
};

} // namespace blockferry::chain
