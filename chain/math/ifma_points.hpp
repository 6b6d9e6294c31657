#pragma once

#include "chain/math/ifma_memory.hpp"
#include "chain/math/kernels.hpp"

#if defined(__x86_64__)

namespace blockferry::chain::ifma {

/// A point in each lane; coordinates raw (see `lanes`).
struct point_lanes {
  lanes x, y, z, t;
};

/// Adds one table entry a lane; the same formulas as scalar_kernels::add_entry.
BLOCKFERRY_IFMA void add_entries(point_lanes& to, const prepared_point* const* entries,
                                 __mmask8 negative) {
  const std::uint64_t* plus[lane_count];
  const std::uint64_t* minus[lane_count];
  const std::uint64_t* product[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i) {
    const bool swapped = (negative >> i & 1) != 0;
    const prepared_point& entry = *entries[i];
    plus[i] = (swapped ? entry.half_y_minus_x : entry.half_y_plus_x).limbs.data();
    minus[i] = (swapped ? entry.half_y_plus_x : entry.half_y_minus_x).limbs.data();
    product[i] = entry.d_x_y.limbs.data();
  }
  const lanes a = multiply(carried(subtract(to.y, to.x)), load(minus));
  const lanes b = multiply(carried(add(to.y, to.x)), load(plus));
  const lanes c = multiply(carried(to.t), load(product));
  const lanes minus_c = negate_where(static_cast<__mmask8>(~negative), c); // plus where negative
  const lanes e = carried(subtract(b, a));
  const lanes f = carried(add(add_modulus(to.z), minus_c));
  const lanes g = carried(subtract(to.z, minus_c));
  const lanes h = carried(add(b, a));
  to = {multiply(e, f), multiply(g, h), multiply(f, g), multiply(e, h)};
}

/// a + b; the formulas of curve.cpp, coordinates raw, below 2.9 Q in and out.
BLOCKFERRY_IFMA point_lanes add_points(const point_lanes& left, const point_lanes& right,
                                       const lanes& twice_d) {
  const lanes a = multiply(carried(subtract(left.y, left.x)), carried(subtract(right.y, right.x)));
  const lanes b = multiply(carried(add(left.y, left.x)), carried(add(right.y, right.x)));
  const lanes c = multiply(carried(multiply(carried(left.t), carried(right.t))), twice_d);
  const lanes z = multiply(carried(left.z), carried(right.z));
  const lanes e = carried(subtract(b, a));
  const lanes f = carried(subtract(add(z, z), c));
  const lanes g = carried(add(add(z, z), c));
  const lanes h = carried(add(b, a));
  return {multiply(e, f), multiply(g, h), multiply(f, g), multiply(e, h)};
}

/// In each lane what stood `by` lanes after it, the first lanes after the last.
BLOCKFERRY_IFMA lanes rotated(lanes a, std::uint64_t by) {
  const __m512i from = _mm512_and_si512(
      _mm512_add_epi64(_mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7), every(by)), every(7));
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    a.limb[i] = _mm512_permutexvar_epi64(from, a.limb[i]);
  return a;
}

BLOCKFERRY_IFMA lanes load_coordinate(const point* const* points, std::size_t offset_limbs) {
  const std::uint64_t* from[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i)
    from[i] = reinterpret_cast<const std::uint64_t*>(points[i]) + offset_limbs;
  return masked(load(from));
}

/// "dbl-2008-hwcd" of Hisil, Wong, Carter, Dawson 2008; coordinates raw, below 2.7 Q in and out.
BLOCKFERRY_IFMA void double_points(point_lanes& a) {
  const lanes x = carried(a.x), y = carried(a.y), z = carried(a.z);
  const lanes xx = multiply(x, x);
  const lanes yy = multiply(y, y);
  const lanes zz = multiply(z, z);
  const lanes xy = multiply(x, y);
  const lanes e = carried(add(xy, xy));
  const lanes f = carried(subtract(add(add(zz, zz), xx), yy));
  const lanes g = carried(subtract(yy, xx));
  const lanes h = carried(add(yy, xx));
  a = {multiply(e, f), multiply(g, h), multiply(g, f), multiply(e, h)};
}

/// Writes eight points.
BLOCKFERRY_IFMA void store_points(const point_lanes& from, point* const* out) {
  field made[4][lane_count];
  store(from.x, made[0]);
  store(from.y, made[1]);
  store(from.z, made[2]);
  store(from.t, made[3]);
  for (std::size_t i = 0; i < lane_count; ++i)
    *out[i] = {made[0][i], made[1][i], made[2][i], made[3][i]};
}

/// Entries and signs of one term a lane.
struct term_lanes {
  const prepared_point* entries[lane_count];
  __mmask8 negative = 0;
};

BLOCKFERRY_IFMA term_lanes terms_at(const term* const* terms, std::size_t k, std::size_t count) {
  term_lanes out;
  unsigned negative = 0;
  for (std::size_t i = 0; i < lane_count; ++i) {
    const term one = terms[i][k];
    out.entries[i] = reinterpret_cast<const prepared_point*>(one & ~term{1});
    negative |= static_cast<unsigned>(one & 1) << i;
    if (k + 2 < count) {
      const auto* ahead = reinterpret_cast<const char*>(terms[i][k + 2] & ~term{1});
      __builtin_prefetch(ahead);
      __builtin_prefetch(ahead + 64);
    }
  }
  out.negative = static_cast<__mmask8>(negative);
  return out;
}

} // namespace blockferry::chain::ifma

#endif
