#pragma once

#include "chain/math/scalar_kernels.hpp"

#include <array>

namespace blockferry::chain::loose {

/// Powers and multiples over one multiplication.
template <class Multiplier>
struct scalar_ladders {
  using kernels_of_path = scalar_kernels<Multiplier>;

  /// One more than the largest digit of an exponent.
  static constexpr std::size_t digit_values = 16;

  static void power(std::span<const field> bases, const std::array<std::uint64_t, 4>& exponent,
                    std::span<field> out) {
    for (std::size_t k = 0; k < out.size(); ++k) {
      std::array<field, digit_values> table;
      table[0] = field::one();
      for (std::size_t i = 1; i < table.size(); ++i)
        table[i] = Multiplier::multiply(table[i - 1], bases[k]);
      field made = field::one();
      bool begun = false;
      for (std::size_t digit = 64; digit-- > 0;) {
        for (int i = 0; i < 4 && begun; ++i)
          made = Multiplier::multiply(made, made);
        const auto value = exponent[digit / 16] >> (4 * (digit % 16)) & 15;
        if (value != 0)
          made = Multiplier::multiply(made, table[value]);
        begun = begun || value != 0;
      }
      out[k] = canonical(made);
    }
  }

  /// Coordinates below 2 Q in and out; "dbl-2008-hwcd" of Hisil, Wong, Carter, Dawson 2008.
  static void double_point(point& a) noexcept {
    const field xx = Multiplier::multiply(a.x, a.x);
    const field yy = Multiplier::multiply(a.y, a.y);
    const field zz = Multiplier::multiply(a.z, a.z);
    const field xy = Multiplier::multiply(a.x, a.y);
    const field sum = Multiplier::add(yy, xx);
    const field difference = halfway(Multiplier::subtract(yy, xx));
    const field e = Multiplier::add(xy, xy);
    const field f = Multiplier::subtract(Multiplier::add(zz, zz), difference);
    a = {Multiplier::multiply(e, f), Multiplier::multiply(difference, sum),
         Multiplier::multiply(difference, f), Multiplier::multiply(e, sum)};
  }

  static void multiples(const term* terms, std::size_t count, unsigned doublings,
                        std::span<point> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      point to;
      for (std::size_t k = 0; k < count; ++k) {
        for (unsigned d = 0; k > 0 && d < doublings; ++d)
          double_point(to);
        const term one = terms[i * count + k];
        kernels_of_path::add_entry(to, *reinterpret_cast<const prepared_point*>(one & ~term{1}),
                                   (one & 1) != 0);
      }
      out[i] = {canonical(to.x), canonical(to.y), canonical(to.z), canonical(to.t)};
    }
  }
};

} // namespace blockferry::chain::loose
