#include "chain/math/ifma_lanes.hpp"
#include "chain/math/loose_field.hpp"
#include "chain/math/path_kernels.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

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
    from[i] = reinterpret_cast<const std::uint64_t*>(points[i]) + offset_limbs;
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
  field made[4][lane_count];
  store(to.x, made[0]);
  store(to.y, made[1]);
  store(to.z, made[2]);
  store(to.t, made[3]);
  for (std::size_t i = 0; i < lane_count; ++i)
    *out[i] = {made[0][i], made[1][i], made[2][i], made[3][i]};
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
  for (std::size_t i = 0; i < lane_count; ++i) {
    from_a[i] = a[i].limbs.data();
    from_b[i] = b[i].limbs.data();
  }
  store(multiply(load(from_a), load(from_b)), out);
}

void multiply(std::span<const field> a, std::span<const field> b, std::span<field> out) {
  std::size_t i = 0;
  for (; i + lane_count <= out.size(); i += lane_count)
    multiply_eight(&a[i], &b[i], &out[i]);
  adx_kernels().multiply(a.subspan(i), b.subspan(i), out.subspan(i));
}

/// The coordinate in words offset .. offset + 3 of the points first .. first + 7; beyond the end,
/// that of `first`.
BLOCKFERRY_IFMA lanes load_from(std::span<const point> points, std::size_t first,
                                std::size_t offset) {
  const point* from[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i)
    from[i] = &points[first + i < points.size() ? first + i : first];
  return load_coordinate(from, offset);
}

constexpr std::size_t z_offset = 8;

/// X / Z of each point, times `scale`, as 32 bytes each: Montgomery's trick in eight chains side by
/// side.
BLOCKFERRY_IFMA_FUNCTION void divide_all(std::span<const point> points, std::uint64_t scale_limb_0,
                                         std::uint64_t scale_limb_4, void* out) {
  struct spilled { // of any alignment, as vectors of wide registers are not aligned everywhere
    std::uint64_t word[5 * lane_count];
  };
  std::vector<spilled> before((points.size() + lane_count - 1) / lane_count);
  lanes product = load_from(points, 0, z_offset); // raw
  for (std::size_t k = 1; k < before.size(); ++k) {
    product = carried(product);
    spill(product, before[k].word);
    product = multiply(product, load_from(points, lane_count * k, z_offset));
  }
  field ends[lane_count];
  store(product, ends);
  invert_all(ends);
  const std::uint64_t* from[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i)
    from[i] = ends[i].limbs.data();
  lanes running = load(from); // carried
  for (std::size_t k = before.size(); k-- > 0;) {
    const std::size_t first = lane_count * k;
    const lanes inverse = k == 0 ? running : carried(multiply(running, unspill(before[k].word)));
    running = carried(multiply(running, load_from(points, first, z_offset)));
    field made[lane_count];
    store_scaled(multiply(load_from(points, first, 0), inverse), scale_limb_0, scale_limb_4, made);
    const std::size_t count = std::min(lane_count, points.size() - first);
    std::memcpy(static_cast<char*>(out) + sizeof(field) * first, made, sizeof(field) * count);
  }
}

void x_coordinates(std::span<const point> points, std::span<field> out) {
  if (!points.empty())
    divide_all(points, 0, stored_factor, out.data());
}

void x_wires(std::span<const point> points, std::span<hash> out) {
  if (!points.empty())
    divide_all(points, 1, 0, out.data()); // takes the Montgomery factor out
}

} // namespace

const kernels& ifma_kernels() {
  static const kernels all = [] {
    kernels out = adx_kernels();
    out.multiply = multiply;
    out.sum = sum;
    out.x_coordinates = x_coordinates;
    out.x_wires = x_wires;
    return out;
  }();
  return all;
}

} // namespace blockferry::chain

#endif
