// The checks of level `content` on the reference blocks.
#include "chain/transactions/content_checks.hpp"
#include "chain/transactions/value_ids.hpp"
#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

/// The network that a chain of the reference data is of, for rules by consensus version.
network network_of(const std::string& name) {
  if (name == "mainnet")
    return mainnet();
  if (name == "canary")
    return canary();
  network out = testnet();
  for (std::size_t i = 1; i < out.consensus_heights.size(); ++i)
    out.consensus_heights[i] = static_cast<height_t>(4 + i);
  return out;
}

struct tally {
  std::size_t blocks = 0;
  std::size_t roots_unmade = 0;
  std::size_t deployments = 0;
};

void check_all(const network& net, const std::vector<read_block>& blocks, tally& count) {
  std::vector<const transactions_area*> areas;
  for (const auto& block : blocks)
    areas.push_back(&block.transactions);
  const auto ids = compute_ids(areas);
  std::vector<content_block> input;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    input.push_back({&blocks[i].front, &blocks[i].head, areas[i], &ids[i], blocks[i].aborted});
  const auto verdicts = check_content(net, input);
  BOOST_REQUIRE_EQUAL(verdicts.size(), blocks.size());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto& broken = verdicts[i].broken;
    BOOST_REQUIRE_MESSAGE(!broken, "block " << blocks[i].front.header.height << ", "
                                            << to_string(broken->which) << ": " << broken->detail
                                            << ": expected " << broken->expected << ", found "
                                            << broken->found);
    ++count.blocks;
    count.deployments += areas[i]->deployments.size();
    if (verdicts[i].record.unmade.has(check::finalize_root))
      ++count.roots_unmade;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(content_tests)

BOOST_AUTO_TEST_CASE(every_real_block_passes_all_checks_of_its_content) {
  for (const auto& chain : real_chains()) {
    tally count;
    for (const auto& bytes : bundles_of(chain)) {
      const auto framed = split_bundle(bytes);
      BOOST_REQUIRE(framed.has_value());
      std::vector<read_block> blocks;
      for (const auto& one : *framed)
        blocks.push_back(read_whole(one.bytes));
      check_all(network_of(chain.name), blocks, count);
    }
    BOOST_TEST_MESSAGE(chain.name << ": " << count.blocks << " blocks, " << count.deployments
                                  << " deployments, finalize root not made of "
                                  << count.roots_unmade);
  }
  for (const auto& bytes : lone_blocks()) {
    std::vector<read_block> blocks;
    blocks.push_back(read_whole(bytes));
    tally count;
    check_all(blocks.front().front.header.network_id == 0 ? mainnet() : canary(), blocks, count);
  }
}

// Goal: readers let a value be missing; verification demands it of the kinds that have one (2.6).
BOOST_AUTO_TEST_CASE(values_that_verification_demands_may_not_be_missing) {
  const auto refused = [](std::uint8_t kind, bool is_output) {
    transactions_area area;
    area.transitions.emplace_back();
    (is_output ? area.transitions[0].outputs : area.transitions[0].inputs) = 1;
    area.values.emplace_back().kind = kind;
    const transactions_area* const block = &area;
    const auto broken = check_value_ids(0, {&block, 1}).front();
    BOOST_TEST((!broken || broken->which == check::value_ids));
    return broken.has_value();
  };
  for (std::uint8_t kind = 0; kind <= 7; ++kind)
    BOOST_TEST(refused(kind, false) == (kind <= 2), "input " << int{kind});
  for (std::uint8_t kind = 0; kind <= 8; ++kind)
    BOOST_TEST(refused(kind, true) == (kind <= 3 || kind == 5 || kind == 7),
               "output " << int{kind});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
