#include "runtime/exit_code.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace blockferry;
using runtime::exit_code;
using runtime::exit_code_of;

exit_code of(errc code) {
  return exit_code_of(failure{code, {}});
}

drain_receipt stopped(drain_reason reason, bool clean) {
  drain_receipt out;
  out.reason = reason;
  out.clean = clean;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exit_code_tests)

// The table of behaviour: what ends a run.
BOOST_AUTO_TEST_CASE(each_class_of_failure_has_its_code) {
  BOOST_TEST((of(errc::cdn_timed_out) == exit_code::network_gave_up));
  BOOST_TEST((of(errc::bundle_check_failed) == exit_code::data_refused));
  BOOST_TEST((of(errc::store_damaged) == exit_code::data_refused));
  BOOST_TEST((of(errc::store_full) == exit_code::disk_full));
  BOOST_TEST((of(errc::store_io) == exit_code::storage));
  BOOST_TEST((of(errc::store_locked) == exit_code::store_locked));
  for (const errc code : {errc::store_foreign, errc::store_newer, errc::store_other_network,
                          errc::store_other_start, errc::store_below_floor, errc::invalid_argument})
    BOOST_TEST((of(code) == exit_code::usage));
  BOOST_TEST((of(errc::worker_died) == exit_code::other));
}

BOOST_AUTO_TEST_CASE(a_receipt_says_how_the_run_ended) {
  for (const auto reason : {drain_reason::signal, drain_reason::requested, drain_reason::completed})
    BOOST_TEST((exit_code_of(stopped(reason, true)) == exit_code::done));
  BOOST_TEST((exit_code_of(stopped(drain_reason::gave_up, true)) == exit_code::network_gave_up));
  BOOST_TEST((exit_code_of(stopped(drain_reason::data_refused, true)) == exit_code::data_refused));
  BOOST_TEST((exit_code_of(stopped(drain_reason::actor_died, true)) == exit_code::other));
}

BOOST_AUTO_TEST_CASE(a_stop_whose_last_commit_failed_is_no_success) {
  auto receipt = stopped(drain_reason::signal, false);
  BOOST_TEST((exit_code_of(receipt) == exit_code::storage));
  receipt.error = failure{errc::store_full, {}};
  BOOST_TEST((exit_code_of(receipt) == exit_code::disk_full));
  for (const auto reason : {drain_reason::store_failed, drain_reason::gave_up,
                            drain_reason::data_refused, drain_reason::actor_died}) {
    receipt.reason = reason;
    BOOST_TEST((exit_code_of(receipt) == exit_code::disk_full));
  }
}

BOOST_AUTO_TEST_SUITE_END()
