#pragma once

#include "chain/math/kernels.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace blockferry::chain {

/// Bits of a number below R, with room for the carry of signed digits.
constexpr std::size_t scalar_bits_max = 252;

/// Digits in which a number is written, -2^(bits-1) .. 2^(bits-1), so that a table needs the
/// positive ones only.
[[nodiscard]] constexpr std::size_t digits_of(std::size_t bits) {
  return (scalar_bits_max + bits - 1) / bits;
}

/// Calls `visit(index, magnitude, negative)` for each digit of a number below R, least significant
/// first.
template <class Visitor>
void for_each_digit(const std::array<std::uint64_t, 4>& number, std::size_t bits, Visitor visit) {
  std::uint64_t carry = 0;
  const std::uint64_t half = std::uint64_t{1} << (bits - 1);
  for (std::size_t i = 0; i < digits_of(bits); ++i) {
    const std::size_t at = i * bits;
    std::uint64_t value = number[at / 64] >> (at % 64);
    if (at % 64 + bits > 64 && at / 64 + 1 < number.size())
      value |= number[at / 64 + 1] << (64 - at % 64);
    value = (value & (2 * half - 1)) + carry;
    carry = value > half ? 1 : 0;
    visit(i, carry != 0 ? 2 * half - value : value, carry != 0);
  }
}

/// Multiples of one point by all digits at all places: a number times the point is a sum of one
/// entry for each digit.
class fixed_base {
public:
  /// `bits` a digit: 2^(bits-1) entries of 96 bytes for each of 252 / bits digits.
  fixed_base(const point& base, std::size_t bits);

  [[nodiscard]] std::size_t digits() const noexcept { return digits_of(bits_); }
  /// Appends `digits()` terms whose sum is `number` times the point; the number is below R.
  void append_terms(const std::array<std::uint64_t, 4>& number, std::vector<term>& out) const;
  [[nodiscard]] std::size_t bytes() const noexcept {
    return entries_.capacity() * sizeof(prepared_point);
  }

private:
  std::size_t bits_;
  std::vector<prepared_point> entries_;
};

/// The positive digits' multiples of a point for a ladder with doublings: 8 entries.
constexpr std::size_t ladder_bits = 4;
using ladder_entries = std::array<prepared_point, 8>;
/// Those of each point, one inversion in all.
[[nodiscard]] std::vector<ladder_entries> ladder_entries_of(std::span<const point> bases);
/// Appends the terms for `kernels::multiples` with `ladder_bits` doublings.
void append_ladder(const ladder_entries& base, const std::array<std::uint64_t, 4>& number,
                   std::vector<term>& out);

} // namespace blockferry::chain
