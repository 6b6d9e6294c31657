// The three steps on a short beacon chain: what links a bundle to the state before it.
#include "altered_block.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/json/block_json.hpp"
#include "chain_run.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/chain_maker.hpp"
#include "tests/kit/genesis.hpp"
#include "tests/kit/made_network.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

/// Genesis and three beacon blocks.
struct short_chain {
  network net;
  std::vector<byte_buffer> blocks;

  short_chain() {
    const auto keys = kit::make_validators(4, 1);
    blocks.push_back(kit::make_genesis(kit::developer_network({}, true), keys));
    net = kit::developer_network(load_hash(byte_view{blocks.front()}.subspan(1)), true);
    kit::chain_maker maker{
        {.net = net, .sign = [&](const hash& block) { return keys.front().keys.sign(block); }}};
    maker.follow(blocks.front());
    while (blocks.size() < 4)
      blocks.push_back(maker.next());
  }
  [[nodiscard]] chain_run run(const network& by, level floor) const {
    return run_files(by, {kit::bundle_of(blocks)}, floor);
  }
  /// The blocks from `first` on, after a state.
  [[nodiscard]] chain_run run_from(height_t first, chain_state before, level floor) const {
    chain_run out;
    out.state = std::move(before);
    run_file(aleo_rules{net}, kit::bundle_of({blocks.begin() + first, blocks.end()}), first, floor,
             out);
    return out;
  }
};

const short_chain& brief() {
  static const short_chain made;
  return made;
}

bool refused_by(const chain_run& run, check which) {
  return run.failure && run.failure->which == which;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules_tests)

BOOST_AUTO_TEST_CASE(every_level_takes_a_right_chain_and_records_it) {
  for (const level floor : {level::link, level::header, level::consensus, level::content}) {
    const auto run = brief().run(brief().net, floor);
    BOOST_REQUIRE_MESSAGE(!run.failure, to_string(run.failure.value_or(check_failure{})));
    BOOST_REQUIRE_EQUAL(run.records.size(), brief().blocks.size());
    for (const auto& one : run.records)
      BOOST_TEST((level_of(one) == floor));
    BOOST_TEST(run.state.history_known == (floor >= level::header));
  }
}

BOOST_AUTO_TEST_CASE(genesis_is_asked_for_where_its_hash_is_known) {
  auto net = brief().net;
  net.genesis->bytes[0] ^= 1;
  BOOST_TEST(refused_by(brief().run(net, level::link), check::genesis));
  net.genesis.reset();
  BOOST_TEST(!brief().run(net, level::link).failure.has_value());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_refuses_another_block_of_its_height) {
  auto net = brief().net;
  net.checkpoints = {{2, load_hash(byte_view{brief().blocks[2]}.subspan(1))}, {99, {}}};
  BOOST_TEST(!brief().run(net, level::link).failure.has_value());
  net.checkpoints.front().height = 3;
  BOOST_TEST(refused_by(brief().run(net, level::link), check::checkpoint));
}

BOOST_AUTO_TEST_CASE(a_bundle_follows_the_height_hash_and_pin_of_the_state) {
  const aleo_rules rules{brief().net};
  const auto file = kit::bundle_of({brief().blocks.begin() + 1, brief().blocks.end()});
  const auto ahead = rules.check_bundle({file, 1, {1, 50}, level::header, {}}, {});
  BOOST_REQUIRE(ahead.has_value());
  BOOST_TEST((rules.extend(state_before_genesis(), *ahead).error().which == check::height));
  chain_run two;
  run_file(aleo_rules{brief().net},
           kit::bundle_of({brief().blocks.begin(), brief().blocks.begin() + 2}), 0, level::header,
           two);
  BOOST_REQUIRE(!two.failure.has_value());
  BOOST_TEST(!brief().run_from(2, two.state, level::header).failure.has_value());
  two.state.last->block_hash.bytes[0] ^= 1;
  BOOST_TEST(refused_by(brief().run_from(2, two.state, level::header), check::previous_hash));
  const auto hash_of = [](std::size_t height) {
    return load_hash(byte_view{brief().blocks[height]}.subspan(1));
  };
  BOOST_TEST(
      !brief().run_from(2, state_before_pinned(2, hash_of(2)), level::header).failure.has_value());
  BOOST_TEST(refused_by(brief().run_from(2, state_before_pinned(2, hash_of(1)), level::header),
                        check::genesis));
}

// Goal: a pin is of its block alone, and what lies below it stays unknown bundle after bundle.
BOOST_AUTO_TEST_CASE(behind_a_pin_the_next_bundle_follows_and_knows_no_more) {
  const auto pin = load_hash(byte_view{brief().blocks[1]}.subspan(1));
  chain_run run;
  run.state = state_before_pinned(1, pin);
  for (const height_t height : {1U, 2U, 3U})
    run_file(aleo_rules{brief().net}, kit::bundle_of({brief().blocks[height]}), height,
             level::header, run);
  BOOST_REQUIRE_MESSAGE(!run.failure, to_string(run.failure.value_or(check_failure{})));
  BOOST_REQUIRE_EQUAL(run.records.size(), 3U);
  for (const check_record& one : run.records) {
    BOOST_TEST(one.unmade.has(check::genesis));
    BOOST_TEST(one.unmade.has(check::state_root));
  }
  BOOST_TEST(run.records[0].unmade.has(check::targets));
  BOOST_TEST(run.records[1].made.has(check::targets));
  BOOST_TEST(!run.state.history_known);
  BOOST_TEST(run.state.peaks.empty());
}

BOOST_AUTO_TEST_CASE(a_height_that_none_can_follow_is_refused) {
  auto block = brief().blocks[1];
  std::fill_n(block.begin() + height_offset, sizeof(height_t), std::uint8_t{0xff});
  const auto file = kit::bundle_of({block});
  const auto checked =
      aleo_rules{brief().net}.check_bundle({file, never, {never, 1}, level::link, {}}, {});
  BOOST_REQUIRE(!checked.has_value());
  BOOST_TEST((checked.error().which == check::height));
  BOOST_TEST(checked.error().expected == "a height that another can follow");
}

// Goal: once a bundle came at `link`, no state root is known any more, and none is claimed.
BOOST_AUTO_TEST_CASE(behind_a_bundle_at_link_state_roots_are_recorded_as_not_made) {
  chain_run run;
  run_file(aleo_rules{brief().net},
           kit::bundle_of({brief().blocks.begin(), brief().blocks.begin() + 2}), 0, level::link,
           run);
  BOOST_REQUIRE(!run.failure.has_value());
  BOOST_TEST(run.state.peaks.empty());
  const auto rest = brief().run_from(2, run.state, level::header);
  BOOST_REQUIRE(!rest.failure.has_value());
  BOOST_TEST(rest.records.back().unmade.has(check::state_root));
  BOOST_TEST(!brief().run_from(2, run.state, level::link).failure.has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_ends_before_the_wanted_blocks_gives_none) {
  const auto file = kit::bundle_of(brief().blocks);
  const auto checked =
      aleo_rules{brief().net}.check_bundle({file, 0, {10, 5}, level::header, {}}, {});
  BOOST_TEST((!checked || checked->blocks.empty()));
}

// Goal: no length of genesis reads beyond its end, passes, or has a form in JSON.
BOOST_AUTO_TEST_CASE(a_block_cut_anywhere_is_refused_and_has_no_json) {
  const auto& genesis = brief().blocks.front();
  const aleo_rules rules{brief().net};
  for (std::size_t size = 0; size < genesis.size(); ++size) {
    const byte_view cut = byte_view{genesis}.first(size);
    BOOST_REQUIRE(!to_json(cut).has_value());
    const auto file = kit::bundle_of({{cut.begin(), cut.end()}});
    const auto checked = rules.check_bundle({file, 0, {0, 1}, level::consensus, {}}, {});
    BOOST_REQUIRE(!checked.has_value());
  }
  BOOST_TEST(to_json(genesis).has_value());
}

// Goal: each rule on the committee refuses by itself, before the root that would show it as well.
BOOST_AUTO_TEST_CASE(a_genesis_whose_committee_does_not_add_up_is_refused) {
  const auto said = [](const std::function<void(altered_block&)>& alter) -> std::string {
    altered_block block{brief().blocks.front(), brief().net};
    alter(block);
    const auto file = kit::bundle_of({block.bytes});
    const auto run = run_files(brief().net, {file}, level::consensus);
    BOOST_TEST((!run.failure || run.failure->which == check::ratifications));
    return run.failure ? run.failure->detail : "";
  };
  BOOST_TEST(said([](altered_block&) {}) == "");
  BOOST_TEST(said([](altered_block& block) {
               const auto committee = block.head().genesis_committee;
               block.bytes[block.offset(committee) + committee.size() - 1] ^= 1;
             }) == "total stake");
  BOOST_TEST(said([](altered_block& block) { // a stake of 0
               const auto first = block.offset(block.head().genesis_committee) + 32 + 8 + 2 + 32;
               std::fill_n(block.bytes.begin() + static_cast<std::ptrdiff_t>(first), 8,
                           std::uint8_t{0});
             }) == "total stake");
  BOOST_TEST(said([](altered_block& block) {
               block.bytes[block.offset(block.head().genesis_committee)] ^= 1;
             }) == "id of the genesis committee, recomputed");
  BOOST_TEST(said([](altered_block& block) { // the whole a second time
               const auto whole = block.head().ratifications.front().bytes;
               const byte_buffer again{whole.begin(), whole.end()};
               const auto at = static_cast<std::ptrdiff_t>(block.offset(whole));
               block.bytes[static_cast<std::size_t>(at) - 4] = 2;
               block.bytes.insert(block.bytes.begin() + at, again.begin(), again.end());
             }) == "kind of ratification");
}

// Goal: a cheap block of 171 rewards, whose operations no tree holds, is refused wherever it
// stands.
BOOST_AUTO_TEST_CASE(a_block_of_more_rewards_than_a_tree_holds_is_refused) {
  const auto crowded = [](std::size_t height) {
    altered_block block{brief().blocks[height], brief().net};
    const auto& ratified = block.head().ratifications;
    const auto end = block.offset(ratified.back().bytes) + ratified.back().bytes.size();
    byte_buffer more;
    for (std::uint8_t i = 0; i < 171; ++i)
      more.insert(more.end(), {1, 1, i, 1, 0, 0, 0, 0, 0, 0});
    block.bytes[block.offset(ratified.front().bytes) - 4] += 171;
    block.bytes.insert(block.bytes.begin() + static_cast<std::ptrdiff_t>(end), more.begin(),
                       more.end());
    block.rebind_ratifications();
    const auto signature =
        kit::make_validators(4, 1).front().keys.sign(load_hash(byte_view{block.bytes}.subspan(1)));
    std::ranges::copy(signature, block.bytes.begin() + front_bytes);
    return block.bytes;
  };
  auto net = brief().net;
  net.genesis.reset();
  const auto first = run_files(net, {kit::bundle_of({crowded(0)})}, level::content);
  BOOST_TEST(refused_by(first, check::finalize_root));
  const auto later =
      run_files(net, {kit::bundle_of({brief().blocks[0], crowded(1)})}, level::content);
  BOOST_TEST(refused_by(later, check::rewards));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
