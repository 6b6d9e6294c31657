// Points from x, powers, ladders and permutations: each path against slow, plain arithmetic.
#include "chain/hash/poseidon.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain/math/kernels.hpp"
#include "chain/math/roots.hpp"
#include "chain/signers/window.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <random>

namespace blockferry::chain::tests {
namespace {

std::uint64_t seed() {
  const char* given = std::getenv("BLOCKFERRY_SEED");
  const std::uint64_t out = given != nullptr ? std::strtoull(given, nullptr, 10) : 20251125;
  BOOST_TEST_MESSAGE("BLOCKFERRY_SEED=" << out);
  return out;
}

field random_field(std::mt19937_64& random) {
  return field::from_number({random(), random(), random(), random()});
}
/// Below R.
std::array<std::uint64_t, 4> random_scalar(std::mt19937_64& random) {
  return {random(), random(), random(), random() >> 6};
}

/// Any point of the curve with this x, affine; none if there is none.
std::optional<point> on_curve(const field& x) {
  const auto y = y_of(x);
  return y ? std::optional{affine_point(x, *y)} : std::nullopt;
}

bool same(const point& a, const point& b) {
  return a.x * b.z == b.x * a.z && a.y * b.z == b.y * a.z;
}

/// The point of the subgroup with this x, by multiplying with the order.
std::optional<point> slow_point(const field& x) {
  const auto y = y_of(x);
  if (!y)
    return std::nullopt;
  for (const field& one : {*y, -*y})
    if (const point candidate = affine_point(x, one); in_subgroup(candidate))
      return candidate;
  return std::nullopt;
}

void expect_same_as_slow(const std::vector<field>& x) {
  std::vector<std::optional<point>> found(x.size());
  points_from_x(x, found);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto slow = slow_point(x[i]);
    BOOST_REQUIRE_EQUAL(found[i].has_value(), slow.has_value());
    if (slow)
      BOOST_REQUIRE(same(*found[i], *slow) &&
                    found[i]->t * found[i]->z == found[i]->x * found[i]->y);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(roots_tests)

// Goal: the pairing tells all four cosets of the subgroup apart.
// Method: random x; x of a point of the subgroup plus each point of order 1, 2, 4; and those of
// small order themselves.
BOOST_AUTO_TEST_CASE(points_from_x_are_those_that_the_order_annihilates) {
  std::mt19937_64 random{seed()};
  const field imaginary = *square_root(-field::one());
  const point small[] = {point{}, affine_point(field::zero(), -field::one()),
                         affine_point(imaginary, field::zero()),
                         affine_point(-imaginary, field::zero())};
  std::vector<field> x = {field::zero(), imaginary, -imaginary, field::one()};
  for (int i = 0; i < 60; ++i) {
    x.push_back(random_field(random));
    if (const auto any = on_curve(x.back()))
      for (const point& order : small) {
        const point moved = twice(twice(*any)) + order;
        x.push_back(moved.x * inverse(moved.z));
      }
  }
  expect_same_as_slow(x);
  // 1 - 3021 x^2 is never zero: 3021 is no square.
  BOOST_TEST(!square_root(field::from(3021)).has_value());
}

BOOST_AUTO_TEST_CASE(powers_and_ladders_are_those_of_plain_arithmetic) {
  std::mt19937_64 random{seed()};
  for (const std::size_t count : {1U, 2U, 3U, 8U, 13U}) {
    std::vector<field> bases, powers(count);
    for (std::size_t i = 0; i < count; ++i)
      bases.push_back(i == 1 ? field::zero() : random_field(random));
    const auto exponent = random_scalar(random);
    active_kernels().power(bases, exponent, powers);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST((powers[i] == power(bases[i], exponent)));

    std::vector<point> points, products(count);
    std::vector<std::array<std::uint64_t, 4>> numbers;
    for (std::size_t i = 0; i < count; ++i) {
      points.push_back(multiply(signature_generator(), random_scalar(random)));
      numbers.push_back(i == 1 ? std::array<std::uint64_t, 4>{} : random_scalar(random));
    }
    const auto entries = ladder_entries_of(points);
    std::vector<term> terms;
    for (std::size_t i = 0; i < count; ++i)
      append_ladder(entries[i], numbers[i], terms);
    active_kernels().multiples(terms.data(), digits_of(ladder_bits), ladder_bits, products);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST(same(products[i], multiply(points[i], numbers[i])));
  }
}

BOOST_AUTO_TEST_CASE(a_fixed_base_table_gives_the_multiples_at_every_width) {
  std::mt19937_64 random{seed()};
  for (const std::size_t bits : {4U, 5U, 8U}) {
    const fixed_base table{signature_generator(), bits};
    for (const auto& number : {random_scalar(random), std::array<std::uint64_t, 4>{},
                               std::array<std::uint64_t, 4>{~0ULL, ~0ULL, ~0ULL, ~0ULL >> 6},
                               std::array<std::uint64_t, 4>{1, 0, 0, 1ULL << 57}}) {
      std::vector<term> terms;
      table.append_terms(number, terms);
      BOOST_TEST_REQUIRE(terms.size() == table.digits());
      const point identity;
      const point* start = &identity;
      point sum;
      active_kernels().sum({{&start, 1}, terms.data(), terms.size()}, {&sum, 1});
      BOOST_TEST(same(sum, multiply(signature_generator(), number)));
    }
  }
}

// Goal: the sparse rounds are the rounds of the definition.
BOOST_AUTO_TEST_CASE(a_permutation_is_that_of_the_definition) {
  std::mt19937_64 random{seed()};
  for (const poseidon* hasher : {&poseidon2(), &poseidon4(), &poseidon8()}) {
    const std::size_t t = hasher->width();
    for (const std::size_t count : {1U, 2U, 3U, 9U}) {
      std::vector<field> states;
      for (std::size_t i = 0; i < count * t; ++i)
        states.push_back(i == 0 ? -field::one() : random_field(random));
      auto slow = states;
      for (std::size_t at = 0; at < slow.size(); at += t)
        for (std::size_t round = 0; round < 39; ++round) {
          std::vector<field> next(t);
          for (std::size_t i = 0; i < t; ++i) {
            field one = slow[at + i] + hasher->round_constants()[round * t + i];
            if (i == 0 || round < 4 || round >= 35)
              one = power(one, {17, 0, 0, 0});
            for (std::size_t row = 0; row < t; ++row)
              next[row] = next[row] + hasher->matrix()[row * t + i] * one;
          }
          std::copy(next.begin(), next.end(), slow.begin() + static_cast<std::ptrdiff_t>(at));
        }
      hasher->permute(states);
      BOOST_TEST((states == slow));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
