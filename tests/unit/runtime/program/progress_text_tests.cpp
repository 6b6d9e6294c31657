#include "runtime/node_command/progress_text.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::runtime {

BOOST_AUTO_TEST_SUITE(progress_text_tests)

BOOST_AUTO_TEST_CASE(what_is_not_known_is_called_unknown) {
  node_status status;
  status.phase = node_phase::syncing;
  BOOST_TEST(progress_text(status) ==
             "syncing: height none of unknown, unknown blocks/s, unknown/s, ETA unknown");
}

BOOST_AUTO_TEST_CASE(the_line_has_tip_target_rates_eta_and_the_reason_of_a_stall) {
  node_status status;
  status.phase = node_phase::stalled;
  status.durable = chain::tip{149, {}};
  status.target = 1059;
  status.blocks_per_second = 99.6;
  status.bytes_per_second = 2'345'678;
  status.eta_seconds = 65;
  status.stalled = stall{{errc::cdn_timed_out, "no answer"}, 150, "http://m", std::nullopt};
  BOOST_TEST(
      progress_text(status) ==
      "stalled: height 149 of 1059, 100 blocks/s, 2.35 MB/s, ETA 1m05s, waiting for file 150 "
      "from http://m: no answer");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
