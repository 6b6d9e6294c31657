#include "chain/signers/window.hpp"

namespace blockferry::chain {
namespace {

/// What a digit of 0 adds.
const prepared_point& identity_entry() {
  static const prepared_point made;
  return made;
}

} // namespace

fixed_base::fixed_base(const point& base, std::size_t bits) : bits_(bits) {
  const std::size_t each = std::size_t{1} << (bits - 1);
  std::vector<point> multiples;
  multiples.reserve(digits() * each);
  point step = base; // 2^(bits digit) times the base
  for (std::size_t digit = 0; digit < digits(); ++digit) {
    multiples.push_back(step);
    for (std::size_t i = 1; i < each; ++i)
      multiples.push_back(multiples.back() + step);
    step = twice(multiples.back());
  }
  entries_.resize(multiples.size());
  active_kernels().prepare(multiples, entries_);
}

void fixed_base::append_terms(const std::array<std::uint64_t, 4>& number,
                              std::vector<term>& out) const {
  const std::size_t each = std::size_t{1} << (bits_ - 1);
  for_each_digit(number, bits_, [&](std::size_t digit, std::uint64_t magnitude, bool negative) {
    out.push_back(magnitude == 0 ? term_of(identity_entry(), false)
                                 : term_of(entries_[digit * each + magnitude - 1], negative));
  });
}

std::vector<ladder_entries> ladder_entries_of(std::span<const point> bases) {
  constexpr std::size_t each = std::tuple_size_v<ladder_entries>;
  std::vector<point> multiples;
  multiples.reserve(bases.size() * each);
  for (const point& base : bases) {
    multiples.push_back(base);
    for (std::size_t i = 1; i < each; ++i)
      multiples.push_back(multiples.back() + base);
  }
  std::vector<ladder_entries> out(bases.size());
  if (!out.empty())
    active_kernels().prepare(multiples, {out.front().data(), multiples.size()});
  return out;
}

void append_ladder(const ladder_entries& base, const std::array<std::uint64_t, 4>& number,
                   std::vector<term>& out) {
  const std::size_t count = digits_of(ladder_bits);
  const std::size_t first = out.size();
  out.resize(first + count);
  for_each_digit(
      number, ladder_bits, [&](std::size_t digit, std::uint64_t magnitude, bool negative) {
        out[first + count - 1 - digit] = magnitude == 0 ? term_of(identity_entry(), false)
                                                        : term_of(base[magnitude - 1], negative);
      });
}

} // namespace blockferry::chain
