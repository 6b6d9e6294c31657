#pragma once

#include "chain/math/kernels.hpp"
#include "chain/math/loose_field.hpp"

#include <vector>

namespace blockferry::chain::loose {

/// The kernels over one multiplication; the code paths instantiate it.
template <class Multiplier>
struct scalar_kernels {
  [[nodiscard, gnu::always_inline]] static inline field mul(const field& a,
                                                            const field& b) noexcept {
    return Multiplier::multiply(a, b);
  }

  [[nodiscard]] static field add(const field& a, const field& b) noexcept {
    return Multiplier::add(a, b);
  }
  [[nodiscard]] static field subtract(const field& a, const field& b) noexcept {
    return Multiplier::subtract(a, b);
  }

  static void multiply(std::span<const field> a, std::span<const field> b, std::span<field> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = canonical(mul(a[i], b[i]));
  }

  /// to + entry or to - entry: the addition of Hisil, Wong, Carter, Dawson, "Twisted Edwards curves
  /// revisited", 2008, with an affine, prepared second summand; seven multiplications.  Coordinates
  /// stay below 2 Q.
  static void add_entry(point& to, const prepared_point& entry, bool negative) noexcept {
    const field& plus = negative ? entry.half_y_minus_x : entry.half_y_plus_x;
    const field& minus = negative ? entry.half_y_plus_x : entry.half_y_minus_x;
    const field a = mul(subtract(to.y, to.x), minus);
    const field b = mul(add(to.y, to.x), plus);
    const field c = mul(to.t, entry.d_x_y);
    field around[2] = {subtract(to.z, c), add(to.z, c)};
    const field& f = around[negative ? 1 : 0];
    const field& g = around[negative ? 0 : 1];
    const field e = subtract(b, a);
    const field h = add(b, a);
    to = {mul(e, f), mul(g, h), mul(f, g), mul(e, h)};
  }

  static void sum(const sum_jobs& jobs, std::span<point> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      point to = *jobs.starts[i];
      const term* terms = jobs.terms + i * jobs.count;
      for (std::size_t k = 0; k < jobs.count; ++k) {
        const auto* entry = reinterpret_cast<const prepared_point*>(terms[k] & ~term{1});
        if (k + 2 < jobs.count) {
          const auto* ahead = reinterpret_cast<const char*>(terms[k + 2] & ~term{1});
          __builtin_prefetch(ahead);
          __builtin_prefetch(ahead + 64);
        }
        add_entry(to, *entry, (terms[k] & 1) != 0);
      }
      out[i] = {canonical(to.x), canonical(to.y), canonical(to.z), canonical(to.t)};
    }
  }

  /// 1 / Z of each point, not canonical; Z is never 0 on this curve.
  [[nodiscard]] static std::vector<field> inverses_of_z(std::span<const point> points) {
    std::vector<field> out(points.size());
    field product = field::one();
    for (std::size_t i = 0; i < points.size(); ++i) {
      out[i] = product;
      product = mul(product, points[i].z);
    }
    field running = inverse(canonical(product));
    for (std::size_t i = points.size(); i-- > 0;) {
      out[i] = mul(running, out[i]);
      running = mul(running, points[i].z);
    }
    return out;
  }

  static void x_coordinates(std::span<const point> points, std::span<field> out) {
    const auto inverses = inverses_of_z(points);
    for (std::size_t i = 0; i < points.size(); ++i)
      out[i] = canonical(mul(points[i].x, inverses[i]));
  }

  static void x_wires(std::span<const point> points, std::span<hash> out) {
    const auto inverses = inverses_of_z(points);
    const field unit{{1, 0, 0, 0}}; // takes the Montgomery factor out
    for (std::size_t i = 0; i < points.size(); ++i)
      out[i] = wire_of_number(canonical(mul(mul(points[i].x, inverses[i]), unit)).limbs);
  }

  static void prepare(std::span<const point> points, std::span<prepared_point> out) {
    const auto inverses = inverses_of_z(points);
    const field half = inverse(field::from(2));
    const field d = field::from(3021);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const field half_inverse = mul(inverses[i], half);
      const field x = mul(points[i].x, half_inverse);
      const field y = mul(points[i].y, half_inverse);
      // x y Z = T, so d x y = d T / Z.
      out[i] = {canonical(add(y, x)), canonical(subtract(y, x)),
                canonical(mul(mul(points[i].t, inverses[i]), d))};
    }
  }
};

} // namespace blockferry::chain::loose
