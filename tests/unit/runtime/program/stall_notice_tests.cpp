#include "runtime/node_command/stall_notice.hpp"
#include "tests/support/test_node.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;
using runtime::stall_notice;

namespace {

const phase_changed stalled{node_phase::stalled,
                            stall{{errc::cdn_timed_out, "no answer"}, 150, "http://m", {}}};
const phase_changed syncing{node_phase::syncing, std::nullopt};
constexpr stall_notice::time_point start{};

} // namespace

BOOST_AUTO_TEST_SUITE(stall_notice_tests)

BOOST_AUTO_TEST_CASE(a_stall_is_told_once_it_has_lasted_a_second_and_so_is_its_end) {
  stall_notice notice;
  BOOST_TEST(!notice.next_due());
  BOOST_TEST(!notice.enter(stalled, start));
  BOOST_TEST((notice.next_due() == start + 1s));
  BOOST_TEST(!notice.due(start + 999ms));
  BOOST_TEST((notice.due(start + 1s) == stalled.why));
  BOOST_TEST(!notice.due(start + 2s));
  BOOST_TEST(!notice.next_due());
  BOOST_TEST(notice.enter(syncing, start + 3s));
  BOOST_TEST(!notice.enter({node_phase::following, {}}, start + 4s));
}

BOOST_AUTO_TEST_CASE(a_short_stall_is_not_told_and_neither_is_its_end) {
  stall_notice notice;
  BOOST_TEST(!notice.enter(stalled, start));
  BOOST_TEST(!notice.enter(syncing, start + 999ms));
  BOOST_TEST(!notice.due(start + 5s));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_node_is_not_the_end_of_a_stall) {
  stall_notice notice;
  BOOST_TEST(!notice.enter(stalled, start));
  BOOST_TEST(notice.due(start + 1s).has_value());
  BOOST_TEST(!notice.enter({node_phase::draining, {}}, start + 2s));
}

BOOST_AUTO_TEST_CASE(the_next_stall_is_told_a_minute_later_if_it_lasts_so_long) {
  stall_notice notice;
  BOOST_TEST(!notice.enter(stalled, start));
  BOOST_TEST(notice.due(start + 1s).has_value());
  BOOST_TEST(notice.enter(syncing, start + 2s));
  BOOST_TEST(!notice.enter(stalled, start + 3s));
  BOOST_TEST((notice.next_due() == start + 61s));
  BOOST_TEST(!notice.due(start + 60s));
  BOOST_TEST(notice.due(start + 61s).has_value());
}

// Goal: however often a CDN fails, the log has at most a line a minute and one for its end.
BOOST_AUTO_TEST_CASE(a_cdn_that_fails_every_other_request_cannot_fill_the_log) {
  test_ferry ferry{5000};
  ferry.options.connections = 1; // so that no file covers up for another
  ferry.cdn->answer_at_once(false);
  for (height_t file = 0; file < 5000; file += 50)
    for (int times = 0; times < 4; ++times)
      ferry.cdn->next_answer(0, file, failing(errc::cdn_bad_status));
  const auto node = ferry.start();
  stall_notice notice;
  std::size_t seen = 0, changes = 0, lines = 0;
  const bool ended = ferry.world.run_until(
      [&] {
        for (; !ferry.cdn->waiting().empty(); ferry.world.run())
          ferry.cdn->finish_all();
        const stall_notice::time_point now{ferry.world.elapsed()};
        lines += notice.due(now) ? 1U : 0U;
        for (; seen < node->log().phases.size(); ++seen) {
          changes += node->log().phases[seen].phase == node_phase::stalled ? 1U : 0U;
          lines += notice.enter(node->log().phases[seen], now) ? 1U : 0U;
        }
        return node->ended();
      },
      24h);
  BOOST_TEST_REQUIRE(ended);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(ferry.world.elapsed()).count();
  BOOST_TEST(changes > 20u);
  BOOST_TEST(lines <= static_cast<std::size_t>(2 * minutes));
  BOOST_TEST(lines < changes / 2);
}

BOOST_AUTO_TEST_SUITE_END()
