#include "chain/hash/hash_to_group.hpp"

#include "chain/hash/poseidon.hpp"

#include <array>

namespace blockferry::chain {
namespace {

/// The curve in Montgomery form, MB w^2 = u^3 + MA u^2 + u, and its Weierstrass-like form
/// f(x) = x^3 + a x^2 + b x with x = u / MB.
struct montgomery_form {
  field mb, a, b, d;
};

const montgomery_form& curve_form() {
  static const montgomery_form made = [] {
    const field d = field::from(3021);
    const field scale = inverse(-field::from(3022)); // 1 / (-1 - d)
    const field ma = field::from(2 * 3020) * scale;
    const field mb = field::from(4) * scale;
    return montgomery_form{mb, ma * inverse(mb), inverse(square(mb)), d};
  }();
  return made;
}

/// The square root that is even as a number; zero where there is none.
field even_root(const field& a) {
  const auto root = square_root(a);
  if (!root)
    return {};
  return root->number()[0] % 2 == 0 ? *root : -*root;
}

/// Elligator 2 ("Elligator: elliptic-curve points indistinguishable from uniform random strings",
/// Bernstein, Hamburg, Krasnova, Lange 2013), cofactor cleared.
point elligator2(const field& e) {
  const montgomery_form& c = curve_form();
  const auto f = [&](const field& x) { return ((x + c.a) * x + c.b) * x; };
  const field v = -c.a * inverse(field::one() + c.d * square(e));
  const field fv = f(v);
  const bool on_curve = !fv.is_zero() && square_root(fv);
  const field x = on_curve ? v : -v - c.a;
  const field y = on_curve ? -even_root(fv) : even_root(f(x));
  const field u = x * c.mb;
  const field w = y * c.mb;
  const field one = field::one();
  return twice(twice(affine_point(u * inverse(w), (u - one) * inverse(u + one))));
}

} // namespace

point hash_to_group(std::span<const field> input) {
  std::array<field, 2> e;
  poseidon4().hash_many(input, e);
  return elligator2(e[0]) + elligator2(e[1]);
}

} // namespace blockferry::chain
