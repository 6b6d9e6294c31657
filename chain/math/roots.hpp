#pragma once

#include "chain/math/curve.hpp"

#include <array>
#include <optional>
#include <span>

namespace blockferry::chain {

/// (t - 1) / 2, where Q - 1 = 2^47 t with t odd: the power from which a square root follows.
constexpr std::array<std::uint64_t, 4> root_exponent = {0x76fed00000010a11, 0x4d1e5c37b00159aa,
                                                        0x655e9a2ca55660b4, 0x00000000000012ab};
/// `square_root` of a, given a to the power of `root_exponent`.
[[nodiscard]] std::optional<field> square_root_from(const field& a, const field& powered);

/// `point_from_x` of many at once (specification 3.2).
///
/// Without an inversion, and without multiplying by the order: the curve's points are a cyclic
/// group of order 4 R, and one of its points is in the subgroup of order R if and only if its Tate
/// pairing with a point T of order 4 is 1 (Koshelev, "Subgroup membership testing on elliptic
/// curves via the Tate pairing", 2022).  With T = (i, 0), i i = -1, the pairing is, up to fourth
/// powers and a constant, (1 + y)(1 + i x)^2 / ((1 - y) x^2): one power a point, which also tells
/// which of the two y belongs to the subgroup.
void points_from_x(std::span<const field> x, std::span<std::optional<point>> out);

} // namespace blockferry::chain
