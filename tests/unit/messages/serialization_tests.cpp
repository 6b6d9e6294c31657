#include "actors/verify_worker.hpp"
#include "chain/aleo_rules.hpp"
#include "chain/front.hpp"
#include "chain/wire.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"

#include <boost/test/unit_test.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace blockferry;

namespace {

/// The value as another machine would have it.
template <class Value>
Value carried(Value value) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads", 1);
  caf::actor_system system{config};
  std::vector<char> bytes;
  caf::binary_serializer out{system, bytes};
  BOOST_TEST_REQUIRE(!out(value));
  Value found;
  caf::binary_deserializer in{system, bytes};
  BOOST_TEST_REQUIRE(!in(found));
  BOOST_TEST(in.remaining() == 0u);
  return found;
}

chain::hash filled(std::uint8_t byte) {
  chain::hash out;
  out.bytes.fill(byte);
  return out;
}

chain::check_failure some_failure() {
  chain::check_failure out;
  out.kind = chain::failure_kind::refused;
  out.which = chain::check::quorum;
  out.height = 7;
  out.offset = 8;
  out.expected = "nine";
  out.found = "ten";
  out.detail = "eleven";
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(serialization_tests)

// Goal: workers may be on other machines: what they exchange arrives whole, with no field left out.
// Method: every message of a real chain checked to the last level, followed on by what arrived.
BOOST_AUTO_TEST_CASE(what_workers_exchange_arrives_whole) {
  constexpr std::uint64_t seed = 7;
  kit::quorum_maker maker{{.net = kit::developer_network({}, false),
                           .seed = seed,
                           .block_bytes = 2000,
                           .fresh_transactions = true,
                           .sign = {}},
                          kit::make_validators(4, seed)};
  const auto genesis = chain::read_front(maker.genesis())->block_hash;
  const chain::aleo_rules rules{kit::developer_network(genesis, false)};
  chain::chain_state state = chain::state_before_genesis();
  for (height_t file = 0; file < 100; file += blocks_per_file) {
    chain::byte_buffer bytes;
    chain::append_le(bytes, std::uint64_t{blocks_per_file});
    for (height_t at = file; at < file + blocks_per_file; ++at) {
      const auto block = at == 0 ? maker.genesis() : maker.next();
      chain::append_le(bytes, std::uint64_t{block.size()});
      bytes.insert(bytes.end(), block.begin(), block.end());
    }
    check_request request;
    request.bytes = payload{std::make_shared<const chain::byte_buffer>(std::move(bytes))};
    request.file_start = file;
    request.wanted = {file, blocks_per_file};
    request.floor = chain::level::content;
    request.required = {chain::check::block_hash};
    const auto there = carried(request);
    BOOST_TEST((there == request));
    const auto checked = check_file(rules, there, {});
    BOOST_TEST_REQUIRE(!checked.refused.has_value());
    const auto back = carried(checked);
    BOOST_TEST((back == checked));
    BOOST_TEST(!back.blocks.votes.empty());
    const auto asked = carried(history_request{state, back.blocks});
    BOOST_TEST((asked == history_request{state, checked.blocks}));
    auto after = rules.extend(state, back.blocks);
    BOOST_TEST_REQUIRE(after.has_value());
    const auto records = rules.check_history(asked.before, asked.blocks, {});
    BOOST_TEST_REQUIRE(records.has_value());
    const checked_history judged{*records, {}, false};
    BOOST_TEST((carried(judged) == judged));
    state = std::move(*after);
  }
  BOOST_TEST(!state.followed.empty());
}

BOOST_AUTO_TEST_CASE(refusals_and_all_that_is_optional_arrive_too) {
  check_request request;
  request.bytes = payload{std::make_shared<const chain::byte_buffer>(chain::byte_buffer{1, 2, 3})};
  request.file_start = 50;
  request.wanted = {60, 5};
  request.blocks_min = 9;
  request.known = known_part{{50, 10}, 44, filled(3)};
  request.floor = chain::level::content;
  request.required = {chain::check::fees};
  BOOST_TEST((carried(request) == request));
  checked_bundle bundle;
  bundle.file_sha256 = filled(1);
  bundle.blocks_sha256 = filled(2);
  bundle.refused = failure{errc::bundle_check_failed, "why"};
  bundle.check = some_failure();
  BOOST_TEST((carried(bundle) == bundle));
  bundle.cancelled = true;
  bundle.check->height.reset();
  BOOST_TEST((carried(bundle) == bundle));
  checked_history history;
  history.records = {{{chain::check::framing}, {chain::check::leader}}};
  history.refused = some_failure();
  history.cancelled = true;
  BOOST_TEST((carried(history) == history));
}

// Goal: bytes of a peer meet checks: a state that is none is an error, not a value.
BOOST_AUTO_TEST_CASE(a_state_that_is_none_does_not_arrive) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads", 1);
  caf::actor_system system{config};
  std::vector<char> bytes;
  caf::binary_serializer out{system, bytes};
  std::vector<std::uint8_t> packed{1, 2, 3};
  BOOST_TEST_REQUIRE(!out(packed));
  caf::binary_deserializer in{system, bytes};
  chain::chain_state state;
  BOOST_TEST(static_cast<bool>(in(state)));
}

BOOST_AUTO_TEST_SUITE_END()
