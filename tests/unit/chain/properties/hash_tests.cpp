// Properties of hashes and trees: every code path against the plain version.
#include "../number.hpp"
#include "chain/hash/bhp.hpp"
#include "chain/hash/block_tree.hpp"
#include "chain/hash/forest.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "drawn.hpp"
#include "plain_arithmetic.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

namespace blockferry::chain::tests {
namespace {

plain::bits drawn_bits(drawn& by, std::size_t size) {
  plain::bits out;
  while (out.size() < size)
    plain::append(out, by.limb(), std::min<std::size_t>(64, size - out.size()));
  return out;
}

bit_string packed(const plain::bits& of) {
  bit_string out;
  for (const bool one : of)
    out.append(one ? 1 : 0, 1);
  return out;
}

/// A size of up to three rounds, often at the edge of one.
std::size_t drawn_size(drawn& by, std::size_t round_bits) {
  const std::size_t rounds = by.below(3);
  return by.below(3) == 0 ? rounds * round_bits + by.below(3) : by.below(2 * round_bits + 40);
}

void expect_plain_hashes(const bhp& made, const plain::bhp& plain, std::uint64_t seed) {
  drawn by{seed};
  std::vector<bit_string> inputs;
  std::vector<field> expected;
  for (std::size_t count = 1 + by.below(20); count > 0; --count) {
    const auto bits = drawn_bits(by, drawn_size(by, made.round_bits()));
    inputs.push_back(packed(bits));
    expected.push_back(plain(bits));
  }
  std::vector<bit_view> views;
  for (const auto& one : inputs)
    views.push_back(one.view());
  on_every_path([&] {
    std::vector<field> out(views.size());
    made.hash_many(views, out);
    RC_ASSERT(out == expected);
    RC_ASSERT(made.hash_bits(views.front()) == expected.front());
  });
}

std::vector<hash> drawn_hashes(drawn& by, std::size_t count) {
  std::vector<hash> out(count);
  for (auto& one : out)
    one = by.element().wire();
  return out;
}

/// Plain hashes take a millisecond each: a quarter of the cases that are drawn is tried.
template <class Property>
bool holds(const std::string& name, Property property) {
  return rc::check(name, [&](std::uint64_t seed) {
    if (seed % 4 == 0)
      property(seed);
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(hash_tests)

BOOST_AUTO_TEST_CASE(bhp_of_many_inputs_is_that_of_the_definition) {
  BOOST_TEST(holds("bhp1024", [](std::uint64_t seed) {
    expect_plain_hashes(bhp1024(), plain::bhp1024(), seed);
  }));
  BOOST_TEST(holds(
      "bhp512", [](std::uint64_t seed) { expect_plain_hashes(bhp512(), plain::bhp512(), seed); }));
}

BOOST_AUTO_TEST_CASE(trees_over_leaves_of_any_length_are_those_of_the_definition) {
  BOOST_TEST(holds("trees", [](std::uint64_t seed) {
    drawn by{seed};
    const unsigned depth = 3 + static_cast<unsigned>(by.below(4));
    std::vector<bit_string> leaves;
    std::vector<hash> hashed;
    for (std::size_t count = by.below(9); count > 0; --count) {
      const auto bits = drawn_bits(by, by.below(300));
      leaves.push_back(packed(bits));
      hashed.push_back(plain::leaf(bits));
    }
    std::vector<bit_view> views;
    for (const auto& one : leaves)
      views.push_back(one.view());
    const hash expected = plain::root(hashed, depth);
    on_every_path([&] {
      RC_ASSERT(merkle_root(views, depth) == expected);
      RC_ASSERT(merkle_root_of_hashed(hashed, depth) == expected);
    });
  }));
}

BOOST_AUTO_TEST_CASE(a_forest_has_the_roots_of_its_trees) {
  BOOST_TEST(holds("forests", [](std::uint64_t seed) {
    drawn by{seed};
    const unsigned depth = 3 + static_cast<unsigned>(by.below(2));
    std::vector<std::vector<hash>> trees(1 + by.below(5));
    std::vector<hash> expected;
    for (auto& leaves : trees) {
      leaves = drawn_hashes(by, by.below(9));
      expected.push_back(plain::root(leaves, depth));
    }
    on_every_path([&] {
      forest made{depth};
      for (const auto& leaves : trees) {
        made.add_tree();
        for (const hash& one : leaves)
          made.add_leaf(one);
      }
      RC_ASSERT(std::move(made).roots() == expected);
    });
  }));
}

// Goal: roots of a chain cut anywhere into runs are those of the whole tree before each block.
BOOST_AUTO_TEST_CASE(state_roots_of_runs_are_those_of_the_tree_over_all_blocks_before) {
  constexpr unsigned block_tree_depth = 32;
  BOOST_TEST(holds("state roots", [](std::uint64_t seed) {
    drawn by{seed};
    const auto hashes = drawn_hashes(by, 2 + by.below(3));
    const std::size_t cut = 1 + by.below(hashes.size() - 1);
    std::vector<hash> plain_leaves, expected;
    for (const hash& one : hashes) {
      expected.push_back(plain::root(plain_leaves, block_tree_depth));
      plain::bits bits;
      plain::append(bits, one);
      plain_leaves.push_back(plain::leaf(bits));
    }
    expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(cut));
    on_every_path([&] {
      std::vector<hash> leaves(hashes.size());
      tree_leaves(hashes, leaves);
      RC_ASSERT(leaves == plain_leaves);
      const std::span before{leaves.data(), cut}, after{leaves.data() + cut, leaves.size() - cut};
      std::vector<subtree> peaks;
      append_subtrees(peaks, fold_leaves(0, before));
      RC_ASSERT(state_roots(peaks, cut, after) == expected);
    });
  }));
}

// Goal: hashes of every length and number of outputs are the same on all paths; the permutation
// itself is compared with its definition in signers/roots_tests.cpp.
BOOST_AUTO_TEST_CASE(poseidon_gives_the_same_on_every_path) {
  BOOST_TEST(rc::check("poseidon", [](std::uint64_t seed) {
    drawn by{seed};
    std::vector<field> input(by.below(20));
    for (auto& one : input)
      one = by.element();
    for (const poseidon* of : {&poseidon2(), &poseidon4(), &poseidon8()}) {
      std::vector<field> expected(1 + by.below(2 * of->rate()));
      {
        const path_selection portable{cpu_path::portable};
        of->hash_many(input, expected);
      }
      on_every_path([&] {
        std::vector<field> out(expected.size());
        of->hash_many(input, out);
        RC_ASSERT(out == expected);
      });
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
