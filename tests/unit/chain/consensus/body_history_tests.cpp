// Rules between a body and the block before it, on values.
#include "chain/body/body_history.hpp"
#include "chain/body/reward_checks.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

/// A block with one solution after another, both right.
struct right_pair {
  metadata previous, header;
  body_facts body;
  stake::block_votes votes;
  hash epoch;

  right_pair() {
    previous.height = 359;
    previous.round = 720;
    previous.coinbase_target = std::uint64_t{1} << 30;
    previous.proof_target = 1000;
    previous.timestamp = mainnet().genesis_timestamp + 3600;
    header = previous;
    header.height = 360;
    header.round = 722;
    header.timestamp += 10;
    header.cumulative_weight = {5000, 0};
    header.cumulative_proof_target = {5000, 0};
    epoch.bytes[0] = 9;
    body.epoch_hashes = {epoch};
    body.least_target = 5000;
    body.weight = {5000, 0};
    body.priority_fees = {77, 0};
    const auto due = rewards_of(mainnet(), previous, header, body.weight, body.priority_fees);
    body.block_reward = due.block.low;
    body.puzzle_reward = due.puzzle.low;
    votes.rounds.resize(3);
    votes.rounds[0].round = 720;
  }
  [[nodiscard]] expected<check_record, broken_rule> judge(bool epoch_known = true) const {
    return check_body_history(mainnet(), {&previous, epoch_known ? &epoch : nullptr}, header, body,
                              votes);
  }
  void expect_refused_by(check which) const {
    const auto judged = judge();
    BOOST_REQUIRE(!judged.has_value());
    BOOST_TEST((judged.error().which == which), judged.error().detail);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(body_history_tests)

BOOST_AUTO_TEST_CASE(a_right_pair_makes_solutions_and_rewards) {
  const right_pair pair;
  BOOST_TEST((pair.judge()->made == check_set{check::solutions, check::rewards}));
  BOOST_TEST(pair.judge()->unmade.empty());
  // Version 1, first year: a twentieth of the supply in blocks of ten seconds, a third of the
  // coinbase reward, and the fees.
  BOOST_TEST(pair.body.block_reward >= 23782343U + 77U);
}

BOOST_AUTO_TEST_CASE(an_unknown_epoch_leaves_solutions_unmade_and_none_needs_no_epoch) {
  right_pair pair;
  BOOST_TEST((pair.judge(false)->unmade == check_set{check::solutions}));
  pair.body.epoch_hashes.clear();
  pair.body.weight = {};
  pair.header.cumulative_weight = pair.previous.cumulative_weight;
  const auto due = rewards_of(mainnet(), pair.previous, pair.header, {}, pair.body.priority_fees);
  pair.body.block_reward = due.block.low;
  pair.body.puzzle_reward = 0;
  BOOST_TEST(pair.judge(false)->unmade.empty());
}

BOOST_AUTO_TEST_CASE(each_rule_on_solutions_refuses_alone) {
  for (int rule = 0; rule < 4; ++rule) {
    right_pair pair;
    if (rule == 0)
      pair.body.epoch_hashes.front().bytes[0] ^= 1;
    if (rule == 1)
      pair.body.least_target = pair.previous.proof_target - 1;
    if (rule == 2)
      pair.header.cumulative_weight.low += 1;
    if (rule == 3)
      pair.header.cumulative_proof_target = {pair.previous.coinbase_target, 0};
    pair.expect_refused_by(check::solutions);
  }
}

BOOST_AUTO_TEST_CASE(each_reward_off_by_one_is_refused) {
  for (const int by : {-1, 1})
    for (const bool block : {true, false}) {
      right_pair pair;
      (block ? pair.body.block_reward : pair.body.puzzle_reward) += static_cast<std::uint64_t>(by);
      pair.expect_refused_by(check::rewards);
    }
}

BOOST_AUTO_TEST_CASE(rounds_missing_since_the_block_before_are_refused) {
  right_pair pair;
  pair.votes.rounds[0].round = 721;
  pair.expect_refused_by(check::certificate_history);
  pair.votes.rounds[0].round = 719;
  BOOST_TEST(pair.judge().has_value());
}

BOOST_AUTO_TEST_CASE(a_beacon_block_follows_in_the_next_round) {
  right_pair pair;
  pair.votes.rounds.clear();
  pair.expect_refused_by(check::rounds);
  pair.header.round = pair.previous.round + 1;
  BOOST_TEST(pair.judge().has_value());
}

BOOST_AUTO_TEST_CASE(without_the_block_before_nothing_is_claimed) {
  const right_pair pair;
  const auto judged = check_body_history(mainnet(), {}, pair.header, pair.body, pair.votes);
  BOOST_TEST(judged->made.empty());
  BOOST_TEST(
      (judged->unmade == check_set{check::solutions, check::rewards, check::certificate_history}));
}

BOOST_AUTO_TEST_CASE(from_the_supply_limit_on_nothing_is_paid) {
  right_pair pair;
  pair.header.height = mainnet().supply_limit_height;
  const auto due = rewards_of(mainnet(), pair.previous, pair.header, pair.body.weight, {5, 0});
  BOOST_TEST((due.block == uint128{} && due.puzzle == uint128{}));
}

BOOST_AUTO_TEST_CASE(an_epoch_begins_with_the_previous_hash_of_its_first_block) {
  std::optional<hash> epoch_hash;
  block_facts block;
  block.previous_hash.bytes[0] = 3;
  block.height = 359;
  follow_epoch(mainnet(), block, epoch_hash);
  BOOST_TEST(!epoch_hash.has_value());
  block.height = 360;
  follow_epoch(mainnet(), block, epoch_hash);
  BOOST_TEST((epoch_hash == std::optional{block.previous_hash}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
