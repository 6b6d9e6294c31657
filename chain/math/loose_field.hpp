#pragma once

#include "chain/math/field.hpp"

#include <cstddef>
#include <cstdint>

namespace blockferry::chain::loose {

// Field arithmetic without the final subtractions, for the inner loops.  A value stands for itself
// modulo Q and may be as large as a small multiple of Q: 2^256 is above 13.7 Q.
//
//   multiply   a below x Q, b below y Q with x y <= 13: the product is below (x y / 13.7 + 1) Q,
//              that is below 2 Q
//   add        a + b, nothing subtracted; the sum must stay below 2^256
//   subtract   a - b + 2 Q, for b below 2 Q
//   canonical  the value below Q, for a below 4 Q
//
// The functions are inline, so that each code path compiles them with its own multiplication.

__extension__ typedef unsigned __int128 wide;

/// Q, 2 Q and -1 / Q modulo 2^64 (specification 0).
constexpr std::uint64_t modulus[4] = {0x0a11800000000001, 0x59aa76fed0000001, 0x60b44d1e5c37b001,
                                      0x12ab655e9a2ca556};
constexpr std::uint64_t twice_modulus[4] = {0x1423000000000002, 0xb354edfda0000002,
                                            0xc1689a3cb86f6002, 0x2556cabd34594aac};
constexpr std::uint64_t negative_inverse = 0x0a117fffffffffff;

[[nodiscard]] inline field add(const field& a, const field& b) noexcept {
  field out;
  wide carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += static_cast<wide>(a.limbs[i]) + b.limbs[i];
    out.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return out;
}

/// a - b and whether it was negative.
[[nodiscard]] inline field difference(const field& a, const std::uint64_t* b,
                                      bool& negative) noexcept {
  field out;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const wide one = static_cast<wide>(a.limbs[i]) - b[i] - borrow;
    out.limbs[i] = static_cast<std::uint64_t>(one);
    borrow = static_cast<std::uint64_t>(one >> 64) & 1;
  }
  negative = borrow != 0;
  return out;
}

[[nodiscard]] inline field subtract(const field& a, const field& b) noexcept {
  bool negative = false;
  return difference(
      add(a, field{{twice_modulus[0], twice_modulus[1], twice_modulus[2], twice_modulus[3]}}),
      b.limbs.data(), negative);
}

[[nodiscard]] inline field less_if_not_below(const field& a, const std::uint64_t* b) noexcept {
  bool negative = false;
  const field less = difference(a, b, negative);
  return negative ? a : less;
}

/// Below 2 Q, for a below 4 Q.
[[nodiscard]] inline field halfway(const field& a) noexcept {
  return less_if_not_below(a, twice_modulus);
}

[[nodiscard]] inline field canonical(const field& a) noexcept {
  return less_if_not_below(halfway(a), modulus);
}

/// Multiplication in C++ alone: operand scanning, Montgomery.  The top limb of Q leaves the carries
/// of a row room in one word (the "no-carry" case: Acar, "High-speed algorithms and architectures
/// for number-theoretic cryptosystems", 1997, and the note of the gnark authors); rows stay below
/// b + Q, so b may be above Q.
struct portable_multiplier {
  [[nodiscard]] static inline field add(const field& a, const field& b) noexcept {
    return loose::add(a, b);
  }
  [[nodiscard]] static inline field subtract(const field& a, const field& b) noexcept {
    return loose::subtract(a, b);
  }
  [[nodiscard, gnu::always_inline]] static inline field multiply(const field& a,
                                                                 const field& b) noexcept {
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t factor = a.limbs[i];
      const wide first = static_cast<wide>(factor) * b.limbs[0] + t0;
      const std::uint64_t low = static_cast<std::uint64_t>(first);
      std::uint64_t carry = static_cast<std::uint64_t>(first >> 64);
      const std::uint64_t m = low * negative_inverse;
      std::uint64_t reduce =
          static_cast<std::uint64_t>((static_cast<wide>(m) * modulus[0] + low) >> 64);
      const auto row = [&](std::uint64_t limb, std::uint64_t sum, std::uint64_t modulus_limb) {
        const wide one = static_cast<wide>(factor) * limb + sum + carry;
        carry = static_cast<std::uint64_t>(one >> 64);
        const wide two =
            static_cast<wide>(m) * modulus_limb + static_cast<std::uint64_t>(one) + reduce;
        reduce = static_cast<std::uint64_t>(two >> 64);
        return static_cast<std::uint64_t>(two);
      };
      t0 = row(b.limbs[1], t1, modulus[1]);
      t1 = row(b.limbs[2], t2, modulus[2]);
      t2 = row(b.limbs[3], t3, modulus[3]);
      t3 = reduce + carry;
    }
    return {{t0, t1, t2, t3}};
  }
};

} // namespace blockferry::chain::loose
