#include "chain/math/ifma_kernels.hpp"
#include "chain/math/ifma_memory.hpp"
#include "chain/math/path_kernels.hpp"

#include <vector>

#if defined(__x86_64__)

namespace blockferry::chain::ifma {
namespace {

constexpr std::size_t limbs = 5;

/// A constant of the permutation in 52-bit limbs, as `load` makes them: the same in every lane.
struct constant52 {
  std::uint64_t limb[limbs];
};

constant52 limbs_of(const field& a) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 52) - 1;
  const auto& w = a.limbs;
  return {{w[0] << 4 & mask, (w[0] >> 48 | w[1] << 16) & mask, (w[1] >> 36 | w[2] << 28) & mask,
           (w[2] >> 24 | w[3] << 40) & mask, w[3] >> 12}};
}

std::vector<constant52> limbs_of(std::span<const field> all) {
  std::vector<constant52> out;
  out.reserve(all.size());
  for (const field& one : all)
    out.push_back(limbs_of(one));
  return out;
}

/// The tables of a permutation, converted.
struct tables52 {
  std::size_t width, half_rounds, partial_rounds;
  std::vector<constant52> before, after, matrix, joint, sparse;

  explicit tables52(const permutation_tables& of)
      : width(of.width), half_rounds(of.half_rounds), partial_rounds(of.partial_rounds),
        before(limbs_of(of.before)), after(limbs_of(of.after)), matrix(limbs_of(of.matrix)),
        joint(limbs_of(of.joint)), sparse(limbs_of(of.sparse)) {}
};

BLOCKFERRY_IFMA lanes every_lane(const constant52& a) {
  return {
      {every(a.limb[0]), every(a.limb[1]), every(a.limb[2]), every(a.limb[3]), every(a.limb[4])}};
}

/// Sums of products, reduced once.  Nine products of carried factors add at most 90 times 2^52 to a
/// limb.
struct product_sums {
  __m512i limb[2 * limbs];
};

BLOCKFERRY_IFMA product_sums no_products() {
  product_sums out;
#pragma GCC unroll 10
  for (auto& one : out.limb)
    one = _mm512_setzero_si512();
  return out;
}

BLOCKFERRY_IFMA void add_product(product_sums& to, const lanes& a, const constant52& b) {
#pragma GCC unroll 5
  for (std::size_t j = 0; j < limbs; ++j) {
    const __m512i factor = every(b.limb[j]);
#pragma GCC unroll 5
    for (std::size_t i = 0; i < limbs; ++i) {
      to.limb[i + j] = _mm512_madd52lo_epu64(to.limb[i + j], a.limb[i], factor);
      to.limb[i + j + 1] = _mm512_madd52hi_epu64(to.limb[i + j + 1], a.limb[i], factor);
    }
  }
}

BLOCKFERRY_IFMA lanes power17(const lanes& a) {
  lanes b = carried(multiply(a, a));
  b = carried(multiply(b, b));
  b = carried(multiply(b, b));
  b = carried(multiply(b, b));
  return carried(multiply(a, b));
}

/// The state is carried, and below 29 Q: a constant below 16 Q may be added, and the S-box gives
/// less than 2 Q.
BLOCKFERRY_IFMA void full_round(std::size_t t, const constant52* constants,
                                const constant52* matrix, lanes* state) {
  for (std::size_t i = 0; i < t; ++i)
    state[i] = power17(carried(add(state[i], every_lane(constants[i]))));
  lanes next[permutation_width_max];
  for (std::size_t i = 0; i < t; ++i) {
    product_sums sum = no_products();
    for (std::size_t j = 0; j < t; ++j)
      add_product(sum, state[j], matrix[i * t + j]);
    next[i] = masked(carried(reduced(sum.limb)));
  }
  for (std::size_t i = 0; i < t; ++i)
    state[i] = next[i];
}

/// Each element but the first grows by less than 1.2 Q: in 31 rounds to less than 40 Q, far from
/// the 219 Q that the limbs hold, and the first element's sum stays below 29 Q.
BLOCKFERRY_IFMA void partial_round(std::size_t t, const constant52* sparse, lanes* state) {
  const constant52* row = sparse + 1;
  const constant52* column = row + t;
  const lanes first = power17(carried(add(state[0], every_lane(sparse[0]))));
  product_sums sum = no_products();
  add_product(sum, first, row[0]);
  for (std::size_t j = 1; j < t; ++j) {
    add_product(sum, state[j], row[j]);
    product_sums more = no_products();
    add_product(more, first, column[j - 1]);
    state[j] = masked(carried(add(state[j], reduced(more.limb))));
  }
  state[0] = masked(carried(reduced(sum.limb)));
}

BLOCKFERRY_IFMA_FUNCTION void permute_eight(const tables52& of, field* const* states) {
  const std::size_t t = of.width;
  lanes state[permutation_width_max];
  for (std::size_t i = 0; i < t; ++i) {
    const std::uint64_t* from[lane_count];
    for (std::size_t k = 0; k < lane_count; ++k)
      from[k] = states[k][i].limbs.data();
    state[i] = masked(load(from));
  }
  for (std::size_t r = 0; r < of.half_rounds; ++r)
    full_round(t, of.before.data() + r * t, (r + 1 < of.half_rounds ? of.matrix : of.joint).data(),
               state);
  for (std::size_t r = 0; r < of.partial_rounds; ++r)
    partial_round(t, of.sparse.data() + r * 2 * t, state);
  for (std::size_t r = 0; r < of.half_rounds; ++r)
    full_round(t, of.after.data() + r * t, of.matrix.data(), state);
  for (std::size_t i = 0; i < t; ++i) {
    field made[lane_count];
    store(state[i], made);
    for (std::size_t k = 0; k < lane_count; ++k)
      states[k][i] = made[k];
  }
}

} // namespace

void permute(const permutation_tables& of, std::span<field> states) {
  constexpr std::size_t few = 2; // so few are faster one after the other
  const std::size_t t = of.width;
  const std::size_t count = states.size() / t;
  if (count <= few)
    return adx_kernels().permute(of, states);
  const tables52 tables{of};
  std::vector<field> unused(lane_count * t);
  for (std::size_t first = 0; first < count; first += lane_count) {
    field* from[lane_count];
    for (std::size_t k = 0; k < lane_count; ++k)
      from[k] = first + k < count ? &states[(first + k) * t] : &unused[k * t];
    permute_eight(tables, from);
  }
}

} // namespace blockferry::chain::ifma

#endif
