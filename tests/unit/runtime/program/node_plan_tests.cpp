#include "runtime/node_command/node_plan.hpp"

#include "chain/name.hpp"
#include "chain/start_file.hpp"
#include "tests/unit/says.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

program_options usual() {
  program_options out;
  out.store = "/nowhere";
  return out;
}

std::string refusal(const program_options& options) {
  const auto plan = plan_node(options, false);
  if (plan)
    return "accepted";
  BOOST_TEST((plan.error().code == errc::invalid_argument));
  return plan.error().message;
}

chain::hash some_hash() {
  chain::hash out{};
  out.bytes[0] = 1;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(node_plan_tests)

BOOST_AUTO_TEST_CASE(without_a_cdn_it_is_the_networks_own) {
  const auto plan = plan_node(usual(), false);
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->node.mirrors == std::vector{chain::mainnet().cdn_url},
             boost::test_tools::per_element());
  BOOST_TEST(plan->transport.origins == plan->node.mirrors, boost::test_tools::per_element());
  BOOST_TEST(!plan->store.identity.network_toml.empty());
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_each_other_say_what_would) {
  auto options = usual();
  options.store.clear();
  BOOST_TEST(test::says(refusal(options), "--store"));

  options = usual();
  options.compare = 2;
  BOOST_TEST(test::says(refusal(options), "--cdn"));

  // Named for the bug: one mirror, named twice, agreed with itself.
  options.cdn = {"http://127.0.0.1:1/a", "http://127.0.0.1:1/a/"};
  BOOST_TEST(test::says(refusal(options), "different"));

  options = usual();
  options.window = 1 << 20;
  BOOST_TEST(test::says(refusal(options), "--bundle-max"));

  options = usual();
  options.start = 5;
  BOOST_TEST(test::says(refusal(options), "--start-hash"));

  options = usual();
  options.start_hash = some_hash();
  BOOST_TEST(test::says(refusal(options), "--start"));

  options = usual();
  options.start = 5;
  options.start_hash = some_hash();
  options.until = 4;
  BOOST_TEST(test::says(refusal(options), "--until"));

  options = usual();
  options.start_file = "/nowhere/start";
  BOOST_TEST(test::says(refusal(options), "/nowhere/start"));
  options.start = 0;
  BOOST_TEST(test::says(refusal(options), "--start-file"));

  // Named for the bug: good blocks were refused for a check that the floor never makes.
  options = usual();
  options.require.add(chain::check::quorum);
  options.require.add(chain::check::block_hash);
  BOOST_TEST(test::says(refusal(options), "--require quorum needs --verify consensus"));
  options.require.add(chain::check::fees);
  BOOST_TEST(test::says(refusal(options), "needs --verify content"));

  options = usual();
  options.network = "mainet";
  BOOST_TEST(test::says(refusal(options), "mainet"));
}

// Named for the bug: the network was asked and blamed for what no chain can be.
BOOST_AUTO_TEST_CASE(two_hashes_of_one_block_are_refused) {
  auto options = usual();
  options.checkpoints = {{7, some_hash()}, {7, some_hash()}};
  BOOST_TEST(refusal(options) == "accepted");
  options.checkpoints.push_back({7, chain::hash{}});
  BOOST_TEST(test::says(refusal(options), "--checkpoint"));
  options.checkpoints = {{0, some_hash()}};
  BOOST_TEST(test::says(refusal(options), "block 0"));
  options.checkpoints = {{7, chain::hash{}}};
  options.start = 7;
  options.start_hash = some_hash();
  BOOST_TEST(test::says(refusal(options), "block 7"));
}

BOOST_AUTO_TEST_CASE(a_start_at_genesis_is_one_that_was_given) {
  auto options = usual();
  BOOST_TEST(!plan_node(options, false)->store.from_genesis);
  options.start = 0;
  BOOST_TEST(plan_node(options, false)->store.from_genesis);
}

BOOST_AUTO_TEST_CASE(a_pinned_start_pins_the_store) {
  auto options = usual();
  options.start = 7;
  options.start_hash = some_hash();
  const auto plan = plan_node(options, true);
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->store.identity.start_height == 7);
  BOOST_TEST((plan->store.identity.start_hash == some_hash()));
  BOOST_TEST(!plan->store.begin.has_value());
  BOOST_TEST(plan->node.follow);
}

BOOST_AUTO_TEST_CASE(a_start_file_begins_behind_its_tip) {
  auto state = chain::state_before_genesis();
  state.next_height = 10;
  state.last = chain::tip{9, some_hash()};
  state.history_known = false;
  auto name = (std::filesystem::temp_directory_path() / "start-XXXXXX").string();
  const int descriptor = ::mkstemp(name.data());
  BOOST_REQUIRE(descriptor >= 0);
  ::close(descriptor);
  const auto bytes = chain::encode_start_file(state);
  std::ofstream{name, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<std::streamsize>(bytes.size()));
  auto options = usual();
  options.start_file = name;
  options.start_hash = some_hash();
  const auto plan = plan_node(options, false);
  BOOST_REQUIRE_MESSAGE(plan.has_value(), plan.error().message);
  BOOST_TEST(plan->store.identity.start_height == 10);
  BOOST_TEST(plan->store.begin->start_height == 10);
  BOOST_TEST((plan->store.begin->pinned == some_hash()));
  options.checkpoints = {{9, chain::hash{}}}; // of the tip in the start file
  BOOST_TEST(test::says(refusal(options), "block 9"));
  options.checkpoints.clear();
  options.until = 9;
  BOOST_TEST(test::says(refusal(options), "--until"));
  std::ofstream{name, std::ios::binary} << "damaged";
  options.until.reset();
  BOOST_TEST(test::says(refusal(options), name));
  std::filesystem::remove(name);
}

BOOST_AUTO_TEST_CASE(the_numbers_reach_node_and_transport) {
  auto options = usual();
  options.cdn = {"http://127.0.0.1:1", "http://127.0.0.1:2"};
  options.compare = 2;
  options.connections = 3;
  options.workers = 5;
  options.window = 100 << 20;
  options.bundle_max = 10 << 20;
  options.give_up_after = std::chrono::seconds{7};
  options.poll_interval = std::chrono::seconds{8};
  options.rate_limit = 9;
  options.require.add(chain::check::quorum);
  options.verify = chain::level::consensus;
  const auto plan = plan_node(options, false);
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->node.compare == 2);
  BOOST_TEST(plan->node.connections == 3);
  BOOST_TEST(plan->transport.connections == 3);
  BOOST_TEST(plan->node.workers == 5);
  BOOST_TEST(plan->node.window_bytes == 100 << 20);
  BOOST_TEST(plan->node.bundle_bytes == 10 << 20);
  BOOST_TEST((plan->node.wait.give_up_after == options.give_up_after));
  BOOST_TEST((plan->node.wait.poll_interval == options.poll_interval));
  BOOST_TEST(plan->transport.bytes_per_second_max == 9);
  BOOST_TEST(plan->node.required.has(chain::check::quorum));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
