#include "chain/math/ifma_lanes.hpp"
#include "chain/math/loose_field.hpp"
#include "chain/math/path_kernels.hpp"

#if defined(__x86_64__)

namespace blockferry::chain {
namespace {

using namespace ifma;

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

BLOCKFERRY_IFMA lanes load_coordinate(const point* const* points, std::size_t offset_limbs) {
  const std::uint64_t* from[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i)
    from[i] = points[i]->x.limbs.data() + offset_limbs;
  return masked(load(from));
}

BLOCKFERRY_IFMA_FUNCTION void sum_eight(const point* const* starts, const term* const* terms,
                                        std::size_t count, point* const* out) {
  static_assert(sizeof(point) == 16 * sizeof(std::uint64_t));
  point_lanes to = {load_coordinate(starts, 0), load_coordinate(starts, 4),
                    load_coordinate(starts, 8), load_coordinate(starts, 12)};
  for (std::size_t k = 0; k < count; ++k) {
    const prepared_point* entries[lane_count];
    unsigned negative = 0;
    for (std::size_t i = 0; i < lane_count; ++i) {
      const term one = terms[i][k];
      entries[i] = reinterpret_cast<const prepared_point*>(one & ~term{1});
      negative |= static_cast<unsigned>(one & 1) << i;
      if (k + 2 < count) {
        const auto* ahead = reinterpret_cast<const char*>(terms[i][k + 2] & ~term{1});
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + 64);
      }
    }
    add_entries(to, entries, static_cast<__mmask8>(negative));
  }
  field* coordinates[lane_count];
  const lanes* const each[4] = {&to.x, &to.y, &to.z, &to.t};
  for (std::size_t which = 0; which < 4; ++which) {
    for (std::size_t i = 0; i < lane_count; ++i)
      coordinates[i] = &out[i]->x + which;
    store(*each[which], coordinates);
  }
}

void sum(const sum_jobs& jobs, std::span<point> out) {
  point unused[lane_count];
  for (std::size_t first = 0; first < out.size(); first += lane_count) {
    const point* starts[lane_count];
    const term* terms[lane_count];
    point* results[lane_count];
    for (std::size_t i = 0; i < lane_count; ++i) {
      const bool idle = first + i >= out.size(); // repeats the first job
      const std::size_t job = idle ? first : first + i;
      starts[i] = jobs.starts[job];
      terms[i] = jobs.terms + job * jobs.count;
      results[i] = idle ? &unused[i] : &out[job];
    }
    sum_eight(starts, terms, jobs.count, results);
  }
}

BLOCKFERRY_IFMA_FUNCTION void multiply_eight(const field* a, const field* b, field* out) {
  const std::uint64_t* from_a[lane_count];
  const std::uint64_t* from_b[lane_count];
  field* to[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i) {
    from_a[i] = a[i].limbs.data();
    from_b[i] = b[i].limbs.data();
    to[i] = &out[i];
  }
  store(multiply(load(from_a), load(from_b)), to);
}

void multiply(std::span<const field> a, std::span<const field> b, std::span<field> out) {
  std::size_t i = 0;
  for (; i + lane_count <= out.size(); i += lane_count)
    multiply_eight(&a[i], &b[i], &out[i]);
  adx_kernels().multiply(a.subspan(i), b.subspan(i), out.subspan(i));
}

void x_coordinates(std::span<const point> points, std::span<field> out) {
  adx_kernels().x_coordinates(points, out);
}

void prepare(std::span<const point> points, std::span<prepared_point> out) {
  adx_kernels().prepare(points, out);
}

} // namespace

const kernels& ifma_kernels() {
  static constexpr kernels all = {multiply, sum, x_coordinates, prepare};
  return all;
}

} // namespace blockferry::chain

#endif
