#define BOOST_TEST_MODULE curl_transport_tests
#include "tests/hostile/hostile_server.hpp"
#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::runtime;
using hostile::hostile_server;

namespace {

hostile::file_set demo_files() {
  return hostile::file_set::from_folder(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks");
}

std::string text_of(const payload& bytes) {
  return {bytes.view().begin(), bytes.view().end()};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_and_latest_json_come_whole) {
  const auto files = demo_files();
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
  hostile_server cdn{demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  for (chain::height_t start = 0; start < 500; start += 50)
    BOOST_REQUIRE(run.fetch(start).outcome);
  BOOST_TEST(cdn.counts().connections == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_not_found) {
  hostile_server cdn{demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_TEST((class_of(run.fetch(1'000'000)) == errc::cdn_not_found));
}

BOOST_AUTO_TEST_CASE(an_etag_that_still_holds_gives_not_modified) {
  hostile_server cdn{demo_files(), {}};
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
