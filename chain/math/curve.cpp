#include "chain/math/curve.hpp"

namespace blockferry::chain {
namespace {

const field& curve_d() {
  static const field d = field::from(3021);
  return d;
}
const field& twice_d() {
  static const field d = field::from(2 * 3021);
  return d;
}

/// R, the order of the subgroup.
constexpr std::array<std::uint64_t, 4> order = {0xb95aee9ac33fd9ff, 0x5293a3afc43c8afe,
                                                0x982d1347970dec00, 0x04aad957a68b2955};

/// The common end of an addition: "twisted Edwards curves revisited", Hisil, Wong, Carter, Dawson
/// 2008.
point combine(const field& a, const field& b, const field& c, const field& d) noexcept {
  const field e = b - a;
  const field f = d - c;
  const field g = d + c;
  const field h = b + a;
  return {e * f, g * h, f * g, e * h};
}

} // namespace

point affine_point(const field& x, const field& y) noexcept {
  return {x, y, field::one(), x * y};
}

point operator+(const point& a, const point& b) noexcept {
  const field z = a.z * b.z;
  return combine((a.y - a.x) * (b.y - b.x), (a.y + a.x) * (b.y + b.x), a.t * b.t * twice_d(),
                 z + z);
}

point operator+(const point& a, const prepared_point& b) noexcept {
  return combine((a.y - a.x) * b.half_y_minus_x, (a.y + a.x) * b.half_y_plus_x, a.t * b.d_x_y, a.z);
}

point operator-(const point& a) noexcept {
  return {-a.x, a.y, a.z, -a.t};
}

point twice(const point& a) noexcept {
  const field xx = square(a.x);
  const field yy = square(a.y);
  const field zz = square(a.z);
  const field sum = yy + xx;
  const field difference = yy - xx;
  const field e = square(a.x + a.y) - sum;
  const field f = zz + zz - difference;
  return {e * f, difference * sum, difference * f, e * sum};
}

bool is_identity(const point& a) noexcept {
  return a.x.is_zero() && a.y == a.z;
}

point multiply(const point& a, const std::array<std::uint64_t, 4>& k) noexcept {
  std::array<point, 16> table;
  for (std::size_t i = 1; i < table.size(); ++i)
    table[i] = table[i - 1] + a;
  point out;
  for (std::size_t digit = 64; digit-- > 0;) {
    for (int i = 0; i < 4; ++i)
      out = twice(out);
    out = out + table[k[digit / 16] >> (4 * (digit % 16)) & 15];
  }
  return out;
}

void invert_all(std::span<field> values) {
  std::vector<field> before(values.size());
  field product = field::one();
  for (std::size_t i = 0; i < values.size(); ++i) {
    before[i] = product;
    if (!values[i].is_zero())
      product = product * values[i];
  }
  field running = inverse(product);
  for (std::size_t i = values.size(); i-- > 0;) {
    if (values[i].is_zero())
      continue;
    const field inverted = running * before[i];
    running = running * values[i];
    values[i] = inverted;
  }
}

std::optional<field> y_of(const field& x) {
  const field xx = square(x);
  const field denominator = field::one() - curve_d() * xx;
  if (denominator.is_zero())
    return std::nullopt;
  return square_root((field::one() + xx) * inverse(denominator));
}

bool in_subgroup(const point& a) {
  return is_identity(multiply(a, order));
}

} // namespace blockferry::chain
