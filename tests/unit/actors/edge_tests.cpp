// What seldom meets: messages that cross, rounds at their bounds, actors that end together.
#include "tests/support/forwarding_rules.hpp"
#include "tests/support/test_node.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <caf/event_based_actor.hpp>
#include <deque>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(edge_tests)

namespace {

/// What becomes of a question about a file's history.
enum class verdict : std::uint8_t { refuse = 1, die };

/// Rules whose judgement of history follows a script, file by file, and is right after that.
class scripted_history final : public forwarding_rules {
public:
  using script = std::map<height_t, std::deque<verdict>>; ///< by the first height that is asked for
  scripted_history(std::shared_ptr<const chain::rules> judge, script next)
      : forwarding_rules(std::move(judge)), next_(std::move(next)) {}
  [[nodiscard]] chain::expected<std::vector<chain::check_record>, chain::check_failure>
  check_history(const chain::chain_state& before, const chain::checked_blocks& blocks,
                std::stop_token stop) const override {
    auto& todo = next_[before.next_height];
    if (todo.empty())
      return forwarding_rules::check_history(before, blocks, stop);
    const auto now = todo.front();
    todo.pop_front();
    if (now == verdict::die)
      throw std::runtime_error("by script");
    chain::check_failure out;
    out.kind = chain::failure_kind::refused;
    out.which = chain::check::state_root;
    return tl::make_unexpected(out);
  }

private:
  mutable script next_;
};

/// Sends `question` to an actor `times` times and counts the answers.
template <class Answer, class Handle, class Question>
std::shared_ptr<std::vector<Answer>> ask(test_ferry& ferry, const Handle& whom, Question question,
                                         int times) {
  auto out = std::make_shared<std::vector<Answer>>();
  ferry.world.system().spawn([=](caf::event_based_actor* self) {
    for (int i = 0; i < times; ++i)
      self->request(whom, caf::infinite, question).then([out](const Answer& answer) {
        out->push_back(answer);
      });
  });
  return out;
}

/// A node that has asked for latest.json and got it, and waits for files.
std::unique_ptr<test_node> waiting_for_files(test_ferry& ferry) {
  ferry.cdn->answer_at_once(false);
  auto node = ferry.start();
  ferry.world.run();
  ferry.cdn->finish_all();
  ferry.world.run();
  return node;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_result_that_comes_when_the_node_is_gone_finds_nobody) {
  test_ferry ferry{100};
  const auto node = waiting_for_files(ferry);
  ferry.cdn->deliver_cancelled(true);
  node->abandon();
  ferry.world.run();
  ferry.cdn->finish_all();
  ferry.world.run();
  BOOST_TEST(ferry.world.system().registry().running() == 0u);
  BOOST_TEST(ferry.disk->blocks.empty());
}

// Goal: between the end that the downloader announces and the drain nothing begins any more.
BOOST_AUTO_TEST_CASE(results_that_cross_the_end_of_a_sync_change_nothing) {
  const auto lie = [](plain_block& block) { block.salt += block.height == 7 ? 1 : 0; };
  for (std::size_t step = 0; step < 60; ++step) {
    test_ferry ferry{300};
    ferry.cdn->put_file(0, 0, ferry.chain.file(0, 50, lie));
    ferry.cdn->answer_at_once(false);
    const auto node = ferry.start();
    const auto head_only = [&] {
      const auto waiting = ferry.cdn->waiting();
      for (const auto& [id, request] : waiting)
        if (request.file_start.value_or(0) == 0)
          ferry.cdn->finish(id);
    };
    for (int round = 0; round < 2; ++round) {
      ferry.world.advance(1s);
      head_only();
      ferry.world.advance(1s);
      head_only();
    }
    ferry.world.run(step);
    ferry.cdn->finish_all();
    BOOST_TEST(ferry.world.run_until(
        [&] {
          ferry.cdn->finish_all();
          return node->ended();
        },
        60s));
    BOOST_TEST_REQUIRE(node->ended());
    BOOST_TEST((node->log().drained[0].reason == drain_reason::data_refused));
    BOOST_TEST(ferry.disk->blocks.empty());
  }
}

// Named for the bug of others: snarkOS panics on it.
BOOST_AUTO_TEST_CASE(a_last_file_that_has_not_grown_yet_holds_nothing_new) {
  test_ferry ferry{60};
  ferry.cdn->serve(0, ferry.chain, 55);
  ferry.sync();
  for (const std::uint64_t end : {55U, 53U}) { // as before, or from a cache that is older
    ferry.cdn->put_file(0, 50, ferry.chain.file(50, end));
    ferry.cdn->advertise(0, 60);
    const auto receipt = ferry.sync();
    BOOST_TEST((receipt.reason == drain_reason::completed));
    BOOST_TEST(ferry.disk->blocks.size() == 55u);
    BOOST_TEST(receipt.detail.find("height 59") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_tip_above_the_wanted_end_is_not_told) {
  test_ferry ferry{130, 2};
  ferry.options.until = 120;
  ferry.cdn->remove_file(0, 100);
  ferry.cdn->remove_file(1, 100);
  ferry.cdn->next_answer(0, 100, failing(errc::cdn_timed_out)); // so that the other is asked too
  ferry.cdn->next_answer(0, 100, body_of(ferry.chain.file(100)));
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(receipt.durable->height == 120u);
  BOOST_TEST(receipt.detail.empty());
}

BOOST_AUTO_TEST_CASE(a_mirror_that_is_behind_does_not_keep_a_refused_file_from_ending_a_sync) {
  test_ferry ferry{170, 2};
  ferry.cdn->serve(1, ferry.chain, 50);
  ferry.cdn->put_file(0, 100, ferry.chain.file(100, 150, [](plain_block& block) {
    block.salt += block.height == 107 ? 1 : 0;
  }));
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::data_refused));
  BOOST_TEST(receipt.durable->height == 99u);
}

BOOST_AUTO_TEST_CASE(the_window_has_a_bound_of_files_too) {
  const std::uint32_t files = limits::window_bundles_max + 20;
  test_ferry ferry{files * blocks_per_file};
  const auto node = waiting_for_files(ferry);
  const auto finish_but_the_head = [&] {
    const auto waiting = ferry.cdn->waiting();
    for (const auto& [id, request] : waiting)
      if (request.file_start != 0U)
        ferry.cdn->finish(id);
    ferry.world.run();
  };
  while (ferry.cdn->waiting().size() > 1)
    finish_but_the_head();
  BOOST_TEST(node->status().window_bundles == limits::window_bundles_max);
  ferry.cdn->answer_at_once(true);
  ferry.cdn->finish_all();
  BOOST_TEST(ferry.world.run_until([&] { return node->ended(); }, 60s));
  BOOST_TEST(ferry.disk->blocks.size() == files * blocks_per_file);
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_for_behind_a_file_that_may_be_short) {
  test_ferry ferry{250};
  ferry.options.follow = true;
  ferry.cdn->serve(0, ferry.chain, 60);
  const auto node = waiting_for_files(ferry);
  const auto files = [&] { return ferry.cdn->requests().size(); };
  ferry.cdn->serve(0, ferry.chain, 250);
  while (ferry.cdn->requests_for(0, scripted_cdn::latest) < 2 && ferry.world.fire_timer())
    ferry.world.run();
  const auto before = files();
  const auto waiting = ferry.cdn->waiting();
  for (const auto& [id, request] : waiting)
    if (!request.file_start)
      ferry.cdn->finish(id);
  ferry.world.run();
  BOOST_TEST((node->status().target == 249U));
  BOOST_TEST(files() == before);
  ferry.cdn->answer_at_once(true);
  ferry.cdn->finish_all();
  ferry.world.advance(30s);
  BOOST_TEST(ferry.disk->blocks.size() == 250u);
}

BOOST_AUTO_TEST_CASE(a_chain_whose_only_file_is_missing_is_an_empty_one) {
  test_ferry ferry{30};
  ferry.cdn->remove_file(0, 0);
  const auto receipt = ferry.sync();
  BOOST_TEST((receipt.reason == drain_reason::completed));
  BOOST_TEST(!receipt.durable);
  BOOST_TEST(receipt.detail.find("height 29") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(mirrors_are_compared_over_one_connection_too) {
  test_ferry ferry{170, 2};
  ferry.options.compare = 2;
  ferry.options.connections = 1;
  BOOST_TEST((ferry.sync().reason == drain_reason::completed));
  BOOST_TEST(ferry.disk->blocks.size() == 170u);
}

BOOST_AUTO_TEST_CASE(a_file_longer_than_any_may_be_is_not_asked_for_with_a_larger_share) {
  test_ferry ferry{150};
  transfer_failure large;
  large.why = {errc::cdn_too_large, "5 GB were announced"};
  large.bytes_needed = 5'000'000'000;
  ferry.cdn->next_answer(0, 50, tl::make_unexpected(large)); // behind the head: of a small share
  BOOST_TEST((ferry.sync().reason == drain_reason::completed));
  BOOST_TEST(ferry.disk->blocks.size() == 150u);
  BOOST_TEST(ferry.cdn->requests_for(0, 50) == 2u);
  for (const auto& request : ferry.cdn->requests())
    BOOST_TEST(request.bytes_max <= ferry.options.bundle_bytes);
}

BOOST_AUTO_TEST_CASE(latest_json_is_asked_for_again_when_the_server_said) {
  test_ferry ferry{60};
  ferry.cdn->next_answer(0, scripted_cdn::latest, failing(errc::cdn_rate_limited, 5s));
  BOOST_TEST((ferry.sync().reason == drain_reason::completed));
  BOOST_TEST((ferry.world.elapsed() >= 5s));
}

BOOST_AUTO_TEST_CASE(a_node_needs_no_log) {
  test_ferry ferry{150};
  ferry.log = nullptr;
  ferry.cdn->next_answer(0, 50, body_of({1, 2, 3})); // a refusal, which is an event too
  BOOST_TEST((ferry.sync().reason == drain_reason::completed));
}

BOOST_AUTO_TEST_CASE(a_node_without_a_mirror_gives_up) {
  test_ferry ferry{60, 0};
  BOOST_TEST((ferry.sync().reason == drain_reason::gave_up));
}

BOOST_AUTO_TEST_CASE(a_listener_that_subscribes_twice_hears_once_and_may_leave) {
  test_ferry ferry{150};
  const auto node = waiting_for_files(ferry);
  caf::anon_send(node->supervisor(), node->listener());
  ferry.world.run();
  ferry.cdn->answer_at_once(true);
  ferry.cdn->finish_all();
  ferry.world.run();
  BOOST_TEST(node->log().drained.size() == 1u);

  test_ferry other{150};
  const auto deserted = waiting_for_files(other);
  caf::anon_send_exit(deserted->listener(), caf::exit_reason::user_shutdown);
  other.world.run();
  other.cdn->answer_at_once(true);
  other.cdn->finish_all();
  other.world.run();
  BOOST_TEST(other.disk->clean);
  BOOST_TEST(other.disk->blocks.size() == 150u);
}

BOOST_AUTO_TEST_CASE(a_drain_that_its_host_cuts_short_is_answered_with_an_error) {
  std::size_t cut_short = 0;
  for (std::size_t step = 0; step < 12; ++step) {
    test_ferry ferry{150};
    const auto node = waiting_for_files(ferry);
    node->ask_drain();
    ferry.world.run(step);
    caf::anon_send_exit(node->supervisor(), caf::exit_reason::user_shutdown);
    node->ask_drain(drain_reason::requested, "late");
    ferry.world.run();
    BOOST_TEST(node->log().receipts.size() + node->log().unanswered.size() == 2u);
    BOOST_TEST(!ferry.disk->open);
    cut_short += node->log().unanswered.size() / 2;
  }
  BOOST_TEST(cut_short > 3u);
}

BOOST_AUTO_TEST_CASE(actors_that_all_end_at_once_leave_a_receipt) {
  test_ferry ferry{150};
  const auto node = waiting_for_files(ferry);
  node->kill(node->actors().downloader);
  node->kill(node->actors().verifier);
  node->kill(node->actors().writer);
  ferry.world.run();
  BOOST_TEST_REQUIRE(node->ended());
  BOOST_TEST(!node->log().drained[0].clean);
  node->abandon();
  ferry.world.run();
  BOOST_TEST(ferry.world.system().registry().running() == 0u);
}

// Goal: what was asked about blocks behind a refused one is asked again, whatever comes of it.
BOOST_AUTO_TEST_CASE(answers_about_blocks_behind_a_refused_one_do_not_count) {
  for (const std::optional<verdict> second :
       {std::optional<verdict>{}, std::optional{verdict::refuse}, std::optional{verdict::die}}) {
    test_ferry ferry{150};
    scripted_history::script script{{0, {verdict::refuse}}};
    if (second)
      script[50].push_back(*second);
    ferry.rules = std::make_shared<scripted_history>(ferry.rules, script);
    const auto node = waiting_for_files(ferry); // that they are judged at once
    ferry.cdn->answer_at_once(true);
    ferry.cdn->finish_all();
    BOOST_TEST(ferry.world.run_until([&] { return node->ended(); }, 60s));
    BOOST_TEST(ferry.disk->blocks.size() == 150u);
    BOOST_TEST(ferry.disk->broken_promise() == "");
  }
}

BOOST_AUTO_TEST_CASE(a_worker_that_ends_over_history_costs_one_retry) {
  for (const std::size_t deaths : {1U, 2U}) {
    test_ferry ferry{150};
    const scripted_history::script script{{50, std::deque<verdict>(deaths, verdict::die)}};
    ferry.rules = std::make_shared<scripted_history>(ferry.rules, script);
    const auto node = ferry.start();
    BOOST_TEST(ferry.world.run_until([&] { return node->ended(); }, 60s));
    BOOST_TEST(ferry.disk->blocks.size() == 150u);
    BOOST_TEST(node->log().refusals.size() == deaths - 1);
  }
}

// Goal: the block before it may be the wrong one; until it is proven nobody is blamed.
BOOST_AUTO_TEST_CASE(a_block_that_does_not_fit_is_refused_once_those_before_are_proven) {
  test_ferry ferry{150};
  const plain_chain fork{150, 100, 3, 0};
  const auto node = waiting_for_files(ferry);
  const auto waiting = ferry.cdn->waiting();
  for (const auto& [id, request] : waiting)
    ferry.cdn->finish(
        id, body_of((request.file_start == 50U ? fork : ferry.chain).file(*request.file_start)));
  ferry.world.run();
  BOOST_TEST_REQUIRE(node->log().refusals.size() == 1u);
  BOOST_TEST(node->log().refusals[0].file_start == 50u);
  BOOST_TEST(ferry.disk->blocks.size() == 50u);
}

BOOST_AUTO_TEST_CASE(who_asks_an_actor_twice_for_its_drain_gets_the_same_answer) {
  test_ferry ferry{150};
  const auto node = waiting_for_files(ferry);
  const auto dropped = ask<verifier_drained>(ferry, node->actors().verifier, drain_request{}, 2);
  ferry.world.run();
  BOOST_TEST_REQUIRE(dropped->size() == 2u);
  BOOST_TEST((dropped->at(0) == dropped->at(1)));

  const auto writer = ferry.start_writer();
  drain_writer first;
  first.receipt.detail = "first";
  const auto acks = ask<committed_ack>(ferry, writer, first, 2);
  ferry.world.run();
  BOOST_TEST_REQUIRE(acks->size() == 2u);
  BOOST_TEST((acks->at(0) == acks->at(1)));
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
}

// Goal: the first storage error is sticky, whoever asks for a commit.
BOOST_AUTO_TEST_CASE(a_writer_that_failed_commits_nothing_when_it_is_told_to) {
  test_ferry ferry{150};
  int commits = 0;
  ferry.disk->before_step = [&](store_step step) -> std::optional<failure> {
    if (step == store_step::commit && ++commits == 1)
      return failure{errc::store_io, "by script"};
    return std::nullopt;
  };
  const auto node = ferry.start();
  while (commits == 0 && ferry.world.step()) {
  }
  caf::anon_send(node->actors().writer, commit_group{});
  ferry.world.run();
  BOOST_TEST_REQUIRE(node->ended());
  BOOST_TEST(commits == 1);
  BOOST_TEST(ferry.disk->blocks.empty());
  ferry.disk->before_step = {};
}

BOOST_AUTO_TEST_SUITE_END()
