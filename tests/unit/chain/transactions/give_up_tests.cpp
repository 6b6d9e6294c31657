// Where a stop is asked for, whatever is hashed of a block's transactions gives up; and what it
// says then says nothing of the block.
#include "chain/hash/forest.hpp"
#include "chain/transactions/content_checks.hpp"
#include "chain/transactions/deployment_rules.hpp"
#include "chain/transactions/finalize_root.hpp"
#include "chain/transactions/value_ids.hpp"
#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

std::stop_token asked() {
  std::stop_source source;
  source.request_stop();
  return source.get_token();
}

/// A block with a deployment, altered by the test; none without the reference data.
std::optional<byte_buffer> block_with_deployment() {
  constexpr std::size_t file = 0, index = 29;
  for (const auto& chain : real_chains())
    if (chain.name == "devnet4") {
      const auto bytes = bundles_of(chain).at(file);
      const auto block = split_bundle(bytes)->at(index).bytes;
      return byte_buffer{block.begin(), block.end()};
    }
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(give_up_tests)

BOOST_AUTO_TEST_CASE(hashes_give_up_between_their_rounds) {
  bit_string input;
  for (int i = 0; i < 100; ++i)
    input.append_u64(7);
  const bit_view view = input.view();
  field complete, stopped;
  bhp1024().hash_many({&view, 1}, {&complete, 1});
  bhp1024().hash_many({&view, 1}, {&stopped, 1}, asked());
  BOOST_TEST((complete != field{}));
  BOOST_TEST((stopped == field{}));
}

BOOST_AUTO_TEST_CASE(trees_give_up_between_their_levels) {
  for (const bool stops : {true, false}) {
    forest trees{5};
    trees.add_tree();
    trees.add_leaf(empty_leaf());
    BOOST_TEST(std::move(trees).roots(stops ? asked() : std::stop_token{}).empty() == stops);
  }
}

BOOST_AUTO_TEST_CASE(ids_and_content_give_up_and_judge_nothing) {
  const auto block = block_with_deployment();
  if (!block)
    return;
  const auto read = read_whole(*block);
  const transactions_area* const area = &read.transactions;
  BOOST_TEST(compute_ids({&area, 1}, asked()).empty());
  const finalize_block finalized{area, &read.head};
  BOOST_TEST(finalize_roots({&finalized, 1}, asked()).empty());
  const auto ids = compute_ids({&area, 1});
  const content_block whole{&read.front, &read.head, area, &ids.front(), read.aborted};
  BOOST_TEST(check_content(testnet(), {&whole, 1}, asked()).empty());
}

// Goal: each check of content looks at the stop before the next thing that it judges.
BOOST_AUTO_TEST_CASE(what_is_wrong_is_not_found_after_a_stop) {
  auto block = block_with_deployment();
  if (!block)
    return;
  const auto read = read_whole(*block);
  const auto offset = [&](byte_view part) {
    return static_cast<std::size_t>(part.data() - block->data());
  };
  std::size_t owner = 0, value = 0;
  for (const auto& one : read.transactions.confirmed)
    if (one.is_deploy())
      owner = offset(one.owner.signature);
  for (const auto& one : read.transactions.values)
    if (!one.value.empty())
      value = offset(one.value) + one.value.size() - 1;
  BOOST_REQUIRE(owner != 0 && value != 0);
  (*block)[owner] ^= 1;
  (*block)[value] ^= 1;
  const auto altered = read_whole(*block);
  const transactions_area* const area = &altered.transactions;
  const auto ids = compute_ids({&area, 1}).front();
  BOOST_TEST(check_owners(*area, ids).has_value());
  BOOST_TEST(!check_owners(*area, ids, asked()).has_value());
  BOOST_TEST(check_deployments(mainnet(), 1, *area).has_value()); // of a later version
  BOOST_TEST(!check_deployments(mainnet(), 1, *area, asked()).has_value());
  BOOST_TEST(check_value_ids(1, {&area, 1}).front().has_value());
  BOOST_TEST(!check_value_ids(1, {&area, 1}, asked()).front().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
