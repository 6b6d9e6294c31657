// One flipped bit of a block that was verified at level `content`: refused, or its position is on
// the short list of those that nothing binds, which README.md gives with its reasons.
//
//   flip_tests [-- BITS]      bits tried of each block, default 400; 0: every bit
// Every bit of one block of each sort is the matter of every_bit_tests.
#include "data_folder.hpp"
#include "judge.hpp"
#include "unbound.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <map>

namespace blockferry::differential {
namespace {

std::size_t bits_to_try() {
  const auto& arguments = boost::unit_test::framework::master_test_suite();
  return arguments.argc > 1 ? std::strtoull(arguments.argv[1], nullptr, 10) : 400;
}

/// Flips bits evenly over the block, and counts those that nothing binds.
void flip(const judged_chain& chain, chain::height_t height,
          std::map<std::string, std::size_t>& free) {
  auto block = chain.block(height);
  const auto itself = chain.judge(block);
  BOOST_REQUIRE_MESSAGE(!itself.failure, "block " << height << " itself is refused");
  const auto original = block;
  const auto read = differential::read(original);
  BOOST_REQUIRE(read.has_value());
  const auto list = unbound_parts(original, *read, itself.record);
  const std::size_t all = 8 * block.size();
  const std::size_t some = bits_to_try() == 0 ? all : std::min(all, bits_to_try());
  for (std::size_t i = 0; i < some; ++i) {
    // A step that shares no factor with a power of two, so that all bits of a byte have their turn.
    const std::size_t bit = some == all ? i : (i * (all / some | 1)) % all;
    block[bit / 8] = static_cast<std::uint8_t>(block[bit / 8] ^ (1U << (bit % 8)));
    if (!chain.judge(block).failure) {
      const unbound* const known = find(list, bit / 8);
      BOOST_CHECK_MESSAGE(known != nullptr, "bit " << bit % 8 << " of byte " << bit / 8
                                                   << " of block " << height
                                                   << " is bound by nothing");
      if (known != nullptr)
        ++free[known->why];
    }
    block[bit / 8] = original[bit / 8];
  }
}

void flip_blocks(const std::string& name, std::initializer_list<chain::height_t> heights) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  judged_chain chain{data_folder, name};
  std::map<std::string, std::size_t> free;
  for (const auto height : heights) {
    chain.advance_to(height);
    flip(chain, height, free);
  }
  for (const auto& [why, times] : free)
    std::cout << name << ": " << times << " free, " << why << '\n';
}

} // namespace

BOOST_AUTO_TEST_SUITE(flip_tests)

BOOST_AUTO_TEST_CASE(every_bit_of_a_beacon_block_is_bound) {
  flip_blocks("mainnet", {0, 1, 57});
}

BOOST_AUTO_TEST_CASE(every_bit_of_a_quorum_block_is_bound) {
  flip_blocks("devnet4", {0, 13, 20, 33, 46});
  flip_blocks("devnet-staking2", {76, 85});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::differential
