// For each named check a block that this check alone refuses.
#include "batch_head.hpp"
#include "breakers.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/name.hpp"
#include "data_folder.hpp"
#include "judge.hpp"
#include "read_block.hpp"
#include "repair.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"
#include "verdicts.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::check;
using refusal = std::optional<chain::check_failure>;

/// The made chain up to the block that is altered, and what the checks need that one altered block
/// cannot show.
struct fixture {
  signed_chain made{data_folder};
  judged_chain chain{data_folder, std::string{judged_chain::signed_name}};
  byte_buffer whole = made.with_transactions(broken_height);

  fixture() { chain.advance_to(broken_height); }

  /// Of a lone block or the first of a chain, by rules of its own.
  [[nodiscard]] static refusal judge(const chain::network& net, chain::byte_view file,
                                     chain::check_set required = {},
                                     chain::level floor = chain::level::content) {
    const chain::aleo_rules rules{net};
    const auto checked = rules.check_bundle({file, 0, {0, 50}, floor, required}, {});
    if (!checked)
      return checked.error();
    const auto before = chain::state_before_genesis();
    if (const auto after = rules.extend(before, *checked); !after)
      return after.error();
    const auto records = rules.check_history(before, *checked, {});
    return records ? std::nullopt : refusal{records.error()};
  }

  /// The blocks before, and this one last.
  [[nodiscard]] byte_buffer bundle(byte_buffer last, std::size_t height = 20) const {
    std::vector<byte_buffer> blocks{made.blocks().begin(),
                                    made.blocks().begin() + static_cast<std::ptrdiff_t>(height)};
    blocks.push_back(std::move(last));
    return kit::bundle_of(blocks);
  }
};

refusal byte_behind_the_bundle(const fixture& of) {
  auto file = of.bundle(of.made.blocks()[20]);
  file.push_back(0);
  return fixture::judge(of.chain.net(), file);
}

refusal genesis_of_others(const fixture& of) {
  const auto other = kit::make_genesis(of.chain.net(), kit::make_validators(4, 77));
  return fixture::judge(of.chain.net(), kit::bundle_of({other}));
}

refusal other_hash_at_a_checkpoint(const fixture& of) {
  auto net = of.chain.net();
  net.checkpoints.push_back({20, {}});
  return fixture::judge(net, of.bundle(of.made.blocks()[20]));
}

/// As early as genesis, and all that follows from the time is right.
refusal time_of_genesis(const fixture& of) {
  auto block = of.made.blocks()[1];
  const auto genesis = chain::read_front(of.made.blocks()[0])->header;
  const auto unaltered = block;
  const auto read = differential::read(unaltered);
  kit::wire_writer time;
  time.i64(genesis.timestamp);
  const auto put = [&](std::size_t at) {
    std::ranges::copy(time.bytes(), block.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(337);
  for (const auto& one : read->head.quorum->certificates)
    put(static_cast<std::size_t>(one.head.data() - unaltered.data()) + 40);
  of.made.keys().bind(block, unaltered, genesis, {.targets = true});
  return fixture::judge(of.chain.net(), kit::bundle_of({of.made.blocks()[0], block}));
}

kit::chain_maker beacon_chain(const fixture& of, std::size_t height) {
  kit::chain_maker maker{{.net = of.chain.net(), .sign = [&](const chain::hash& block) {
                            return of.made.keys().keys().front().sign(block);
                          }}};
  for (std::size_t i = 0; i < height; ++i)
    maker.follow(of.made.blocks()[i]);
  return maker;
}

refusal beacon_block_after_genesis(const fixture& of) {
  auto maker = beacon_chain(of, 20);
  return fixture::judge(of.chain.net(), of.bundle(maker.next()));
}

/// Of a beacon block: a quorum's certificates would show it as well.
refusal round_of_the_block_before(const fixture& of) {
  auto net = of.chain.net();
  net.beacons_after_genesis = true;
  auto maker = beacon_chain(of, 20);
  const auto tip = maker.tip_metadata();
  const auto& keys = of.made.keys().keys();
  const auto block =
      maker.next_by({.kind = 0,
                     .round = tip.round,
                     .timestamp = tip.timestamp + 10,
                     .subdag_root = {},
                     .wire = [&](const chain::hash& id) { return keys.front().sign(id); }});
  return fixture::judge(net, of.bundle(block));
}

/// No index of earlier transmissions is kept: the check refuses where it is required and the block
/// alone does not answer it.
refusal transmission_of_no_block(const fixture& of) {
  auto block = of.made.blocks()[20];
  const auto unaltered = block;
  const auto read = differential::read(unaltered);
  const auto& carrier = read->head.quorum->certificates.front();
  const auto count =
      static_cast<std::size_t>(carrier.head.data() - unaltered.data()) + batch_head::transmissions;
  block[count] += 1;
  block.insert(block.begin() + static_cast<std::ptrdiff_t>(count) + 4, {1});
  block.insert(block.begin() + static_cast<std::ptrdiff_t>(count) + 5, 24, 7);
  of.made.keys().bind(block, unaltered, chain::read_front(of.made.blocks()[19])->header, {});
  const auto file = of.bundle(block);
  BOOST_TEST(!fixture::judge(of.chain.net(), file));
  return fixture::judge(of.chain.net(), file, {check::transmission_history});
}

const std::map<check, std::function<refusal(const fixture&)>> others = {
    {check::framing, byte_behind_the_bundle},
    {check::genesis, genesis_of_others},
    {check::checkpoint, other_hash_at_a_checkpoint},
    {check::metadata, time_of_genesis},
    {check::rounds, round_of_the_block_before},
    {check::authority, beacon_block_after_genesis},
    {check::transmission_history, transmission_of_no_block},
};

refusal refusal_by(const fixture& of, check which) {
  if (const auto found = others.find(which); found != others.end())
    return found->second(of);
  const auto found = breakers().find(which);
  BOOST_REQUIRE_MESSAGE(found != breakers().end(), "no block for " << to_string(which));
  auto block = of.whole;
  found->second(of.made, block);
  return of.chain.judge(block).failure;
}

} // namespace

BOOST_AUTO_TEST_SUITE(each_check_tests)

// Goal: no check is named that never refuses. A check added to checks.hpp needs a block here.
BOOST_AUTO_TEST_CASE(each_check_refuses_a_block_that_all_others_let_pass) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  const fixture of;
  const auto itself = of.chain.judge(of.whole);
  BOOST_REQUIRE_MESSAGE(!itself.failure, (itself.failure ? to_string(*itself.failure) : ""));
  BOOST_TEST(itself.record.unmade.empty());
  for_each_check(checks_of(chain::level::content), [&](check which) {
    const auto refused = refusal_by(of, which);
    BOOST_REQUIRE_MESSAGE(refused, "not refused: " << to_string(which));
    BOOST_TEST((refused->which == which),
               "expected " << to_string(which) << ": " << to_string(*refused));
  });
}

// Goal: no other check would refuse these blocks either.
// Method: the reference checker, which reports all that does not hold, says one thing of each; that
// is stored among the verdicts and judged anew with them.
BOOST_AUTO_TEST_CASE(the_reference_checker_reports_one_check_for_each_of_these_blocks) {
  std::map<check, verdict> said;
  for (const auto& block : read_verdicts(BLOCKFERRY_SOURCE_DIR "/tests/differential/verdicts.txt"))
    for (const auto& one : block.mutants)
      if (one.seed >= first_breaker_seed)
        said.emplace(static_cast<check>(one.seed - first_breaker_seed), one);
  for (const auto& [which, breaks] : breakers()) {
    BOOST_REQUIRE_MESSAGE(said.contains(which), "not judged: " << to_string(which));
    const auto kind = said.at(which).said;
    auto codes = said.at(which).codes;
    std::erase(codes, "stk"); // of the unbroken block too: its transactions are another chain's
    if (which == check::front || which == check::subdag) // no reader takes a repeated edge
      BOOST_TEST((kind == verdict::kind::malformed));
    else if (which == check::membership)
      BOOST_TEST(codes.empty()); // the checker leaves the stranger's stake out
    else
      BOOST_TEST((codes.size() == 1U && checks_of_code(codes.front()).has(which)),
                 to_string(which));
  }
}

// Goal: a failure leads to the bytes that break the check.
// Method: what compares a field of the block with a recomputed one shows it at its place; the rest
// is at least behind the front; numbers of the header are where they stand.  Left out: what the
// committee breaks.
BOOST_AUTO_TEST_CASE(a_failure_names_the_place_in_the_block) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  constexpr chain::check_set shown = {
      check::subdag_root, check::ratifications, check::transactions_root, check::finalize_root,
      check::batch_ids,   check::value_ids,     check::certificate_order,
  };
  constexpr chain::check_set behind_the_front = {
      check::subdag, check::signatures,  check::transaction_ids, check::transmissions,
      check::owners, check::deployments, check::duplicates,      check::fees};
  const std::map<check, std::size_t> in_the_front = {
      {check::front, 0},       {check::block_hash, 1}, {check::previous_hash, 33},
      {check::state_root, 66}, {check::height, 269},   {check::network_id, 259},
      {check::weight, 273},    {check::targets, 305},
  };
  constexpr std::size_t block_offset = 16; // in a file of one block
  const fixture of;
  for (const auto& [which, place] : in_the_front) {
    auto block = of.whole;
    breakers().at(which)(of.made, block);
    const auto refused = of.chain.judge(block).failure;
    BOOST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->offset == block_offset + place, to_string(*refused));
  }
  for_each_check(shown | behind_the_front, [&](check which) {
    auto block = of.whole;
    breakers().at(which)(of.made, block);
    const auto refused = of.chain.judge(block).failure;
    BOOST_REQUIRE(refused.has_value());
    BOOST_REQUIRE_MESSAGE(refused->offset >= block_offset &&
                              refused->offset < block_offset + block.size(),
                          to_string(*refused));
    const std::size_t place = refused->offset - block_offset;
    if (shown.has(which))
      BOOST_TEST(chain::field_name(chain::load_hash(chain::byte_view{block}.subspan(place)))
                     .starts_with(refused->found),
                 to_string(*refused));
    else
      BOOST_TEST(place >= chain::front_bytes, to_string(*refused));
  });
}

// Goal: `weight` says of headers alone what `solutions` says with the body: they overlap, and at
// the level `header` it refuses by itself.
BOOST_AUTO_TEST_CASE(a_wrong_weight_is_refused_where_no_solutions_are_looked_at) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  const fixture of;
  constexpr std::size_t weight_at = 273;
  auto block = of.made.blocks()[20];
  block[weight_at] ^= 1;
  repair_block(block, repair::block_hash);
  const auto refused = fixture::judge(of.chain.net(), of.bundle(block), {}, chain::level::header);
  BOOST_REQUIRE(refused.has_value());
  BOOST_TEST((refused->which == check::weight), to_string(*refused));
}

// Goal: whoever leaves out a value and binds all the rest is still refused.
BOOST_AUTO_TEST_CASE(a_missing_value_is_refused_by_the_check_of_values_alone) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  const fixture of;
  auto block = of.whole;
  leaves_out_a_value()(of.made, block);
  const auto refused = of.chain.judge(block).failure;
  BOOST_REQUIRE(refused.has_value());
  BOOST_TEST((refused->which == check::value_ids), to_string(*refused));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::differential
