// Every transaction of the reference blocks: read to the end, ids and roots as the blocks have
// them.
#include "chain/hash/sha3.hpp"
#include "chain/transactions/ids.hpp"
#include "chain/transactions/value_bits.hpp"
#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

/// Checks the blocks of a file in common; gives how many transactions they hold.
std::size_t check_file(const std::vector<read_block>& blocks) {
  std::vector<const transactions_area*> areas;
  for (const auto& block : blocks)
    areas.push_back(&block.transactions);
  const auto ids = compute_ids(areas);
  std::size_t transactions = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto broken =
        check_ids(blocks[i].transactions, ids[i], blocks[i].front.transactions_root);
    BOOST_REQUIRE_MESSAGE(!broken, broken->detail << " of block " << blocks[i].front.header.height
                                                  << ": " << broken->expected << ", not "
                                                  << broken->found);
    transactions += blocks[i].transactions.confirmed.size();
  }
  return transactions;
}

std::vector<read_block> read_file(byte_view bytes) {
  std::vector<read_block> out;
  const auto framed = split_bundle(bytes);
  BOOST_REQUIRE(framed.has_value());
  for (const auto& one : *framed)
    out.push_back(read_whole(one.bytes));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(real_transactions_tests)

BOOST_AUTO_TEST_CASE(every_real_block_has_the_ids_and_the_root_it_carries) {
  for (const auto& chain : real_chains()) {
    std::size_t transactions = 0;
    for (const auto& bytes : bundles_of(chain))
      transactions += check_file(read_file(bytes));
    BOOST_TEST_MESSAGE(chain.name << ": " << transactions << " transactions");
    BOOST_TEST(transactions > 0U);
  }
  for (const auto& bytes : lone_blocks()) {
    std::vector<read_block> one;
    one.push_back(read_whole(bytes));
    BOOST_TEST(check_file(one) > 0U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
