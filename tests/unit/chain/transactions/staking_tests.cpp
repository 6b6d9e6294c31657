// The staking facts of blocks against those that the reference checker finds in them.
#include "../stake/stake_vectors.hpp"
#include "chain/transactions/staking.hpp"
#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace blockferry::chain::tests {

BOOST_AUTO_TEST_SUITE(staking_tests)

BOOST_AUTO_TEST_CASE(the_calls_and_operations_are_those_of_the_reference_checker) {
  std::map<height_t, std::vector<stake::staking_transaction>> expected;
  for (const auto& block : test::read_stake_vectors(BLOCKFERRY_SOURCE_DIR
                                                    "/tests/unit/chain/stake/staking_vectors.txt"))
    expected[block.height] = block.stakes.transactions;
  std::size_t compared = 0;
  for (const auto& chain : real_chains()) {
    if (chain.name != "devnet-staking2")
      continue;
    for (const auto& bytes : bundles_of(chain)) {
      const auto framed = split_bundle(bytes);
      BOOST_REQUIRE(framed.has_value());
      for (const auto& one : *framed) {
        const auto block = read_whole(one.bytes);
        const auto found = staking_transactions(block.transactions);
        BOOST_REQUIRE_MESSAGE(found == expected[block.front.header.height],
                              "block " << block.front.header.height);
        compared += found.size();
      }
    }
  }
  BOOST_TEST_MESSAGE(compared << " transactions compared");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
