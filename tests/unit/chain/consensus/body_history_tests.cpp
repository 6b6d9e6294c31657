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

BOOST_AUTO_TEST_CASE(a_solution_of_just_the_proof_target_is_enough) {
  right_pair pair;
  pair.body.least_target = pair.previous.proof_target;
  pair.header.cumulative_proof_target = {pair.previous.coinbase_target - 1, 0};
  BOOST_TEST(pair.judge().has_value());
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

// Goal: what is paid shrinks for nine years and then no more; a block is paid for 1 to 60 seconds.
// Numbers: the reference checker's, for four tenths of a coinbase target and fees of 3.
BOOST_AUTO_TEST_CASE(rewards_shrink_for_nine_years_and_then_stand) {
  constexpr std::int64_t year = 31536000;
  const auto genesis = mainnet().genesis_timestamp;
  const auto due = [&](const network& net, height_t height, std::int64_t time,
                       std::int64_t interval) {
    metadata previous, header;
    previous.coinbase_target = 1'000'000;
    previous.timestamp = genesis + time - interval;
    header.height = height;
    header.timestamp = genesis + time;
    const auto found = rewards_of(net, previous, header, {400'000, 0}, {3, 0});
    return std::pair{found.block.low, found.puzzle.low};
  };
  using pair = std::pair<std::uint64_t, std::uint64_t>;
  auto first_version = mainnet();
  std::fill(first_version.consensus_heights.begin() + 1, first_version.consensus_heights.end(),
            never);
  BOOST_TEST((due(first_version, 28382399, 1, 7) == pair{26319130, 5073568}));
  BOOST_TEST((due(first_version, 28382400, 1, 7) == pair{26319129, 5073566}));
  BOOST_TEST((due(first_version, 31536005, 1, 7) == pair{26319129, 5073566}));
  constexpr height_t latest = 23000000;
  BOOST_TEST((due(mainnet(), latest, 1, 60) == pair{168061898, 50735665}));
  BOOST_TEST((due(mainnet(), latest, 9 * year - 100, 60) == pair{145230857, 5073582}));
  BOOST_TEST((due(mainnet(), latest, 9 * year, 60) == pair{145230849, 5073566}));
  BOOST_TEST((due(mainnet(), latest, 11 * year, 60) == pair{145230849, 5073566}));
  BOOST_TEST((due(mainnet(), latest, 11 * year, 59) == pair{142852615, 5073566}));
  BOOST_TEST((due(mainnet(), latest, 11 * year, 61) == pair{145230849, 5073566}));
  // By the version at the block's own height: of the last block of V1, the time does not matter.
  BOOST_TEST((due(mainnet(), 2799999, 9 * year, 60).first == 46897835U));
  BOOST_TEST((due(mainnet(), 2800000, 9 * year, 60).first == 145230849U));
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
