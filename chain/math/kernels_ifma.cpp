#include "chain/math/ifma_kernels.hpp"
#include "chain/math/ifma_points.hpp"
#include "chain/math/loose_field.hpp"
#include "chain/math/path_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#if defined(__x86_64__)

namespace blockferry::chain {
namespace {

using namespace ifma;

/// So few points that eight lanes take longer than one after the other, and so few terms of so few
/// sums.
constexpr std::size_t few = 2;
constexpr std::size_t few_terms = 16;

BLOCKFERRY_IFMA_FUNCTION void sum_eight(const point* const* starts, const term* const* terms,
                                        std::size_t count, point* const* out) {
  static_assert(sizeof(point) == 16 * sizeof(std::uint64_t));
  point_lanes to = {load_coordinate(starts, 0), load_coordinate(starts, 4),
                    load_coordinate(starts, 8), load_coordinate(starts, 12)};
  for (std::size_t k = 0; k < count; ++k) {
    const term_lanes now = terms_at(terms, k, count);
    add_entries(to, now.entries, now.negative);
  }
  store_points(to, out);
}

/// Up to eight jobs from `first` on, one a lane.
void sum_group(const sum_jobs& jobs, std::size_t first, std::span<point> out) {
  point unused;
  const point* starts[lane_count];
  const term* terms[lane_count];
  point* results[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i) {
    const bool idle = first + i >= out.size(); // repeats the first job
    const std::size_t job = idle ? first : first + i;
    starts[i] = jobs.starts[job];
    terms[i] = jobs.terms + job * jobs.count;
    results[i] = idle ? &unused : &out[job];
  }
  sum_eight(starts, terms, jobs.count, results);
}

/// Up to four jobs from `first` on, the terms of each shared by two, four or eight lanes, whose
/// points are then added.
BLOCKFERRY_IFMA_FUNCTION void sum_shared(const sum_jobs& jobs, std::size_t first,
                                         std::span<point> out) {
  static const point zero;
  static const prepared_point nothing;
  static const field twice_d = field::from(2 * 3021);
  const std::size_t stride =
      std::bit_ceil(out.size() - first); // lanes i, i + stride, .. share job i
  const std::size_t each = jobs.count / (lane_count / stride);
  const std::size_t left = jobs.count % (lane_count / stride);
  const term none = term_of(nothing, false);
  point unused;
  const point* starts[lane_count];
  const term* terms[lane_count];
  const term* last[lane_count]; // what the division leaves
  point* results[lane_count];
  const std::uint64_t* factor[lane_count];
  for (std::size_t i = 0; i < lane_count; ++i) {
    const std::size_t job = first + i % stride, share = i / stride;
    const bool idle = job >= out.size(); // repeats the first job
    const term* const all = jobs.terms + (idle ? first : job) * jobs.count;
    starts[i] = share == 0 && !idle ? jobs.starts[job] : &zero;
    terms[i] = all + share * each;
    last[i] = share < left ? all + (lane_count / stride) * each + share : &none;
    results[i] = share == 0 && !idle ? &out[job] : &unused;
    factor[i] = twice_d.limbs.data();
  }
  point_lanes to = {load_coordinate(starts, 0), load_coordinate(starts, 4),
                    load_coordinate(starts, 8), load_coordinate(starts, 12)};
  for (std::size_t k = 0; k < each; ++k) {
    const term_lanes now = terms_at(terms, k, each);
    add_entries(to, now.entries, now.negative);
  }
  if (left > 0) {
    const term_lanes now = terms_at(last, 0, 1);
    add_entries(to, now.entries, now.negative);
  }
  const lanes by = load(factor);
  for (std::size_t shift = lane_count / 2; shift >= stride; shift /= 2)
    to = add_points(
        to,
        {rotated(to.x, shift), rotated(to.y, shift), rotated(to.z, shift), rotated(to.t, shift)},
        by);
  store_points(to, results);
}

void sum(const sum_jobs& jobs, std::span<point> out) {
  const std::size_t rest = out.size() % lane_count, whole = out.size() - rest;
  for (std::size_t first = 0; first < whole; first += lane_count)
    sum_group(jobs, first, out);
  if (rest == 0)
    return;
  if (rest <= few && jobs.count < few_terms)
    adx_kernels().sum({jobs.starts.subspan(whole), jobs.terms + whole * jobs.count, jobs.count},
                      out.subspan(whole));
  else if (rest <= lane_count / 2)
    sum_shared(jobs, whole, out);
  else
    sum_group(jobs, whole, out);
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
  if (points.size() <= few)
    adx_kernels().x_coordinates(points, out);
  else
    divide_all(points, 0, stored_factor, out.data());
}

void x_wires(std::span<const point> points, std::span<hash> out) {
  if (points.size() <= few)
    adx_kernels().x_wires(points, out);
  else
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
    out.power = power;
    out.multiples = multiples;
    out.permute = permute;
    return out;
  }();
  return all;
}

} // namespace blockferry::chain

#endif
