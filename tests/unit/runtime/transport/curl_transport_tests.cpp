
#include "tests/hostile/hostile_server.hpp"
#include "tests/unit/runtime/transport/temporary_folder.hpp"
#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::runtime;
using hostile::hostile_server;

namespace {

hostile::file_set read_demo_files() {
  return hostile::file_set::from_folder(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks");
}

std::string file_name_of(chain::height_t start) {
  return std::to_string(start) + "." + std::to_string(start + 50) + ".blocks";
}

std::string text_of(const payload& bytes) {
  return {bytes.view().begin(), bytes.view().end()};
}

/// A CDN over HTTP/2 whose answers for some files hang, and who asks it.
struct hanging_cdn {
  explicit hanging_cdn(std::initializer_list<chain::height_t> files)
      : cdn{read_demo_files(), scenario_for(files)} {}

  static hostile::scenario scenario_for(std::initializer_list<chain::height_t> files) {
    hostile::scenario out;
    for (const auto start : files)
      out.rules.push_back({hostile::find_play("silent-before-body"), start, 0, 100});
    out.tls = hostile::tls_fault::none;
    out.http2 = true;
    return out;
  }
  curl_options options() {
    auto out = transfer_run::quick({cdn.url()});
    out.low_speed_time = std::chrono::seconds{1}; // what hangs
    out.ca_file = folder.write("ca.pem", cdn.authority_pem());
    return out;
  }

  temporary_folder folder;
  hostile_server cdn;
  transfer_run run{options()};
};

} // namespace

BOOST_AUTO_TEST_SUITE(curl_transport_tests)

BOOST_AUTO_TEST_CASE(a_file_and_latest_json_come_whole) {
  const auto files = read_demo_files();
  hostile_server cdn{files, {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  const auto file = run.fetch(50);
  BOOST_REQUIRE(file.outcome);
  BOOST_TEST(text_of(file.outcome->bytes) == *files.find("50.100.blocks"));
  BOOST_TEST(file.outcome->url == cdn.url() + "/50.100.blocks");
  BOOST_TEST(file.outcome->status == 200);
  BOOST_TEST(file.bytes_received == file.outcome->bytes.size());
  const auto latest = run.fetch(std::nullopt);
  BOOST_REQUIRE(latest.outcome);
  BOOST_TEST(text_of(latest.outcome->bytes) == *files.find("latest.json"));
}

BOOST_AUTO_TEST_CASE(a_connection_is_used_again) {
  hostile_server cdn{read_demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  for (chain::height_t start = 0; start < 500; start += 50)
    BOOST_REQUIRE(run.fetch(start).outcome);
  BOOST_TEST(cdn.counts().connections == 1U);
}

// A peer that speaks unasked shifts every answer that follows on its connection.
BOOST_AUTO_TEST_CASE(what_was_refused_is_asked_for_over_a_fresh_connection) {
  hostile_server cdn{read_demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_REQUIRE(run.fetch(0).outcome);
  transfer_request again;
  again.file_start = 0;
  again.bytes_max = transfer_run::bytes_max;
  again.deadline = transfer_run::deadline;
  BOOST_REQUIRE(run.wait(run.start(again)).outcome);
  BOOST_TEST(cdn.counts().connections == 1U);
  again.fresh_connection = true;
  BOOST_REQUIRE(run.wait(run.start(again)).outcome);
  BOOST_TEST(cdn.counts().connections == 2U);
}

// Named for the bug: over HTTP/2 all transfers shared one connection, and with it what a far CDN
// gives to one.  Method: the first shows libcurl that the peer could take them all.
BOOST_AUTO_TEST_CASE(transfers_at_once_have_a_connection_each_over_http2_too) {
  hanging_cdn one{50, 100};
  BOOST_REQUIRE(one.run.fetch(0).outcome);
  const auto first = one.run.start(50);
  const auto second = one.run.start(100);
  BOOST_TEST(one.run.fetch(150).outcome.has_value());
  BOOST_TEST(one.cdn.counts().connections == 3U);
  BOOST_TEST((class_of(one.run.wait(first)) == errc::cdn_timed_out));
  BOOST_TEST((class_of(one.run.wait(second)) == errc::cdn_timed_out));
}

// A connection of HTTP/2 outlives a stream that stalled on it: it is given to no other transfer.
BOOST_AUTO_TEST_CASE(a_connection_that_stalled_is_not_used_again) {
  hanging_cdn one{50};
  BOOST_REQUIRE(one.run.fetch(0).outcome);
  BOOST_TEST((class_of(one.run.fetch(50)) == errc::cdn_timed_out));
  BOOST_TEST(one.run.fetch(100).outcome.has_value());
  BOOST_TEST(one.cdn.counts().connections == 2U);
}

// Named for the bug: libcurl's own time-outs, where they came first, left the connection for
// others.
BOOST_AUTO_TEST_CASE(a_connection_whose_transfer_ran_out_of_time_is_not_used_again) {
  hanging_cdn one{50};
  BOOST_REQUIRE(one.run.fetch(0).outcome);
  transfer_request request;
  request.file_start = 50;
  request.bytes_max = transfer_run::bytes_max;
  request.deadline = std::chrono::milliseconds{300}; // before it counts as stalled
  const auto hung = one.run.wait(one.run.start(request));
  BOOST_REQUIRE((class_of(hung) == errc::cdn_timed_out));
  BOOST_TEST(hung.outcome.error().why.message.find("300 ms") != std::string::npos);
  BOOST_TEST(one.run.fetch(100).outcome.has_value());
  BOOST_TEST(one.cdn.counts().connections == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_not_found) {
  hostile_server cdn{read_demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_TEST((class_of(run.fetch(1'000'000)) == errc::cdn_not_found));
}

BOOST_AUTO_TEST_CASE(an_etag_that_still_holds_gives_not_modified) {
  hostile_server cdn{read_demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  const auto first = run.fetch(std::nullopt);
  BOOST_REQUIRE(first.outcome);
  BOOST_REQUIRE(!first.outcome->etag.empty());
  transfer_request again;
  again.bytes_max = transfer_run::bytes_max;
  again.deadline = transfer_run::deadline;
  again.if_none_match = first.outcome->etag;
  const auto second = run.wait(run.start(again));
  BOOST_REQUIRE(second.outcome);
  BOOST_TEST(second.outcome->not_modified);
  BOOST_TEST(second.outcome->bytes.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_transfer_gives_no_result) {
  hostile::scenario silent;
  silent.on_connect = hostile::connect_play::silent;
  hostile_server cdn{read_demo_files(), silent};
  hostile_server honest{read_demo_files(), {}};
  curl_options options = transfer_run::quick({cdn.url(), honest.url()});
  options.low_speed_time = std::chrono::seconds{30};
  transfer_run run{options};
  const transfer_id hung = run.start(0);
  run.cancel(hung);
  run.cancel(hung);
  run.cancel(12'345); // never begun
  BOOST_TEST(run.fetch(50, 1).outcome.has_value());
  run.stop();
  BOOST_TEST(!run.has(hung));
}

BOOST_AUTO_TEST_CASE(the_end_does_not_wait_for_transfers) {
  hostile::scenario silent;
  silent.on_connect = hostile::connect_play::silent;
  hostile_server cdn{read_demo_files(), silent};
  curl_options options = transfer_run::quick({cdn.url()});
  options.low_speed_time = std::chrono::hours{1};
  transfer_run run{options};
  const transfer_id hung = run.start(0);
  run.stop();
  BOOST_TEST(!run.has(hung));
}

// One after another, so that no more than one piece is under way beyond what the limit gives.
BOOST_AUTO_TEST_CASE(a_rate_limit_holds_over_all_transfers_together) {
  const auto files = read_demo_files();
  hostile_server cdn{files, {}};
  curl_options options = transfer_run::quick({cdn.url()});
  constexpr std::uint64_t rate = 40'000;
  options.bytes_per_second_max = rate;
  options.low_speed_time = std::chrono::milliseconds{400}; // shorter than what the limit holds up
  transfer_run run{options};
  const auto begun = std::chrono::steady_clock::now();
  std::uint64_t bytes = 0, largest = 0;
  for (chain::height_t start = 50; start < 250; start += 50) {
    BOOST_REQUIRE(run.fetch(start).outcome.has_value());
    const std::uint64_t size = files.find(file_name_of(start))->size();
    BOOST_REQUIRE(size > rate / 2); // held up for longer than that
    bytes += size;
    largest = std::max(largest, size);
  }
  // A lower bound on time holds on a machine of any speed.
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  const double slack = rate / 10.0 + static_cast<double>(largest);
  BOOST_TEST(took.count() >= (static_cast<double>(bytes) - slack) / static_cast<double>(rate));
}

// Named for the bug: the newest transfer went on first, so that the file at the head of the line
// came last and nothing could be committed before it.
// Method: the first file leaves a debt of seconds, in which the others come to wait.
BOOST_AUTO_TEST_CASE(a_rate_limit_lets_the_lowest_file_go_on_first) {
  hostile_server cdn{read_demo_files(), {}};
  curl_options options = transfer_run::quick({cdn.url()});
  options.bytes_per_second_max = 10'000;
  transfer_run run{options};
  BOOST_TEST(run.fetch(1000).outcome.has_value());
  const transfer_id lowest = run.start(50);
  const transfer_id middle = run.start(100);
  const transfer_id highest = run.start(150);
  BOOST_TEST(run.wait(lowest).outcome.has_value());
  BOOST_TEST(!run.has(middle));
  BOOST_TEST(!run.has(highest));
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_after_an_answer_costs_nothing) {
  for (const auto how :
       {hostile::connect_play::one_request, hostile::connect_play::one_request_close}) {
    hostile::scenario played;
    played.on_connect = how;
    hostile_server cdn{read_demo_files(), played};
    transfer_run run{transfer_run::quick({cdn.url()})};
    for (chain::height_t start = 0; start < 250; start += 50)
      BOOST_TEST(run.fetch(start).outcome.has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
