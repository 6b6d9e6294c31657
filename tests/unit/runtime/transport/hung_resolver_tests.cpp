#include "tests/hostile/hostile_server.hpp"
#include "tests/hostile/hung_resolver.hpp"
#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::runtime;
using namespace std::chrono_literals;

namespace {

struct with_hung_name {
  with_hung_name() { options.connect_timeout = 60s; }
  ~with_hung_name() { hostile::release_lookups(); }
  hostile::hostile_server cdn{
      hostile::file_set::from_folder(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks"), {}};
  curl_options options = transfer_run::quick({"http://a.hangs.test", cdn.url()});
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hung_resolver_tests, with_hung_name)

BOOST_AUTO_TEST_CASE(a_name_lookup_that_hangs_delays_no_other_transfer) {
  options.low_speed_time = 0ms;
  transfer_run run{options};
  transfer_request request;
  const transfer_id hung = run.start(request);
  BOOST_REQUIRE(hostile::wait_for_hung_lookups(1));
  for (chain::height_t start = 0; start < 500; start += 50)
    BOOST_TEST(!class_of(run.fetch(start, 1)));
  BOOST_TEST(!run.has(hung));
  BOOST_TEST(hostile::hung_lookups() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_lookup_that_hangs_ends_in_a_time_out) {
  options.connect_timeout = 1s;
  transfer_run run{options};
  BOOST_TEST((class_of(run.fetch(0)) == errc::cdn_timed_out));
  BOOST_TEST(hostile::hung_lookups() == 1U);
  BOOST_TEST(!class_of(run.fetch(0, 1)));
}

BOOST_AUTO_TEST_CASE(a_name_lookup_that_hangs_delays_neither_cancel_nor_end) {
  options.low_speed_time = 0ms;
  transfer_run run{options};
  transfer_request request;
  const transfer_id cancelled = run.start(request);
  BOOST_REQUIRE(hostile::wait_for_hung_lookups(1));
  run.cancel(cancelled);
  BOOST_TEST(!class_of(run.fetch(0, 1)));
  run.start(request);
  BOOST_REQUIRE(hostile::wait_for_hung_lookups(2));
  run.stop();
  BOOST_TEST(hostile::hung_lookups() == 2U); // it was not waited for
  BOOST_TEST(!run.has(cancelled));
}

BOOST_AUTO_TEST_CASE(a_name_that_flips_to_an_inner_address_is_refused_from_then_on) {
  options.origins = {"http://cdn.flips.test:" + std::to_string(cdn.port()), cdn.url()};
  transfer_run first{options};
  BOOST_TEST(!class_of(first.fetch(0)));
  transfer_run second{options}; // looks the name up for itself
  BOOST_TEST((class_of(second.fetch(0)) == errc::cdn_forbidden_address));
  BOOST_TEST(!class_of(second.fetch(0, 1)));
}

BOOST_AUTO_TEST_CASE(an_inner_address_behind_a_dead_public_one_is_refused) {
  options.origins = {"http://cdn.halfway.test:" + std::to_string(cdn.port())};
  transfer_run run{options};
  BOOST_TEST((class_of(run.fetch(0)) == errc::cdn_forbidden_address));
  BOOST_TEST(cdn.counts().connections == 0U);
}

BOOST_AUTO_TEST_CASE(a_name_with_a_thousand_dead_addresses_is_not_tried_for_ever) {
  options.origins = {"http://cdn.crowd.test", cdn.url()};
  options.low_speed_time = 1s;
  transfer_run run{options};
  const auto seen = class_of(run.fetch(0));
  BOOST_TEST((seen == errc::cdn_timed_out || seen == errc::cdn_unreachable)); // whichever is first
  BOOST_TEST(!class_of(run.fetch(0, 1)));
}

BOOST_AUTO_TEST_SUITE_END()
