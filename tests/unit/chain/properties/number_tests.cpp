// Properties of fields and points: the product against plain arithmetic, and the kernels of each
// code path against the portable ones.
#include "../number.hpp"
#include "chain/math/curve.hpp"
#include "drawn.hpp"
#include "plain_arithmetic.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

namespace blockferry::chain::tests {
namespace {

plain::affine affine_of(const point& of) {
  const field z = inverse(of.z);
  return {of.x * z, of.y * z};
}

/// Extended coordinates say what they should: T = X Y / Z.
bool is_well_formed(const point& of) {
  return !of.z.is_zero() && of.t * of.z == of.x * of.y;
}

/// A point of the curve, of any order.
point drawn_point(drawn& by) {
  for (;;)
    if (const field x = by.element(); const auto y = y_of(x))
      return affine_point(x, by.below(2) == 0 ? *y : -*y);
}

/// The same point with another Z.
point stretched(const point& of, const field& by) {
  return by.is_zero() ? of : point{of.x * by, of.y * by, of.z * by, of.t * by};
}

/// All kernels of a path with these numbers of jobs, as one list of numbers.
std::vector<hash> results_of(const kernels& path, std::size_t count, std::uint64_t seed) {
  drawn by{seed};
  std::vector<field> a, b, products(count), powers(count), across(count);
  std::vector<point> points, sums(count), multiples(count);
  for (std::size_t i = 0; i < count; ++i) {
    a.push_back(by.element());
    b.push_back(by.element());
    points.push_back(stretched(drawn_point(by), by.element()));
  }
  path.multiply(a, b, products);
  path.power(a, by.scalar(), powers);
  path.x_coordinates(points, across);
  std::vector<hash> out(count);
  path.x_wires(points, out);
  std::vector<prepared_point> prepared(count);
  path.prepare(points, prepared);
  const std::size_t terms_each = by.below(7);
  std::vector<term> terms;
  std::vector<const point*> starts;
  for (std::size_t i = 0; i < count; ++i) {
    starts.push_back(&points[by.below(count)]);
    for (std::size_t k = 0; k < terms_each; ++k)
      terms.push_back(term_of(prepared[by.below(count)], by.below(2) == 1));
  }
  path.sum({starts, terms.data(), terms_each}, sums);
  path.multiples(terms.data(), terms_each, 4, multiples);
  for (const auto& list : {products, powers, across})
    for (const field& one : list)
      out.push_back(one.wire());
  for (const auto& one : prepared)
    for (const field& part : {one.half_y_plus_x, one.half_y_minus_x, one.d_x_y})
      out.push_back(part.wire());
  for (const auto& list : {sums, multiples})
    for (const point& one : list)
      out.insert(out.end(), {affine_of(one).x.wire(), affine_of(one).y.wire()});
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(number_tests)

BOOST_AUTO_TEST_CASE(fields_are_numbers_modulo_q) {
  BOOST_TEST(rc::check("fields", [](std::uint64_t seed) {
    drawn by{seed};
    const plain::number wide{by.limb(), by.limb(), by.limb(), by.limb()};
    RC_ASSERT(field::from_number(wide).number() == plain::reduced(wide));
    const field a = by.element(), b = by.element();
    const auto x = a.number(), y = b.number();
    RC_ASSERT(field::from_wire(a.wire()) == a);
    RC_ASSERT((a + b).number() == plain::sum(x, y));
    RC_ASSERT((a - b).number() == plain::difference(x, y));
    RC_ASSERT((-a).number() == plain::difference({}, x));
    RC_ASSERT((a * b).number() == plain::product(x, y));
    RC_ASSERT(number_less(x, y) ==
              (plain::difference(x, y) != plain::number{} && x != y &&
               std::lexicographical_compare(x.rbegin(), x.rend(), y.rbegin(), y.rend())));
  }));
}

// Goal: inverses and roots by tables are those of Fermat and Euler.
BOOST_AUTO_TEST_CASE(powers_inverses_and_square_roots_are_those_of_plain_numbers) {
  auto fermat = plain::modulus, euler = plain::modulus;
  fermat[0] -= 2;
  for (std::size_t i = 0; i < euler.size(); ++i) // (Q - 1) / 2: Q is odd
    euler[i] = plain::modulus[i] >> 1 | (i + 1 < euler.size() ? plain::modulus[i + 1] << 63 : 0);
  BOOST_TEST(rc::check("powers", [&](std::uint64_t seed) {
    drawn by{seed};
    const field a = by.below(4) == 0 ? square(by.element()) : by.element();
    const auto exponent = by.scalar();
    RC_ASSERT(power(a, exponent).number() == plain::power(a.number(), exponent));
    RC_ASSERT(inverse(a).number() == plain::power(a.number(), fermat));
    const auto symbol = plain::power(a.number(), euler);
    const auto root = square_root(a);
    RC_ASSERT(root.has_value() == (symbol == plain::number{} || symbol == plain::number{1}));
    if (root) {
      RC_ASSERT(plain::product(root->number(), root->number()) == a.number());
      RC_ASSERT(!number_less((-*root).number(), root->number()));
    }
  }));
}

BOOST_AUTO_TEST_CASE(points_add_as_the_curve_says) {
  BOOST_TEST(rc::check("points", [](std::uint64_t seed) {
    drawn by{seed};
    const point a = stretched(drawn_point(by), by.element());
    const point b = by.below(4) == 0 ? (by.below(2) == 0 ? a : -a) : drawn_point(by);
    const auto plain_a = affine_of(a), plain_b = affine_of(b);
    for (const auto& [made, expected] :
         {std::pair{a + b, plain::sum(plain_a, plain_b)},
          std::pair{twice(a), plain::sum(plain_a, plain_a)},
          std::pair{-a, plain::affine{-plain_a.x, plain_a.y}}, std::pair{a + point{}, plain_a}}) {
      RC_ASSERT(is_well_formed(made));
      RC_ASSERT(affine_of(made) == expected);
    }
    const auto times = by.scalar();
    RC_ASSERT(affine_of(multiply(a, times)) == plain::multiple(plain_a, times));
    prepared_point table;
    kernels_of(cpu_path::portable).prepare({&b, 1}, {&table, 1});
    RC_ASSERT(affine_of(a + table) == plain::sum(plain_a, plain_b));
  }));
}

// Goal: all paths give the same bits, whatever is left over behind their last full vector.
BOOST_AUTO_TEST_CASE(the_kernels_of_every_path_are_the_portable_ones) {
  for (const cpu_path path : all_cpu_paths) {
    if (!machine_has(path)) {
      BOOST_TEST_MESSAGE("SKIPPED: no " << to_string(path) << " on this machine");
      continue;
    }
    BOOST_TEST(rc::check("kernels", [&](std::uint64_t seed) {
      const std::size_t count = 1 + drawn{seed}.below(20);
      RC_ASSERT(results_of(kernels_of(path), count, seed) ==
                results_of(kernels_of(cpu_path::portable), count, seed));
    }));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
