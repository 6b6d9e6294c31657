#pragma once

#include "chain/math/field.hpp"

#include <optional>
#include <span>
#include <vector>

namespace blockferry::chain {

/// A point of the twisted Edwards curve -x^2 + y^2 = 1 + 3021 x^2 y^2 (specification 3.1) in
/// extended coordinates: x = X / Z, y = Y / Z, T = X Y / Z.
struct point {
  field x;
  field y = field::one();
  field z = field::one();
  field t;
};

/// An affine point, prepared as the second summand of an addition: what tables consist of.
struct alignas(32) prepared_point {
  field half_y_plus_x = field::half(); ///< (y + x) / 2
  field half_y_minus_x = field::half();
  field d_x_y; ///< 3021 x y
};

[[nodiscard]] point affine_point(const field& x, const field& y) noexcept;
[[nodiscard]] point operator+(const point& a, const point& b) noexcept;
[[nodiscard]] point operator+(const point& a, const prepared_point& b) noexcept;
[[nodiscard]] point operator-(const point& a) noexcept;
[[nodiscard]] point twice(const point& a) noexcept;
[[nodiscard]] bool is_identity(const point& a) noexcept;
/// a added k times, k a number of up to 256 bits.
[[nodiscard]] point multiply(const point& a, const std::array<std::uint64_t, 4>& k) noexcept;

/// Each value's inverse in place, zeros stay zero; one inversion in all (Montgomery's trick).
void invert_all(std::span<field> values);
/// X / Z of each, one inversion in all.
[[nodiscard]] std::vector<field> x_coordinates(std::span<const point> points);

/// The y with the smaller number, of the two that belong to x; none if x is on no point.
[[nodiscard]] std::optional<field> y_of(const field& x);
/// Whether `a` is in the subgroup of prime order R, by multiplying with R: slow, and plainly right.
[[nodiscard]] bool in_subgroup(const point& a);
/// The point of the subgroup with this x (specification 3.2); none if there is none.
[[nodiscard]] std::optional<point> point_from_x(const field& x);

} // namespace blockferry::chain
