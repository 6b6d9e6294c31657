#include "tests/support/test_node.hpp"

#include <boost/test/unit_test.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <sstream>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sync_tests)

namespace {

/// The height of the last block on the disk; -1 for none.
std::int64_t tip_of(const memory_disk& disk) {
  return disk.blocks.empty() ? -1 : std::int64_t{disk.blocks.rbegin()->first};
}

/// What a node logs.
class noted_log {
public:
  [[nodiscard]] std::shared_ptr<spdlog::logger> logger() const { return logger_; }
  [[nodiscard]] std::vector<std::string> lines(const std::string& id) const {
    std::vector<std::string> out;
    std::istringstream text{text_.str()};
    for (std::string line; std::getline(text, line);)
      if (line.find(id) != std::string::npos)
        out.push_back(line);
    return out;
  }

private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> logger_ = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text_));
};

} // namespace

BOOST_AUTO_TEST_CASE(a_sync_carries_every_block_and_ends_with_a_receipt) {
  test_ferry ferry{130};
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(receipt.clean);
  BOOST_TEST(receipt.detail == "");
  BOOST_TEST(!receipt.error);
  BOOST_TEST_REQUIRE(receipt.durable.has_value());
  BOOST_TEST(receipt.durable->height == 129u);
  BOOST_TEST((receipt.durable->block_hash == ferry.chain.hash_of(129)));
  BOOST_TEST(receipt.blocks_fetched == 130u);
  BOOST_TEST(receipt.blocks_verified == 130u);
  BOOST_TEST(receipt.blocks_committed == 130u);
  BOOST_TEST(receipt.bundles_dropped == 0u);
  BOOST_TEST(ferry.disk->blocks.size() == 130u);
  BOOST_TEST(ferry.disk->broken_promise() == "");
  BOOST_TEST(ferry.disk->clean);
  BOOST_TEST(!ferry.disk->open);
}

BOOST_AUTO_TEST_CASE(a_store_at_the_tip_is_done_at_once) {
  test_ferry ferry{130};
  ferry.sync();
  const auto requests = ferry.cdn->requests().size();
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(receipt.durable->height == 129u);
  BOOST_TEST(receipt.blocks_committed == 0u);
  BOOST_TEST(ferry.cdn->requests().size() == requests + 1); // latest.json
}

BOOST_AUTO_TEST_CASE(an_empty_chain_is_done_with_nothing) {
  test_ferry ferry{50};
  ferry.cdn->advertise(0, 0);
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(!receipt.durable);
}

// Goal: arrival in any order ends in chain order.
BOOST_AUTO_TEST_CASE(files_that_arrive_in_reverse_are_committed_in_order) {
  test_ferry ferry{400};
  ferry.cdn->answer_at_once(false);
  const auto node = ferry.start();
  ferry.world.run();
  ferry.cdn->finish_all(); // latest.json
  ferry.world.run();
  BOOST_TEST(ferry.cdn->waiting().size() == 8u);
  while (!ferry.cdn->waiting().empty()) {
    BOOST_TEST(ferry.disk->blocks.empty());
    ferry.cdn->finish(ferry.cdn->waiting().rbegin()->first);
    ferry.world.run();
  }
  BOOST_TEST(node->ended());
  BOOST_TEST(tip_of(*ferry.disk) == 399);
  BOOST_TEST(ferry.disk->broken_promise() == "");
}

BOOST_AUTO_TEST_CASE(a_sync_resumes_from_every_prefix) {
  test_ferry whole{150};
  whole.sync();
  const auto digest = whole.disk->content_digest();
  for (height_t first_part = 0; first_part < 150; ++first_part) {
    test_ferry ferry{150};
    ferry.options.until = first_part;
    const auto part = ferry.sync();
    BOOST_TEST(part.durable->height == first_part);
    BOOST_TEST(tip_of(*ferry.disk) == first_part);
    ferry.options.until.reset();
    const auto rest = ferry.sync();
    BOOST_TEST(rest.durable->height == 149u);
    BOOST_TEST(rest.blocks_committed == 149 - first_part);
    BOOST_TEST(ferry.disk->content_digest() == digest);
    BOOST_TEST(ferry.disk->broken_promise() == "");
  }
}

BOOST_AUTO_TEST_CASE(a_sync_from_a_pinned_height_carries_what_follows) {
  const plain_chain chain{300};
  for (const height_t start : {1U, 49U, 50U, 77U, 299U}) {
    test_ferry ferry{300};
    ferry.disk = make_disk(start, chain.hash_of(start));
    const auto receipt = ferry.sync();
    BOOST_TEST((receipt.reason == drain_reason::completed));
    BOOST_TEST(ferry.disk->blocks.size() == 300 - start);
    BOOST_TEST(ferry.disk->blocks.begin()->first == start);
    BOOST_TEST(ferry.disk->broken_promise() == "");
    BOOST_TEST(
        ferry.disk->blocks.begin()->second.facts.record.unmade.has(chain::check::state_root));
  }
}

BOOST_AUTO_TEST_CASE(a_required_check_that_cannot_be_made_is_a_refusal) {
  test_ferry ferry{300};
  ferry.disk = make_disk(77, ferry.chain.hash_of(77));
  ferry.options.required.add(chain::check::state_root);
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::data_refused));
  BOOST_TEST(ferry.disk->blocks.empty());
  BOOST_TEST_REQUIRE(receipt.error.has_value());
  BOOST_TEST(receipt.error->message.find("state_root") != std::string::npos,
             receipt.error->message);
}

// What a start file says of the blocks before it is held against the first one after it.
BOOST_AUTO_TEST_CASE(a_start_file_makes_the_checks_that_a_pinned_start_cannot) {
  test_ferry before{300};
  before.options.until = 76;
  before.sync();
  for (const bool lies : {false, true}) {
    test_ferry ferry{300};
    ferry.disk->identity.start_height = 77;
    ferry.disk->state = before.disk->state;
    ferry.disk->state.start_height = 77;
    if (lies)
      ferry.disk->state.last_metadata->cumulative_weight.low += 1;
    ferry.options.required.add(chain::check::state_root);
    const auto receipt = ferry.sync();
    BOOST_TEST((receipt.reason == (lies ? drain_reason::data_refused : drain_reason::completed)));
    BOOST_TEST(ferry.disk->blocks.size() == (lies ? 0u : 223u));
    if (!lies)
      BOOST_TEST(ferry.disk->blocks.begin()->first == 77u);
  }
}

BOOST_AUTO_TEST_CASE(a_chain_that_lacks_the_pinned_block_is_refused) {
  test_ferry ferry{300};
  const plain_chain other{300, 100, 7, 0};
  ferry.disk = make_disk(60, other.hash_of(60));
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::data_refused));
  BOOST_TEST(ferry.disk->blocks.empty());
}

BOOST_AUTO_TEST_CASE(until_is_inclusive_and_exact) {
  for (const height_t until : {0U, 49U, 50U, 51U, 120U}) {
    test_ferry ferry{200};
    ferry.options.until = until;
    const auto receipt = ferry.sync();
    BOOST_TEST((receipt.reason == drain_reason::completed));
    BOOST_TEST(tip_of(*ferry.disk) == until);
  }
}

BOOST_AUTO_TEST_CASE(until_that_never_appears_gives_up) {
  test_ferry ferry{130};
  ferry.options.until = 500;
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::gave_up));
  BOOST_TEST(receipt.detail == "nothing was committed for --give-up-after, waited for height 130, "
                               "which no mirror has (--until 500)");
  BOOST_TEST(receipt.durable->height == 129u);
  BOOST_TEST(receipt.clean);
  BOOST_TEST((ferry.world.elapsed() >= 600s && ferry.world.elapsed() < 700s));
}

BOOST_AUTO_TEST_CASE(until_waits_for_a_block_that_comes_later) {
  test_ferry ferry{200};
  ferry.cdn->serve(0, ferry.chain, 130);
  ferry.options.until = 170;
  const auto node = ferry.start();
  ferry.world.advance(60s);
  BOOST_TEST(!node->ended());
  BOOST_TEST(tip_of(*ferry.disk) == 129);
  ferry.cdn->serve(0, ferry.chain, 200);
  ferry.world.advance(60s);
  BOOST_TEST(node->ended());
  BOOST_TEST(tip_of(*ferry.disk) == 170);
}

// Goal: a short last file grows; known blocks are not appended twice, the record becomes the newer.
BOOST_AUTO_TEST_CASE(a_last_file_that_grows_is_completed) {
  test_ferry ferry{180};
  ferry.options.follow = true;
  ferry.cdn->serve(0, ferry.chain, 101);
  const auto node = ferry.start();
  ferry.world.advance(1s);
  for (const std::uint32_t end : {101U, 102U, 117U, 149U, 150U, 151U, 180U}) {
    ferry.cdn->serve(0, ferry.chain, end);
    ferry.world.advance(20s);
    BOOST_TEST(tip_of(*ferry.disk) == end - 1);
    BOOST_TEST((node->status().phase == node_phase::following));
    BOOST_TEST(ferry.disk->files.rbegin()->second.file_blocks == (end - 1) % 50 + 1);
  }
  BOOST_TEST(ferry.disk->broken_promise() == "");
  BOOST_TEST(node->log().refusals.empty());
}

BOOST_AUTO_TEST_CASE(a_grown_file_that_differs_from_committed_blocks_is_refused) {
  test_ferry ferry{120};
  ferry.cdn->serve(0, ferry.chain, 110);
  ferry.sync();
  const plain_chain fork{120, 100, 9, 105};
  ferry.cdn->serve(0, fork, 120);
  const auto digest = ferry.disk->content_digest();
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::data_refused));
  BOOST_TEST_REQUIRE(receipt.error.has_value());
  BOOST_TEST((receipt.error->code == errc::bundle_contradicts_store));
  BOOST_TEST(ferry.disk->content_digest() == digest);
}

BOOST_AUTO_TEST_CASE(a_tip_that_goes_backwards_is_not_believed) {
  test_ferry ferry{200};
  ferry.options.follow = true;
  const auto node = ferry.start();
  ferry.world.advance(1s);
  ferry.cdn->advertise(0, 60);
  ferry.world.advance(20s);
  BOOST_TEST(node->status().target.value() == 199u);
  BOOST_TEST((node->status().phase == node_phase::following));
  BOOST_TEST(tip_of(*ferry.disk) == 199);
}

BOOST_AUTO_TEST_CASE(whether_committees_are_known_is_told_from_the_first_block_on) {
  test_ferry ferry{60};
  ferry.options.follow = true;
  ferry.cdn->advertise(0, 0);
  const auto node = ferry.start();
  BOOST_TEST(!node->status().committees);
  ferry.cdn->advertise(0, 60);
  BOOST_TEST(ferry.world.run_until([&] { return ferry.disk->blocks.size() == 60; }, 60s));
  BOOST_TEST_REQUIRE(node->status().committees.has_value());
  BOOST_TEST((node->status().committees->state == committees_known::not_followed));
}

BOOST_AUTO_TEST_CASE(a_tip_file_that_is_missing_ends_the_sync_before_it_and_the_receipt_says_so) {
  test_ferry ferry{130};
  ferry.cdn->remove_file(0, 100);
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(tip_of(*ferry.disk) == 99);
  BOOST_TEST(receipt.detail.find("height 129") != std::string::npos);
}

// Named for the gap: a store that begins above all that the CDN has was "completed", and no more.
BOOST_AUTO_TEST_CASE(a_cdn_whose_chain_ends_below_the_store_is_told) {
  test_ferry ferry{130};
  ferry.sync();
  ferry.cdn->serve(0, ferry.chain, 130);
  ferry.cdn->advertise(0, 60);
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(receipt.detail == "the CDN advertises height 59 only, and the next block here is 130");
}

// Goal: "synced" is never claimed while a file in the middle is missing.
BOOST_AUTO_TEST_CASE(a_file_that_is_missing_before_the_tip_is_a_stall_and_then_gives_up) {
  test_ferry ferry{230};
  ferry.cdn->remove_file(0, 100);
  const auto node = ferry.start();
  ferry.world.advance(60s);
  BOOST_TEST(!node->ended());
  const auto status = node->status();
  BOOST_TEST((status.phase == node_phase::stalled));
  BOOST_TEST((status.stalled->why.code == errc::cdn_not_found));
  BOOST_TEST(status.stalled->file_start == 100u);
  ferry.world.advance(600s);
  BOOST_TEST_REQUIRE(node->ended());
  BOOST_TEST((node->log().drained[0].reason == drain_reason::gave_up));
  BOOST_TEST((node->log().drained[0].error->code == errc::cdn_not_found));
  BOOST_TEST(tip_of(*ferry.disk) == 99);
}

// Named for the bug: the files behind a missing one were forgotten while the verifier had them, and
// came to it again under tickets that nobody answered.
BOOST_AUTO_TEST_CASE(a_file_that_comes_late_lets_those_behind_it_through) {
  test_ferry ferry{430};
  const auto file = ferry.chain.file(100);
  ferry.cdn->remove_file(0, 100);
  const auto node = ferry.start();
  ferry.world.advance(60s);
  BOOST_TEST(tip_of(*ferry.disk) == 99);
  ferry.cdn->put_file(0, 100, file);
  ferry.world.advance(60s);
  BOOST_TEST(node->ended());
  BOOST_TEST(tip_of(*ferry.disk) == 429);
}

BOOST_AUTO_TEST_CASE(a_follower_polls_politely_and_conditionally) {
  test_ferry ferry{100};
  ferry.options.follow = true;
  const auto node = ferry.start();
  ferry.world.advance(1s);
  const auto before = ferry.cdn->requests().size();
  ferry.world.advance(100s);
  const auto polls = ferry.cdn->requests().size() - before;
  BOOST_TEST(polls >= 16u); // 5 s, between 3/4 and 5/4 of it (see actors/README.md)
  BOOST_TEST(polls <= 27u);
  BOOST_TEST(ferry.cdn->requests().back().if_none_match == "100");
}

BOOST_AUTO_TEST_CASE(a_slow_start_of_a_mirror_delays_the_end_for_a_while_only) {
  test_ferry ferry{100, 2};
  ferry.cdn->hold(1, true);
  const auto node = ferry.start();
  ferry.world.advance(14s);
  BOOST_TEST(!node->ended());
  BOOST_TEST(tip_of(*ferry.disk) == 99);
  ferry.world.advance(2s);
  BOOST_TEST(node->ended());
}

BOOST_AUTO_TEST_CASE(two_nodes_share_a_system) {
  test_ferry one{220};
  const auto first = one.start();
  const plain_chain other_chain{170};
  auto other_cdn = std::make_shared<scripted_cdn>(1);
  other_cdn->serve(0, other_chain, 170);
  auto other_disk = make_disk();
  test_node second{one.world,
                   {test_options(), other_cdn, *open_memory_store(other_disk), one.rules, 2}};
  one.world.run();
  BOOST_TEST(first->ended());
  BOOST_TEST(second.ended());
  BOOST_TEST(tip_of(*one.disk) == 219);
  BOOST_TEST(tip_of(*other_disk) == 169);
}

BOOST_AUTO_TEST_CASE(numbers_are_measured_and_unknown_until_then) {
  test_ferry ferry{1000};
  ferry.options.follow = true;
  ferry.cdn->answer_at_once(false);
  const auto node = ferry.start();
  auto status = node->status();
  BOOST_TEST((status.phase == node_phase::syncing));
  BOOST_TEST(!status.blocks_per_second);
  BOOST_TEST(!status.eta_seconds);
  BOOST_TEST(!status.target);
  ferry.cdn->finish_all();
  ferry.world.run();
  ferry.cdn->finish(ferry.cdn->waiting().begin()->first);
  ferry.world.advance(2s);
  status = node->status();
  BOOST_TEST(status.target.value() == 999u);
  BOOST_TEST(status.blocks_fetched == 50u);
  BOOST_TEST(status.blocks_verified == 50u);
  BOOST_TEST(status.blocks_committed == 50u);
  BOOST_TEST(status.blocks_per_second.value() == 25.0, boost::test_tools::tolerance(0.01));
  BOOST_TEST(status.eta_seconds.value() == 38u);
  ferry.world.advance(30s); // nothing for longer than the window of the rate
  BOOST_TEST(!node->status().eta_seconds);
  BOOST_TEST(node->log().progress.size() >= 1u);
}

// Named for the bug: a node that could not go on at all told when it would be done.
BOOST_AUTO_TEST_CASE(a_stalled_node_has_no_eta) {
  test_ferry ferry{1000};
  ferry.options.follow = true;
  for (height_t file = 50; file < 1000; file += 50)
    ferry.cdn->remove_file(0, file);
  const auto node = ferry.start();
  ferry.world.advance(2s);
  const auto status = node->status();
  BOOST_TEST((status.phase == node_phase::stalled));
  BOOST_TEST(status.blocks_per_second.value() > 0);
  BOOST_TEST(!status.eta_seconds);
}

// The specification's rule 6.3 is no check of ours: one of the two clocks is wrong.
BOOST_AUTO_TEST_CASE(blocks_from_the_future_are_told_of_once_and_count) {
  const auto run = [](std::int64_t clock_s) {
    test_ferry ferry{330};
    ferry.world.wall() = manual_clock{clock_s * 1000};
    const noted_log log;
    ferry.log = log.logger();
    const auto receipt = ferry.sync();
    BOOST_TEST((receipt.reason == drain_reason::completed));
    BOOST_TEST(receipt.blocks_committed == 330u);
    return std::pair{ferry.disk->content_digest(), log.lines("BF204")};
  };
  // A plain block has the timestamp 1000 s + its height.
  const auto [calm, nothing] = run(1329);
  BOOST_TEST(nothing.empty());
  const auto [digest, lines] = run(1328);
  BOOST_TEST(digest == calm);
  BOOST_TEST_REQUIRE(lines.size() == 1u);
  BOOST_TEST(lines[0].find("block 329 is 1 s ahead") != std::string::npos, lines[0]);
  BOOST_TEST(run(1049).second.size() == 1u); // every file but the first
}

// Goal: as many refusals as the network likes, one line a minute.
BOOST_AUTO_TEST_CASE(lines_about_refused_files_come_at_the_rate_of_minutes) {
  test_ferry ferry{1000, 2};
  for (height_t file = 0; file < 1000; file += 50)
    for (mirror_id mirror = 0; mirror < 2; ++mirror)
      for (int times = 0; times < 6; ++times)
        ferry.cdn->next_answer(mirror, file, body_of({static_cast<std::uint8_t>(times)}));
  ferry.options.wait.quarantine = 1ms;
  ferry.options.follow = true;
  const noted_log log;
  ferry.log = log.logger();
  const auto node = ferry.start();
  BOOST_TEST(ferry.world.run_until([&] { return tip_of(*ferry.disk) == 999; }, 1h));
  const auto lines = log.lines("BF201");
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(ferry.world.elapsed()).count();
  BOOST_TEST(node->log().refusals.size() > 5 * lines.size());
  BOOST_TEST(lines.size() >= 3u); // each mirror's first, and one with a count
  BOOST_TEST(lines.size() <= static_cast<std::size_t>(2 * minutes));
  BOOST_TEST(lines.back().find(" like it before)") != std::string::npos, lines.back());
}

BOOST_AUTO_TEST_CASE(a_short_last_file_counts_the_blocks_it_has) {
  test_ferry ferry{55};
  const auto node = ferry.start();
  ferry.world.run();
  BOOST_TEST(node->log().drained.at(0).blocks_fetched == 55u);
}

BOOST_AUTO_TEST_CASE(a_listener_hears_the_phases_in_order_and_the_receipt_last) {
  test_ferry ferry{120};
  const auto node = ferry.start();
  ferry.world.run();
  std::vector<node_phase> phases;
  for (const auto& one : node->log().phases)
    phases.push_back(one.phase);
  BOOST_TEST_REQUIRE(phases.size() >= 3u);
  BOOST_TEST((phases.front() == node_phase::syncing));
  BOOST_TEST((phases[phases.size() - 2] == node_phase::draining));
  BOOST_TEST((phases.back() == node_phase::stopped));
}

BOOST_AUTO_TEST_CASE(the_same_seed_makes_the_same_requests) {
  const auto requests = [] {
    test_ferry ferry{400, 3};
    ferry.cdn->break_mirror(1, failing(errc::cdn_timed_out));
    ferry.sync(42);
    return ferry.cdn->requests();
  };
  BOOST_TEST((requests() == requests()));
}

BOOST_AUTO_TEST_SUITE_END()
