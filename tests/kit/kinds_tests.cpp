// Chains with every kind of what a block can carry: the rules and the reference checker accept
// them, and nothing of them stays unchecked but what is known to.
#include <boost/test/unit_test.hpp>

#include "chain/body/body.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/transactions/transaction.hpp"
#include "tests/kit/judged.hpp"
#include "tests/kit/made_chain.hpp"
#include "tests/kit/made_network.hpp"

#include <array>

namespace {

using namespace blockferry;

/// Stakes and commissions that differ, one of them closed.
std::vector<kit::validator> unequal_validators(std::size_t count) {
  auto out = kit::make_validators(count, kit::test_seed());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].stake += i * i * 1'234'567'890'123;
    out[i].commission = static_cast<std::uint8_t>(20 * i);
    out[i].is_open = i != 1;
  }
  return out;
}

kit::chain_plan plan_of_all(bool beacons) {
  return {.net = kit::developer_network({}, beacons),
          .seed = kit::test_seed(),
          .validators = unequal_validators(3),
          .delegators = 5,
          .kinds = kit::all_kinds()};
}

/// Through all versions, and behind the last call of the schedule that needs no waiting.
constexpr std::size_t blocks_of_all_versions = 28;

chain::check_set all_checks() {
  chain::check_set out;
  for (const auto one :
       {chain::level::link, chain::level::header, chain::level::consensus, chain::level::content})
    out = out | chain::checks_of(one);
  return out;
}

/// All checks are made, but for the finalize root of a puzzle reward: its operations take balances.
void expect_records(const kit::verdict& judged) {
  std::size_t with_reward = 0;
  for (std::size_t i = 0; i < judged.records.size(); ++i) {
    const auto& record = judged.records[i];
    chain::check_set unmade;
    if (judged.bodies[i].puzzle_reward != 0)
      unmade.add(chain::check::finalize_root);
    with_reward += judged.bodies[i].puzzle_reward != 0 ? 1U : 0U;
    BOOST_TEST(record.unmade.bits() == unmade.bits(), "block " << i);
    BOOST_TEST((record.made | unmade).includes(all_checks()), "block " << i);
    BOOST_TEST((record.made & unmade).empty(), "block " << i);
  }
  BOOST_TEST(with_reward > judged.records.size() / 2);
}

/// How many transactions of each confirmed kind the blocks have.
std::array<std::size_t, 4> confirmed_kinds(const std::vector<chain::byte_buffer>& blocks,
                                           const chain::network& net) {
  std::array<std::size_t, 4> out{};
  for (const auto& block : blocks) {
    chain::cursor in{block};
    in.take(chain::front_bytes, "front");
    const auto head = chain::read_head(in, net, block[chain::front_bytes - 1]);
    BOOST_REQUIRE(head.has_value());
    for (const auto& one : chain::read_transactions(in).confirmed)
      ++out.at(static_cast<std::size_t>(one.kind));
  }
  return out;
}

/// Certificates in the round before the leader's; 0 of genesis.
std::size_t last_full_round(const chain::byte_buffer& block, const chain::network& net) {
  chain::cursor in{block};
  in.take(chain::front_bytes, "front");
  const auto head = chain::read_head(in, net, block[chain::front_bytes - 1]);
  BOOST_REQUIRE(head.has_value());
  return head->quorum ? head->quorum->rounds.at(head->quorum->rounds.size() - 2).count : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kinds_tests)

BOOST_AUTO_TEST_CASE(the_rules_and_the_reference_checker_accept_all_kinds_at_all_versions) {
  const auto plan = plan_of_all(false);
  const auto blocks = kit::blocks_of(plan, blocks_of_all_versions);
  const auto judged = kit::judge(blocks, plan.net, chain::level::content);
  BOOST_REQUIRE(judged.failure == "");
  BOOST_TEST(judged.followed.open()->committees.lost() == "");
  expect_records(judged);
  for (const auto count : confirmed_kinds(blocks, plan.net))
    BOOST_TEST(count >= blocks_of_all_versions - 1);
  if (kit::oracle_here())
    BOOST_TEST(kit::oracle_says(blocks, "--heights test --test-targets") == 0);
}

BOOST_AUTO_TEST_CASE(beacons_make_all_kinds_as_well) {
  const auto plan = plan_of_all(true);
  const auto blocks = kit::blocks_of(plan, 30, true);
  BOOST_TEST(kit::judge(blocks, plan.net, chain::level::content).failure == "");
}

// Goal: any consensus version for a whole chain.
BOOST_AUTO_TEST_CASE(a_chain_stays_at_the_version_asked_for) {
  for (const std::uint8_t version : {std::uint8_t{1}, std::uint8_t{9}, std::uint8_t{22}}) {
    auto plan = plan_of_all(true);
    plan.net = kit::at_version(plan.net, version);
    const auto blocks = kit::blocks_of(plan, version + 3U, true);
    BOOST_TEST(chain::consensus_version(plan.net, 1000) == version);
    BOOST_TEST(kit::judge(blocks, plan.net, chain::level::content).failure == "");
    if (version > 1) {
      const auto older = kit::at_version(plan.net, 1);
      BOOST_TEST(kit::judge(blocks, older, chain::level::content).failure != "");
    }
  }
}

// The whole schedule of staking: a validator that came signs while its committee is in force, and
// claims 360 blocks after it left.
BOOST_AUTO_TEST_CASE(a_committee_that_changed_signs_and_what_was_unbonded_is_claimed) {
  auto plan = plan_of_all(false);
  plan.kinds = {kit::kind::stake, kit::kind::solution};
  constexpr std::size_t a_schedule_and_a_half = 600;
  const auto blocks = kit::blocks_of(plan, a_schedule_and_a_half);
  const auto judged = kit::judge(blocks, plan.net, chain::level::content);
  BOOST_REQUIRE(judged.failure == "");
  expect_records(judged);
  const auto state = judged.followed.open();
  BOOST_TEST(state->committees.lost() == "");
  std::size_t three = 0, four = 0;
  for (const auto& block : blocks)
    if (const auto certificates = last_full_round(block, plan.net); certificates == 3)
      ++three;
    else if (certificates == 4)
      ++four;
  // From block 3 to 16 of the schedule the candidate is a member; a committee is in force a hundred
  // rounds, fifty blocks, later.
  BOOST_TEST(four == 28u);
  BOOST_TEST(three + four == blocks.size() - 1);
}

BOOST_AUTO_TEST_SUITE_END()
