#include "chain/math/roots.hpp"

#include "chain/math/kernels.hpp"

#include <vector>

namespace blockferry::chain {
namespace {

/// (Q - 1) / 4
constexpr std::array<std::uint64_t, 4> quarter = {0x4284600000000000, 0x566a9dbfb4000000,
                                                  0x982d1347970dec00, 0x04aad957a68b2955};

/// The pairing's function at the affine point (x, y / z), up to fourth powers.
field pairing_base(const field& imaginary, const field& x, const field& y, const field& z) {
  const field minus = z - y;
  const field side = field::one() + imaginary * x;
  return (z + y) * minus * square(minus) * square(side * x);
}

struct pairing_constants {
  field imaginary; ///< i
  field value;     ///< of the pairing at points of the subgroup, its constant included
};

const pairing_constants& pairing() {
  static const pairing_constants made = [] {
    const field imaginary = *square_root(-field::one());
    for (std::uint64_t x = 2;; ++x) {
      const auto y = y_of(field::from(x));
      if (!y)
        continue;
      // Four times a point is in the subgroup.
      const point p = twice(twice(affine_point(field::from(x), *y)));
      if (is_identity(p))
        continue;
      const field scale = inverse(p.z);
      const field base = pairing_base(imaginary, p.x * scale, p.y * scale, field::one());
      return pairing_constants{imaginary, power(base, quarter)};
    }
  }();
  return made;
}

} // namespace

void points_from_x(std::span<const field> x, std::span<std::optional<point>> out) {
  const std::size_t count = x.size();
  const field d = field::from(3021);
  const pairing_constants& constants = pairing();
  // y^2 = (1 + x^2) / (1 - 3021 x^2); with y = Y / Z and Z the denominator, Y^2 is their product.
  std::vector<field> denominators(count), squares(count), powers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const field xx = square(x[i]);
    denominators[i] = field::one() - d * xx;
    squares[i] = (field::one() + xx) * denominators[i];
  }
  active_kernels().power(squares, root_exponent, powers);
  std::vector<std::optional<field>> roots(count);
  std::vector<field> bases(count), symbols(count);
  for (std::size_t i = 0; i < count; ++i) {
    roots[i] = square_root_from(squares[i], powers[i]);
    if (roots[i])
      bases[i] = pairing_base(constants.imaginary, x[i], *roots[i], denominators[i]);
  }
  active_kernels().power(bases, quarter, symbols);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].reset();
    if (x[i].is_zero()) {
      out[i] = point{};
      continue;
    }
    if (!roots[i] || denominators[i].is_zero())
      continue;
    const bool as_it_is = symbols[i] == constants.value;
    if (as_it_is || symbols[i] == -constants.value) {
      const field y = as_it_is ? *roots[i] : -*roots[i];
      out[i] = point{x[i] * denominators[i], y, denominators[i], x[i] * y};
    }
  }
}

std::optional<point> point_from_x(const field& x) {
  std::optional<point> out;
  points_from_x({&x, 1}, {&out, 1});
  return out;
}

} // namespace blockferry::chain
