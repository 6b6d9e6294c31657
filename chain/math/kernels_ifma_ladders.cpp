#include "chain/math/ifma_kernels.hpp"
#include "chain/math/ifma_points.hpp"

#if defined(__x86_64__)

namespace blockferry::chain::ifma {
namespace {

constexpr std::size_t digit_values = 16;

BLOCKFERRY_IFMA_FUNCTION void
power_eight(const field* const* bases, const std::array<std::uint64_t, 4>& exponent, field* out) {
  const std::uint64_t* from[lane_count];
  const std::uint64_t* ones[lane_count];
  const field one = field::one();
  for (std::size_t i = 0; i < lane_count; ++i) {
    from[i] = bases[i]->limbs.data();
    ones[i] = one.limbs.data();
  }
  lanes table[digit_values];
  table[0] = load(ones);
  table[1] = load(from);
  for (std::size_t i = 2; i < digit_values; ++i)
    table[i] = carried(multiply(table[i - 1], table[1]));
  lanes made = table[0];
  bool begun = false;
  for (std::size_t digit = 64; digit-- > 0;) {
    for (int i = 0; i < 4 && begun; ++i)
      made = carried(multiply(made, made));
    const auto value = exponent[digit / 16] >> (4 * (digit % 16)) & 15;
    if (value != 0)
      made = carried(multiply(made, table[value]));
    begun = begun || value != 0;
  }
  store(masked(made), out);
}

BLOCKFERRY_IFMA_FUNCTION void multiples_eight(const term* const* terms, std::size_t count,
                                              unsigned doublings, point* const* out) {
  const point identity;
  const point* starts[lane_count];
  for (auto& one : starts)
    one = &identity;
  point_lanes to = {load_coordinate(starts, 0), load_coordinate(starts, 4),
                    load_coordinate(starts, 8), load_coordinate(starts, 12)};
  for (std::size_t k = 0; k < count; ++k) {
    for (unsigned d = 0; k > 0 && d < doublings; ++d)
      double_points(to);
    const term_lanes now = terms_at(terms, k, count);
    add_entries(to, now.entries, now.negative);
  }
  store_points(to, out);
}

} // namespace

void power(std::span<const field> bases, const std::array<std::uint64_t, 4>& exponent,
           std::span<field> out) {
  for (std::size_t first = 0; first < out.size(); first += lane_count) {
    const field* from[lane_count];
    for (std::size_t i = 0; i < lane_count; ++i)
      from[i] = &bases[first + i < out.size() ? first + i : first];
    field made[lane_count];
    power_eight(from, exponent, made);
    for (std::size_t i = 0; i < lane_count && first + i < out.size(); ++i)
      out[first + i] = made[i];
  }
}

void multiples(const term* terms, std::size_t count, unsigned doublings, std::span<point> out) {
  point unused[lane_count];
  for (std::size_t first = 0; first < out.size(); first += lane_count) {
    const term* from[lane_count];
    point* to[lane_count];
    for (std::size_t i = 0; i < lane_count; ++i) {
      const bool idle = first + i >= out.size(); // repeats the first
      from[i] = terms + (idle ? first : first + i) * count;
      to[i] = idle ? &unused[i] : &out[first + i];
    }
    multiples_eight(from, count, doublings, to);
  }
}

} // namespace blockferry::chain::ifma

#endif
