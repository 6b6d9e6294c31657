#include <boost/test/unit_test.hpp>

#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/judged.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"

namespace {

using namespace blockferry;

const std::string mainnet_start = BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks/0.50.blocks";

kit::chain_options options_for(const chain::network& net, std::size_t block_bytes = 0) {
  return {.net = net, .seed = kit::test_seed(), .block_bytes = block_bytes, .sign = {}};
}

/// Blocks 0 to `count` - 1 of a developer's chain.
std::vector<chain::byte_buffer> beacon_chain(std::size_t count, std::size_t block_bytes) {
  const auto validators = kit::make_validators(4, kit::test_seed());
  auto options = options_for(kit::developer_network({}, true), block_bytes);
  options.sign = [&](const chain::hash& block) { return validators[0].keys.sign(block); };
  kit::chain_maker maker{options};
  std::vector<chain::byte_buffer> out = {kit::make_genesis(options.net, validators)};
  maker.follow(out.front());
  while (out.size() < count)
    out.push_back(maker.next());
  return out;
}

std::vector<chain::byte_buffer> quorum_chain(std::size_t count,
                                             std::vector<kit::validator> validators) {
  auto options = options_for(kit::developer_network({}, false), 2000);
  options.fresh_transactions = true;
  kit::quorum_maker maker{options, std::move(validators)};
  std::vector<chain::byte_buffer> out = {maker.genesis()};
  while (out.size() < count)
    out.push_back(maker.next());
  return out;
}

std::vector<chain::byte_buffer> quorum_chain(std::size_t count, std::size_t validators) {
  return quorum_chain(count, kit::make_validators(validators, kit::test_seed()));
}

/// What the rules make of a chain: empty if it passes.
std::string judged(const std::vector<chain::byte_buffer>& blocks, bool beacons,
                   chain::level floor = chain::level::header) {
  return kit::judge(blocks, kit::developer_network({}, beacons), floor).failure;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kit_tests)

BOOST_AUTO_TEST_CASE(an_account_signs_what_the_chain_verifies) {
  const kit::account one{kit::test_seed()};
  chain::hash message;
  message.bytes[0] = 42;
  const auto signature = chain::parse_signature(one.sign(message));
  BOOST_REQUIRE(signature);
  BOOST_TEST(chain::verify_signature(*signature, one.address(), {&message, 1}));
  message.bytes[0] = 43;
  BOOST_TEST(!chain::verify_signature(*signature, one.address(), {&message, 1}));
}

BOOST_AUTO_TEST_CASE(many_signatures_are_those_made_one_by_one) {
  const kit::account one{kit::test_seed()};
  std::vector<chain::hash> messages(11);
  for (std::size_t i = 0; i < messages.size(); ++i)
    messages[i].bytes[5] = static_cast<std::uint8_t>(i);
  const auto all = one.sign_all(messages);
  BOOST_REQUIRE_EQUAL(all.size(), messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i)
    BOOST_TEST((all[i] == one.sign(messages[i])));
}

BOOST_AUTO_TEST_CASE(a_beacon_chain_passes_header) {
  BOOST_TEST(judged(beacon_chain(50, 0), true) == "");
  BOOST_TEST(judged(beacon_chain(50, 3000), true) == "");
}

BOOST_AUTO_TEST_CASE(a_quorum_chain_passes_header) {
  BOOST_TEST(judged(quorum_chain(6, 4), false) == "");
}

BOOST_AUTO_TEST_CASE(a_chain_behind_another_genesis_is_refused) {
  auto blocks = beacon_chain(5, 0);
  blocks.front() = quorum_chain(1, 5).front();
  BOOST_TEST(judged(blocks, true) != "");
}

BOOST_AUTO_TEST_CASE(the_same_seed_makes_the_same_chain) {
  BOOST_TEST((beacon_chain(12, 3000) == beacon_chain(12, 3000)));
  BOOST_TEST((quorum_chain(4, 4) == quorum_chain(4, 4)));
}

BOOST_AUTO_TEST_CASE(blocks_are_about_as_long_as_asked_for) {
  for (const std::size_t size :
       {std::size_t{2000}, std::size_t{20000}, std::size_t{37000}, std::size_t{300000}}) {
    const auto made = beacon_chain(3, size)[2].size();
    BOOST_TEST(made <= size);
    BOOST_TEST(made + 400 > size);
  }
}

BOOST_AUTO_TEST_CASE(a_chain_follows_given_blocks) {
  const auto given = kit::blocks_of(kit::read_file(mainnet_start));
  auto net = chain::mainnet();
  net.beacons_after_genesis = true;
  kit::chain_maker maker{options_for(net)};
  for (const auto& one : given)
    maker.follow(one);
  const auto next = chain::read_front(maker.next());
  BOOST_REQUIRE(next);
  BOOST_TEST(next->header.height == 50u);
  BOOST_TEST((next->previous_hash == chain::read_front(given.back())->block_hash));
  BOOST_CHECK_THROW(maker.follow(given.front()), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_reference_checker_accepts_a_beacon_chain) {
  if (!kit::oracle_here())
    return;
  BOOST_TEST(kit::oracle_says(beacon_chain(4, 2000), "--beacon --heights test --test-targets") ==
             0);
}

BOOST_AUTO_TEST_CASE(the_reference_checker_accepts_a_quorum_chain) {
  if (!kit::oracle_here())
    return;
  const auto blocks = quorum_chain(3, 4);
  BOOST_TEST(kit::oracle_says(blocks, "--heights test --test-targets") == 0);
  auto broken = blocks;
  broken[2][1000] ^= 1; // inside a certificate
  BOOST_TEST(kit::oracle_says(broken, "--heights test --test-targets") != 0);
}

BOOST_AUTO_TEST_SUITE_END()
