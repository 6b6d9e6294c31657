#include "chain/math/roots.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace blockferry::chain {
namespace {

// Q - 1 = 2^47 t with t odd.  A square root needs the discrete logarithm of a^t in the group of
// order 2^47; taken eight bits at a time from tables (Sarkar, "Computing square roots faster than
// the Tonelli-Shanks/Bernstein algorithm", 2020).
constexpr unsigned two_adicity = 47;
constexpr unsigned digit_bits = 8;
constexpr unsigned digits = 6; // the last has seven bits
constexpr std::size_t digit_values = 1U << digit_bits;
/// 11^t, of order 2^47: 11 is the smallest non-residue
constexpr std::array<std::uint64_t, 4> generator_number = {0x726869aaa623875c, 0xe5c1f1b84059d4cd,
                                                           0x480b0da08d4ff39b, 0x0f4f58d6b338db36};

using digit_table = std::array<field, digit_values>;

struct root_tables {
  /// unit[i][d] = g^(-d 2^(8 i))
  std::array<digit_table, digits> unit;
  /// shifted[i][d] = g^(-d 2^(7 + 8 i))
  std::array<digit_table, digits - 1> shifted;
  /// The elements g^(d 2^39), d in 0 .. 255, by their lowest limb.
  std::vector<std::pair<std::uint64_t, unsigned>> logarithms;
};

digit_table powers(const field& base) {
  digit_table out;
  out[0] = field::one();
  for (std::size_t i = 1; i < out.size(); ++i)
    out[i] = out[i - 1] * base;
  return out;
}

std::unique_ptr<const root_tables> make_tables() {
  auto out = std::make_unique<root_tables>();
  field step = inverse(field::from_number(generator_number));
  for (unsigned bit = 0; bit < two_adicity; ++bit, step = square(step)) {
    if (bit % digit_bits == 0)
      out->unit[bit / digit_bits] = powers(step);
    if (bit % digit_bits == 7 && bit / digit_bits < out->shifted.size())
      out->shifted[bit / digit_bits] = powers(step);
  }
  field top = field::from_number(generator_number);
  for (unsigned bit = 0; bit < two_adicity - digit_bits; ++bit)
    top = square(top);
  const digit_table all = powers(top);
  for (unsigned d = 0; d < all.size(); ++d)
    out->logarithms.emplace_back(all[d].limbs[0], d);
  std::sort(out->logarithms.begin(), out->logarithms.end());
  return out;
}

const root_tables& tables() {
  static const std::unique_ptr<const root_tables> made = make_tables();
  return *made;
}

unsigned logarithm(const root_tables& t, const field& of) {
  return std::lower_bound(t.logarithms.begin(), t.logarithms.end(),
                          std::pair<std::uint64_t, unsigned>{of.limbs[0], 0})
      ->second;
}

} // namespace

std::optional<field> square_root(const field& a) {
  return square_root_from(a, power(a, root_exponent));
}

std::optional<field> square_root_from(const field& a, const field& powered) {
  if (a.is_zero())
    return a;
  const root_tables& t = tables();
  const field x = a * powered;
  const field b = x * powered; // a^t
  // b^(2^(39 - 8 k)) for k = 4, 3, .. 0, as the squarings pass them.
  std::array<field, digits> raised;
  field running = b;
  for (unsigned done = 0;; ++done) {
    if (done % digit_bits == 7)
      raised[4 - done / digit_bits] = running;
    if (done == two_adicity - digit_bits)
      break;
    running = square(running);
  }
  std::uint64_t exponent = 0; // of b to the base g
  for (unsigned k = 0; k + 1 < digits; ++k) {
    field rest = raised[k];
    for (unsigned j = 0; j < k; ++j)
      rest = rest * t.shifted[4 - k + j][exponent >> (digit_bits * j) & (digit_values - 1)];
    exponent |= std::uint64_t{logarithm(t, rest)} << (digit_bits * k);
  }
  field rest = b;
  for (unsigned j = 0; j + 1 < digits; ++j)
    rest = rest * t.unit[j][exponent >> (digit_bits * j) & (digit_values - 1)];
  exponent |= std::uint64_t{logarithm(t, rest) / 2} << (digit_bits * (digits - 1));
  if ((exponent & 1) != 0)
    return std::nullopt;
  field root = x;
  for (unsigned j = 0; j < digits; ++j)
    root = root * t.unit[j][exponent >> 1 >> (digit_bits * j) & (digit_values - 1)];
  const field other = -root;
  return number_less(other.number(), root.number()) ? other : root;
}

} // namespace blockferry::chain
