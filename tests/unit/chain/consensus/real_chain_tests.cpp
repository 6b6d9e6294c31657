// Every chain of the reference data at the levels `consensus` and `content`.
#include "chain/name.hpp"
#include "chain/wire.hpp"
#include "chain_run.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <map>

namespace blockferry::chain::tests {
namespace {

std::string text(const chain_run& run) {
  return run.failure ? to_string(*run.failure) : "no failure";
}

/// How often each check was left unmade.
std::map<std::string, std::size_t> unmade_counts(const chain_run& run) {
  std::map<std::string, std::size_t> out;
  for (const check_record& one : run.records)
    for_each_check(one.unmade, [&](check which) { ++out[std::string{to_string(which)}]; });
  return out;
}

/// A finalize root is unmade just where a puzzle reward changes balances.
void expect_only_the_excusable_unmade(check_record record, const body_facts& body) {
  const bool pays_provers = body.puzzle_reward != 0 && !body.epoch_hashes.empty();
  BOOST_TEST(record.unmade.has(check::finalize_root) == pays_provers);
  BOOST_TEST(((record.made | record.unmade) == checks_of(level::content)));
  BOOST_TEST((record.made & record.unmade).empty());
  BOOST_TEST((level_of(record) == level::content)); // both are excusable
}

} // namespace

BOOST_AUTO_TEST_SUITE(real_chain_tests)

// Goal: all that the chain's own software made passes to the highest level, and nothing is left
// unmade but what no chain state can tell: transmissions known from earlier blocks, and finalize
// roots that take balances.
BOOST_AUTO_TEST_CASE(every_block_of_the_developer_networks_passes_with_all_committees_known) {
  const auto data = reference_data();
  if (!data)
    return;
  struct expected_chain {
    const char* name;
    std::size_t blocks, roots_unmade, histories_unmade;
  };
  for (const auto& [name, blocks, roots_unmade, histories_unmade] :
       {expected_chain{"devnet4", 360, 119, 249}, expected_chain{"devnet10", 110, 0, 92},
        expected_chain{"devnet-staking", 520, 0, 400},
        expected_chain{"devnet-staking2", 530, 35, 106}}) {
    const auto files = files_of(*data / name);
    const chain_run run = run_files(developer_network_of(files), files, level::content);
    BOOST_REQUIRE_MESSAGE(!run.failure, name << ": " << text(run));
    BOOST_TEST_CONTEXT(name) {
      BOOST_REQUIRE_EQUAL(run.records.size(), blocks);
      auto counts = unmade_counts(run);
      BOOST_TEST(counts["finalize_root"] == roots_unmade);
      BOOST_TEST(counts["transmission_history"] == histories_unmade);
      BOOST_TEST(counts.size() == 2U);
      for (std::size_t i = 0; i < blocks; ++i)
        expect_only_the_excusable_unmade(run.records[i], run.bodies[i]);
    }
  }
}

// Goal: what a live network does not accept is refused, by the check that the README of the data
// names.
BOOST_AUTO_TEST_CASE(beacon_blocks_after_genesis_pass_only_where_the_network_allows_them) {
  const auto data = reference_data();
  if (!data)
    return;
  for (const auto& [name, live] :
       {std::pair{"mainnet", mainnet()}, std::pair{"canary", canary()}}) {
    const auto files = files_of(*data / name);
    BOOST_TEST(!run_files(live, files, level::header).failure.has_value());
    const chain_run refused = run_files(live, files, level::consensus);
    BOOST_REQUIRE(refused.failure.has_value());
    BOOST_TEST((refused.failure->which == check::authority));
    BOOST_TEST((refused.failure->height == std::optional<height_t>{1}));
    network allowing = live;
    allowing.beacons_after_genesis = true;
    const chain_run run = run_files(allowing, files, level::consensus);
    BOOST_TEST(!run.failure.has_value(), name << ": " << text(run));
    for (const check_record& one : run.records) // the beacon is no member of the committee
      BOOST_TEST((one.unmade ==
                  (&one == run.records.data() ? check_set{} : check_set{check::membership})));
  }
}

// Goal: a block of the live chain passes all that needs nothing before it.
BOOST_AUTO_TEST_CASE(a_block_of_the_live_chain_passes_from_a_pinned_start) {
  const auto data = reference_data();
  if (!data)
    return;
  constexpr height_t height = 1203288;
  std::ifstream file{*data / "mainnet.1203288.block", std::ios::binary};
  const byte_buffer block{std::istreambuf_iterator<char>{file}, {}};
  byte_buffer bundle;
  append_le<std::uint64_t>(bundle, 1);
  append_le<std::uint64_t>(bundle, block.size());
  bundle.insert(bundle.end(), block.begin(), block.end());
  const aleo_rules rules{mainnet()};
  chain_run run;
  run.state = state_before_pinned(height, load_hash(byte_view{block}.subspan(1)));
  run_file(rules, bundle, height, level::consensus, run);
  BOOST_TEST(!run.failure.has_value(), text(run));
  BOOST_REQUIRE_EQUAL(run.records.size(), 1U);
  BOOST_TEST((level_of(run.records.front()) == level::consensus));
  for (const check one : {check::signatures, check::batch_ids, check::subdag_root,
                          check::certificate_order, check::transmissions, check::transaction_ids})
    BOOST_TEST(run.records.front().made.has(one), to_string(one));
  for (const check one : {check::membership, check::quorum, check::leader, check::rewards,
                          check::solutions, check::certificate_history})
    BOOST_TEST(run.records.front().unmade.has(one), to_string(one));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
