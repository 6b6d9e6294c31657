#pragma once

#include "chain/math/cpu_path.hpp"
#include "chain/math/curve.hpp"
#include "chain/math/permutation.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace blockferry::chain {

/// One summand of a sum of table entries: the entry's address, and whether it is subtracted in the
/// lowest bit, which the alignment of entries leaves free.
using term = std::uintptr_t;

[[nodiscard]] inline term term_of(const prepared_point& entry, bool negative) noexcept {
  return reinterpret_cast<std::uintptr_t>(&entry) | static_cast<std::uintptr_t>(negative);
}

/// The sums that hashes and signatures consist of.  Job i is starts[i] plus the terms
/// terms[i * count] .. terms[i * count + count - 1].
struct sum_jobs {
  std::span<const point* const> starts;
  const term* terms = nullptr;
  std::size_t count = 0; ///< terms of each job
};

/// The hot loops, once for each code path.  Fields in and out are canonical (below Q).  Any thread
/// may call; nothing is shared.
struct kernels {
  /// out[i] = a[i] * b[i]
  void (*multiply)(std::span<const field> a, std::span<const field> b, std::span<field> out);
  /// out as long as jobs.starts
  void (*sum)(const sum_jobs& jobs, std::span<point> out);
  /// out[i] = X / Z, one inversion in all
  void (*x_coordinates)(std::span<const point> points, std::span<field> out);
  /// The same as bytes of the wire.
  void (*x_wires)(std::span<const point> points, std::span<hash> out);
  /// Table entries of points, one inversion in all.
  void (*prepare)(std::span<const point> points, std::span<prepared_point> out);
  /// out[i] = bases[i] to the power of a number
  void (*power)(std::span<const field> bases, const std::array<std::uint64_t, 4>& exponent,
                std::span<field> out);
  /// Point i: its terms terms[i * count] .. one after the other, most significant first, with
  /// `doublings` doublings between two.
  void (*multiples)(const term* terms, std::size_t count, unsigned doublings, std::span<point> out);
  /// Permutes each state of `of.width` elements in place.
  void (*permute)(const permutation_tables& of, std::span<field> states);
};

/// Those of one path; `machine_has(path)` must hold.
[[nodiscard]] const kernels& kernels_of(cpu_path path);
/// Those of the active path.
[[nodiscard]] const kernels& active_kernels();

} // namespace blockferry::chain
