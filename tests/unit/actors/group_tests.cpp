#include "tests/support/forwarding_rules.hpp"
#include "tests/support/test_node.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(group_tests)

namespace {

constexpr std::uint32_t four_files = 200;

/// A node of one worker whose first files arrive together, so many of them, and no timer fires.
struct arrival {
  test_ferry ferry{four_files};
  std::unique_ptr<test_node> node;

  void begin() {
    ferry.options.workers = 1;
    ferry.cdn->answer_at_once(false);
    node = ferry.start();
    ferry.world.run();
    ferry.cdn->finish_all(); // latest.json
    ferry.world.run();
  }
  void finish(std::size_t files) {
    const auto waiting = ferry.cdn->waiting();
    for (const auto& [id, request] : waiting)
      if (request.file_start && *request.file_start / blocks_per_file < files)
        ferry.cdn->finish(id);
    ferry.world.run();
  }
};

/// Rules for which a file takes a while.
class slow_rules final : public forwarding_rules {
public:
  slow_rules(std::shared_ptr<const chain::rules> judge, caf::detail::test_actor_clock& clock,
             milliseconds per_file)
      : forwarding_rules(std::move(judge)), clock_(&clock), per_file_(per_file) {}

  [[nodiscard]] chain::expected<chain::checked_blocks, chain::check_failure>
  check_bundle(const chain::bundle_job& job, std::stop_token stop) const override {
    clock_->current_time += per_file_;
    return forwarding_rules::check_bundle(job, stop);
  }

private:
  caf::detail::test_actor_clock* clock_;
  milliseconds per_file_;
};

/// Notes how many commits there were when a file was looked at last.
class noting_rules final : public forwarding_rules {
public:
  noting_rules(std::shared_ptr<const chain::rules> judge, std::shared_ptr<const memory_disk> disk,
               std::uint32_t& commits)
      : forwarding_rules(std::move(judge)), disk_(std::move(disk)), commits_(&commits) {}

  [[nodiscard]] chain::expected<chain::checked_blocks, chain::check_failure>
  check_bundle(const chain::bundle_job& job, std::stop_token stop) const override {
    *commits_ = disk_->commits;
    return forwarding_rules::check_bundle(job, stop);
  }

private:
  std::shared_ptr<const memory_disk> disk_;
  std::uint32_t* commits_;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_being_verified_joins_the_group) {
  arrival all;
  all.begin();
  all.finish(4);
  BOOST_TEST(all.ferry.disk->blocks.size() == four_files);
  BOOST_TEST(all.ferry.disk->commits == 1u);
}

// Goal: no commit waits for the network.
BOOST_AUTO_TEST_CASE(what_is_still_on_its_way_is_not_waited_for) {
  arrival some;
  some.begin();
  some.finish(2);
  BOOST_TEST(some.ferry.disk->blocks.size() == 100u);
}

// Goal: nor for blocks that were promised and then refused.
BOOST_AUTO_TEST_CASE(what_is_refused_is_not_waited_for) {
  arrival spoilt;
  spoilt.ferry.cdn->put_file(0, 50, spoilt.ferry.chain.file(50, 100, [](plain_block& block) {
    block.salt += block.height == 70 ? 1 : 0;
  }));
  spoilt.begin();
  spoilt.finish(2);
  BOOST_TEST(spoilt.node->log().refusals.size() == 1u);
  BOOST_TEST(spoilt.ferry.disk->blocks.size() == 50u);
}

BOOST_AUTO_TEST_CASE(a_group_waits_for_a_while_only) {
  arrival slow;
  slow.ferry.rules = std::make_shared<slow_rules>(
      slow.ferry.rules, slow.ferry.world.scheduler().clock(), limits::gather_max * 3 / 5);
  slow.begin();
  slow.finish(4);
  BOOST_TEST(slow.ferry.disk->blocks.size() == four_files);
  BOOST_TEST(slow.ferry.disk->commits == 2u);
}

// Goal: a full group does not wait either: it is on the disk before the last file is looked at.
BOOST_AUTO_TEST_CASE(a_group_that_is_large_enough_waits_for_nothing) {
  arrival large;
  std::uint32_t commits_before_last = 0;
  large.ferry.options.group_bytes = 1;
  large.ferry.rules =
      std::make_shared<noting_rules>(large.ferry.rules, large.ferry.disk, commits_before_last);
  large.begin();
  large.finish(4);
  BOOST_TEST(large.ferry.disk->blocks.size() == four_files);
  BOOST_TEST(large.ferry.disk->commits == 4u);
  BOOST_TEST(commits_before_last > 0u);
}

// Named for the bug: a drain committed group after group, and on a slow disk waited for all.
BOOST_AUTO_TEST_CASE(a_drain_waits_for_no_more_than_one_commit) {
  arrival all;
  all.ferry.options.group_bytes = 1;
  all.begin();
  std::vector<verified_bundle> waiting;
  const auto keeper =
      all.ferry.world.system().spawn([&](writer_actor::pointer) -> writer_actor::behavior_type {
        return {
            [](const node_peers&) {},
            [&](verified_bundle& bundle) { waiting.push_back(std::move(bundle)); },
            [](commit_group) {},
            [](const drain_writer&) { return committed_ack{}; },
        };
      });
  auto peers = all.node->actors();
  peers.writer = keeper;
  caf::anon_send(peers.verifier, peers);
  all.finish(4);
  BOOST_TEST_REQUIRE(waiting.size() == 4u);
  const auto disk = make_disk();
  const auto writer_only = all.ferry.start_writer(disk);
  caf::anon_send(writer_only, peers);
  for (auto& bundle : waiting)
    caf::anon_send(writer_only, std::move(bundle));
  caf::anon_send(writer_only, drain_writer{});
  all.ferry.world.run();
  BOOST_TEST(disk->commits == 0u);
  BOOST_TEST(disk->cleanings == 1u);
  BOOST_TEST(disk->blocks.size() == four_files);
  BOOST_TEST_REQUIRE(disk->receipt.has_value());
  BOOST_TEST(disk->receipt->blocks_committed == four_files);
  BOOST_TEST(disk->receipt->durable->height == four_files - 1);
  for (const auto& one : {writer_only, keeper})
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  all.ferry.world.run();
}

BOOST_AUTO_TEST_SUITE_END()
