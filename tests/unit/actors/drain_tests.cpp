#include "tests/support/test_node.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <new>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(drain_tests)

namespace {

constexpr std::uint32_t three_bundles = 150;

constexpr height_t first_height = 20; ///< where the chain does not begin at genesis
constexpr beginning beginnings[] = {beginning::genesis, beginning::pin, beginning::start_file};

/// A sync of three bundles.
struct three_bundle_ferry : test_ferry {
  explicit three_bundle_ferry(beginning where = beginning::genesis)
      : test_ferry(three_bundles), from(where) {
    disk = make_disk(chain, from, first_height);
  }
  beginning from;
};

std::uint64_t calm_digest(beginning from) {
  static std::map<beginning, std::uint64_t> digests;
  auto found = digests.find(from);
  if (found == digests.end()) {
    three_bundle_ferry ferry{from};
    ferry.sync();
    found = digests.emplace(from, ferry.disk->content_digest()).first;
  }
  return found->second;
}

/// Runs `ferry` to its tip again, whatever happened before: the differential oracle (S7).
void ends_like_a_calm_run(three_bundle_ferry& ferry) {
  BOOST_TEST(ferry.disk->broken_promise() == "");
  ferry.disk->before_step = {};
  ferry.cdn->recover(0);
  ferry.sync();
  BOOST_TEST(ferry.disk->broken_promise() == "");
  BOOST_TEST(ferry.disk->content_digest() == calm_digest(ferry.from));
}

/// What a receipt may name: a start file names a block, but one that is not stored.
std::optional<chain::tip> last_stored(const memory_disk& disk) {
  return disk.blocks.empty() ? std::nullopt : disk.state.last;
}

void is_honest(const drain_receipt& receipt, const memory_disk& disk) {
  BOOST_TEST(receipt.clean);
  BOOST_TEST(disk.clean);
  BOOST_TEST((receipt.durable == last_stored(disk)));
  BOOST_TEST((disk.receipt == receipt));
  BOOST_TEST(receipt.blocks_committed == disk.blocks.size());
  BOOST_TEST(receipt.blocks_committed <= receipt.blocks_verified);
  BOOST_TEST(receipt.blocks_verified <= receipt.blocks_fetched);
}

/// Calls `at_step` after every number of steps of a three-bundle sync, on a fresh ferry each time,
/// wherever its chain begins.
template <class Body>
void at_every_step(Body at_step) {
  for (const beginning from : beginnings) {
    std::size_t step = 0;
    for (bool over = false; !over; ++step) {
      three_bundle_ferry ferry{from};
      const auto node = ferry.start();
      over = ferry.world.run(step) < step;
      at_step(ferry, *node);
    }
    BOOST_TEST(step > 40u); // it is a sync of many steps
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_drain_before_the_first_message_ends_with_an_empty_store) {
  test_ferry ferry{three_bundles};
  const auto node = ferry.start();
  node->ask_drain(drain_reason::signal, "SIGTERM");
  ferry.world.run();
  BOOST_TEST_REQUIRE(node->log().receipts.size() == 1u);
  const auto& receipt = node->log().receipts[0];
  BOOST_TEST((receipt.reason == drain_reason::signal));
  BOOST_TEST(receipt.detail == "SIGTERM");
  is_honest(receipt, *ferry.disk);
}

BOOST_AUTO_TEST_CASE(a_drain_at_every_step_leaves_a_prefix_and_says_which) {
  at_every_step([](three_bundle_ferry& ferry, test_node& node) {
    node.ask_drain();
    ferry.world.run();
    BOOST_TEST_REQUIRE(node.ended());
    is_honest(node.log().drained[0], *ferry.disk);
    BOOST_TEST(!ferry.disk->open);
    BOOST_TEST(node.log().refusals.empty()); // what a drain cuts off is nobody's fault
    ends_like_a_calm_run(ferry);
  });
}

// Whoever waits for the supervisor finds nothing of the node left.
BOOST_AUTO_TEST_CASE(the_supervisor_ends_after_all_that_it_watches) {
  at_every_step([](three_bundle_ferry& ferry, test_node& node) {
    int left = 3;
    std::optional<int> left_behind;
    const auto count = [&left] { --left; };
    node.actors().downloader->attach_functor(count);
    node.actors().verifier->attach_functor(count);
    node.actors().writer->attach_functor(count);
    node.supervisor()->attach_functor([&] { left_behind = left; });
    node.ask_drain();
    ferry.world.run();
    BOOST_TEST_REQUIRE(left_behind.has_value());
    BOOST_TEST(*left_behind == 0);
  });
}

BOOST_AUTO_TEST_CASE(two_drains_get_the_same_receipt) {
  at_every_step([](three_bundle_ferry& ferry, test_node& node) {
    node.ask_drain(drain_reason::signal, "first");
    node.ask_drain(drain_reason::requested, "second");
    ferry.world.run();
    BOOST_TEST_REQUIRE(node.ended());
    for (const auto& receipt : node.log().receipts)
      BOOST_TEST((receipt == node.log().drained[0]));
    // Only an asker that comes when all is over gets no receipt but an error.
    BOOST_TEST(node.log().receipts.size() + node.log().unanswered.size() == 2u);
    BOOST_TEST((node.receipt() == node.log().drained[0]));
    BOOST_TEST(ferry.disk->cleanings == 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_drain_after_the_end_finds_the_receipt_at_the_node) {
  test_ferry ferry{three_bundles};
  const auto node = ferry.start();
  BOOST_TEST(!node->receipt());
  ferry.world.run();
  BOOST_TEST_REQUIRE(node->ended());
  node->ask_drain(drain_reason::requested, "late");
  ferry.world.run();
  BOOST_TEST(node->log().receipts.empty());
  BOOST_TEST(node->log().unanswered.size() == 1u); // answered by CAF: nobody is left waiting
  BOOST_TEST_REQUIRE(node->receipt().has_value());
  BOOST_TEST((*node->receipt() == node->log().drained[0]));
  is_honest(*node->receipt(), *ferry.disk);
}

BOOST_AUTO_TEST_CASE(a_node_that_was_killed_has_no_receipt) {
  at_every_step([](three_bundle_ferry& ferry, test_node& node) {
    caf::anon_send_exit(node.supervisor(), caf::exit_reason::user_shutdown);
    ferry.world.run();
    BOOST_TEST(node.receipt().has_value() == node.ended());
  });
}

BOOST_AUTO_TEST_CASE(a_second_drain_while_the_first_one_runs_is_answered_too) {
  test_ferry ferry{three_bundles};
  const auto node = ferry.start();
  ferry.world.run(20);
  node->ask_drain(drain_reason::signal, "first");
  ferry.world.run(3);
  node->ask_drain();
  ferry.world.run();
  BOOST_TEST(node->log().receipts.size() == 2u);
  BOOST_TEST(node->log().receipts[1].detail == "first");
}

BOOST_AUTO_TEST_CASE(a_stalled_node_drains) {
  test_ferry ferry{three_bundles};
  ferry.options.follow = true;
  ferry.cdn->break_mirror(0, failing(errc::cdn_unreachable));
  const auto node = ferry.start();
  ferry.world.advance(30s);
  BOOST_TEST((node->status().phase == node_phase::stalled));
  is_honest(node->drain(), *ferry.disk);
}

BOOST_AUTO_TEST_CASE(a_hung_cdn_does_not_hold_a_drain_up) {
  test_ferry ferry{three_bundles};
  ferry.cdn->answer_at_once(false);
  const auto node = ferry.start();
  ferry.world.run();
  ferry.cdn->finish_all();
  ferry.world.run();
  const auto& receipt = node->drain();
  BOOST_TEST(receipt.transfers_abandoned == 3u);
  BOOST_TEST(ferry.cdn->waiting().empty());
  BOOST_TEST((ferry.world.elapsed() == 0ns));
}

BOOST_AUTO_TEST_CASE(results_of_abandoned_transfers_change_nothing) {
  test_ferry ferry{three_bundles};
  ferry.cdn->answer_at_once(false);
  ferry.cdn->deliver_cancelled(true);
  const auto node = ferry.start();
  ferry.world.run();
  ferry.cdn->finish_all();
  ferry.world.run();
  is_honest(node->drain(), *ferry.disk);
  BOOST_TEST(ferry.disk->blocks.empty());
}

// Goal: what was fetched but not verified is counted as dropped.
BOOST_AUTO_TEST_CASE(a_drain_counts_what_it_drops) {
  test_ferry ferry{three_bundles};
  ferry.cdn->answer_at_once(false);
  const auto node = ferry.start();
  ferry.world.run();
  ferry.cdn->finish_all();
  ferry.world.run();
  ferry.cdn->finish(std::next(ferry.cdn->waiting().begin())->first); // the second file
  ferry.world.run();
  const auto& receipt = node->drain();
  BOOST_TEST(receipt.bundles_dropped == 1u);
  BOOST_TEST(receipt.blocks_fetched == 50u);
  BOOST_TEST(receipt.blocks_verified == 0u);
  BOOST_TEST(!receipt.durable);
}

BOOST_AUTO_TEST_CASE(the_duration_counts_to_the_commit_of_the_receipt) {
  test_ferry ferry{three_bundles};
  ferry.disk->after_step = [&](store_step step) {
    if (step == store_step::mark_clean)
      ferry.world.wall().advance(30ms); // its syncs
  };
  ferry.disk->before_step = [&](store_step step) -> std::optional<failure> {
    if (step == store_step::mark_clean)
      ferry.world.wall().advance(250ms);
    return std::nullopt;
  };
  const auto receipt = ferry.sync();
  BOOST_TEST(receipt.duration_ms == 280);
  BOOST_TEST(ferry.disk->receipt->duration_ms == 250);
  ferry.disk->before_step = {};
  ferry.disk->after_step = {};
}

BOOST_AUTO_TEST_CASE(a_bundle_after_the_drain_is_refused_with_an_error) {
  test_ferry ferry{three_bundles};
  const auto node = ferry.start();
  ferry.world.run(1); // the children are known
  std::map<bundle_ticket, errc> refusals;
  // A downloader's place is taken by one that keeps the answer.
  const auto stand_in =
      ferry.world.system().spawn([&](downloader_actor::pointer) -> downloader_actor::behavior_type {
        return {
            [](const node_peers&) {},
            [](const transfer_result&) {},
            [](const bundle_committed&) {},
            [&](const bundle_refused& news) { refusals[news.ticket] = news.why.code; },
            [](tick) {},
            [](const drain_request&) { return downloader_drained{}; },
        };
      });
  auto peers = node->actors();
  peers.downloader = stand_in;
  caf::anon_send(peers.verifier, peers);
  caf::anon_send(peers.verifier, drain_request{});
  fetched_bundle late;
  late.ticket = 99;
  late.wanted = {0, 50};
  caf::anon_send(peers.verifier, late);
  ferry.world.run();
  BOOST_TEST((refusals.at(99) == errc::shutting_down));

  verified_bundle later;
  later.ticket = 100;
  const auto writer_only = ferry.start_writer();
  caf::anon_send(writer_only, peers);
  caf::anon_send(writer_only, drain_writer{});
  caf::anon_send(writer_only, later);
  ferry.world.run();
  BOOST_TEST((refusals.at(100) == errc::shutting_down));
  caf::anon_send_exit(stand_in, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(writer_only, caf::exit_reason::user_shutdown);
  ferry.world.run();
}

// Goal: no acknowledgement leaves before COMMIT has returned, and none after a failed one.
BOOST_AUTO_TEST_CASE(nothing_is_acknowledged_that_the_store_did_not_commit) {
  for (std::uint32_t good = 0; good < 4; ++good) {
    three_bundle_ferry ferry;
    ferry.options.group_bytes = 1; // a transaction each
    std::uint32_t asked = 0;
    ferry.disk->before_step = [&](store_step) -> std::optional<failure> {
      return asked++ < good ? std::nullopt
                            : std::optional{failure{errc::store_io, "EIO by script"}};
    };
    const auto node = ferry.start();
    ferry.world.run();
    BOOST_TEST_REQUIRE(node->ended());
    const auto& receipt = node->log().drained[0];
    BOOST_TEST(!receipt.clean);
    BOOST_TEST(!ferry.disk->clean);
    BOOST_TEST(
        (receipt.reason == (good < 3 ? drain_reason::store_failed : drain_reason::completed)));
    BOOST_TEST_REQUIRE(receipt.error.has_value());
    BOOST_TEST(receipt.error->message == "EIO by script");
    BOOST_TEST((receipt.durable == last_stored(*ferry.disk)));
    BOOST_TEST(receipt.blocks_committed == good * 50);
    BOOST_TEST((node->log().phases.back().phase == node_phase::failed));
    BOOST_TEST(asked == good + 1); // sticky: the store is not asked again
    ends_like_a_calm_run(ferry);
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_keeps_its_class_in_the_receipt) {
  three_bundle_ferry ferry;
  ferry.disk->before_step = [](store_step) {
    return std::optional{failure{errc::store_full, "ENOSPC by script"}};
  };
  BOOST_TEST((ferry.sync().error->code == errc::store_full));
  ends_like_a_calm_run(ferry);
}

BOOST_AUTO_TEST_CASE(every_commit_message_names_what_is_on_the_disk) {
  test_ferry ferry{three_bundles};
  const auto node = ferry.start();
  while (ferry.world.step()) {
    const auto& progress = node->log().progress;
    for (const auto& status : progress)
      if (status.durable)
        BOOST_TEST(ferry.disk->blocks.contains(status.durable->height));
  }
  BOOST_TEST(node->ended());
}

BOOST_AUTO_TEST_CASE(waiting_bundles_join_one_transaction) {
  test_ferry ferry{400};
  ferry.cdn->answer_at_once(false);
  const auto node = ferry.start();
  ferry.world.run();
  ferry.cdn->finish_all();
  ferry.world.run();
  const auto first = ferry.cdn->waiting().begin()->first;
  while (ferry.cdn->waiting().size() > 1)
    ferry.cdn->finish(ferry.cdn->waiting().rbegin()->first);
  ferry.world.run();
  BOOST_TEST(ferry.disk->commits == 0u);
  ferry.cdn->finish(first);
  ferry.world.run();
  BOOST_TEST(ferry.disk->blocks.size() == 400u);
  BOOST_TEST(ferry.disk->commits < 8u);
}

BOOST_AUTO_TEST_CASE(the_death_of_each_actor_at_every_step_ends_the_node_with_a_receipt) {
  for (const std::string who : {"downloader", "verifier", "writer"})
    at_every_step([&](three_bundle_ferry& ferry, test_node& node) {
      if (node.ended())
        return;
      if (who == "downloader")
        node.kill(node.actors().downloader);
      else if (who == "verifier")
        node.kill(node.actors().verifier);
      else
        node.kill(node.actors().writer);
      ferry.world.run();
      BOOST_TEST_REQUIRE(node.ended());
      const auto& receipt = node.log().drained[0];
      BOOST_TEST((receipt.durable == last_stored(*ferry.disk)));
      if (receipt.reason == drain_reason::actor_died) {
        BOOST_TEST(receipt.detail == who);
        BOOST_TEST_REQUIRE(receipt.error.has_value());
        BOOST_TEST((receipt.error->code == (who == "writer" ? errc::store_io : errc::worker_died)));
        BOOST_TEST(receipt.clean == (who != "writer"));
      }
      BOOST_TEST(!ferry.disk->open);
      ends_like_a_calm_run(ferry);
    });
}

BOOST_AUTO_TEST_CASE(an_actor_that_dies_during_a_drain_is_told_in_its_receipt) {
  std::size_t told = 0;
  at_every_step([&](three_bundle_ferry& ferry, test_node& node) {
    const auto drains = [&] {
      const auto& phases = node.log().phases;
      return !phases.empty() && phases.back().phase >= node_phase::draining;
    };
    node.ask_drain(drain_reason::signal);
    while (!drains() && ferry.world.step()) {
    }
    if (!node.ended())
      node.kill(node.actors().verifier);
    ferry.world.run();
    BOOST_TEST_REQUIRE(node.ended());
    const auto& receipt = node.log().drained[0];
    if (receipt.reason == drain_reason::signal && receipt.error &&
        receipt.error->code == errc::worker_died)
      ++told;
  });
  BOOST_TEST(told > 60u); // but where it had answered before it died
}

// Of memory for its answer alone: crash.allocations.node.
BOOST_AUTO_TEST_CASE(a_writer_without_memory_for_the_last_commit_holds_no_drain_up) {
  three_bundle_ferry ferry;
  const auto node = ferry.start();
  ferry.disk->before_step = [](store_step) -> std::optional<failure> { throw std::bad_alloc{}; };
  const auto& receipt = node->drain();
  BOOST_TEST((receipt.reason == drain_reason::requested));
  BOOST_TEST(!receipt.clean);
  BOOST_TEST((receipt.error && receipt.error->code == errc::store_io));
  BOOST_TEST(!ferry.disk->open);
  ends_like_a_calm_run(ferry);
}

BOOST_AUTO_TEST_CASE(a_host_that_kills_at_every_step_leaves_a_prefix_and_nothing_else) {
  for (const bool by_kill : {false, true})
    at_every_step([&](three_bundle_ferry& ferry, test_node& node) {
      if (by_kill)
        caf::anon_send_exit(node.supervisor(), caf::exit_reason::kill);
      node.abandon();
      ferry.world.run();
      BOOST_TEST(!ferry.disk->open); // the writer is gone, and with it the store
      BOOST_TEST(ferry.world.system().registry().running() == 0u);
      ends_like_a_calm_run(ferry);
    });
}

BOOST_AUTO_TEST_CASE(nothing_runs_after_a_drain) {
  test_ferry ferry{three_bundles};
  const auto node = ferry.start();
  ferry.world.run();
  node->abandon();
  ferry.world.run();
  BOOST_TEST(ferry.world.system().registry().running() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
