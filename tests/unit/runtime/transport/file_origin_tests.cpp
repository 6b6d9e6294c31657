#include "tests/unit/runtime/transport/temporary_folder.hpp"
#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace blockferry;
using namespace blockferry::runtime;

namespace {

transfer_request file_request(std::uint64_t bytes_max, std::string if_none_match = {}) {
  transfer_request out;
  out.file_start = 0;
  out.bytes_max = bytes_max;
  out.if_none_match = std::move(if_none_match);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_origin_tests)

BOOST_AUTO_TEST_CASE(a_regular_file_comes_whole) {
  const temporary_folder folder;
  std::string bytes(700'000, 'x');
  bytes.back() = 'y';
  folder.write("0.50.blocks", bytes);
  transfer_run run{transfer_run::quick({"file://" + folder.path("")})};
  const auto result = run.fetch(0);
  BOOST_REQUIRE(result.outcome);
  const auto view = result.outcome->bytes.view();
  BOOST_TEST(std::string(view.begin(), view.end()) == bytes);
  BOOST_TEST(result.outcome->status == 0);
  BOOST_TEST(result.bytes_received == bytes.size());
  BOOST_TEST(result.outcome->url == "file://" + folder.path("0.50.blocks"));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found) {
  const temporary_folder folder;
  folder.write("file", "x");
  transfer_run run{
      transfer_run::quick({"file://" + folder.path("none"), "file://" + folder.path("file")})};
  BOOST_TEST((class_of(run.fetch(0)) == errc::cdn_not_found));
  BOOST_TEST((class_of(run.fetch(0, 1)) == errc::cdn_not_found)); // a file for a folder
  BOOST_TEST((class_of(run.fetch(std::nullopt)) == errc::cdn_not_found));
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_read) {
  const temporary_folder folder;
  std::filesystem::create_directory(folder.path("0.50.blocks"));
  BOOST_REQUIRE(::mkfifo(folder.path("50.100.blocks").c_str(), 0600) == 0);
  std::filesystem::create_symlink("/dev/zero", folder.path("100.150.blocks"));
  transfer_run run{transfer_run::quick({"file://" + folder.path("")})};
  for (const chain::height_t start : {0U, 50U, 100U})
    BOOST_TEST((class_of(run.fetch(start)) == errc::cdn_protocol), start);
}

BOOST_AUTO_TEST_CASE(a_link_to_a_regular_file_is_one) {
  const temporary_folder folder;
  folder.write("bytes", "x");
  std::filesystem::create_symlink("bytes", folder.path("0.50.blocks"));
  transfer_run run{transfer_run::quick({"file://" + folder.path("")})};
  BOOST_TEST(!class_of(run.fetch(0)));
}

BOOST_AUTO_TEST_CASE(the_size_stands_in_place_of_a_length) {
  const temporary_folder folder;
  folder.write("0.50.blocks", std::string(1'001, 'x'));
  transfer_run run{transfer_run::quick({"file://" + folder.path("")})};
  const auto result = run.wait(run.start(file_request(1'000)));
  BOOST_REQUIRE(!result.outcome);
  BOOST_TEST((result.outcome.error().why.code == errc::cdn_too_large));
  BOOST_TEST(result.outcome.error().bytes_needed == 1'001U);
  BOOST_TEST(!class_of(run.wait(run.start(file_request(1'001)))));
}

BOOST_AUTO_TEST_CASE(size_and_time_stand_in_place_of_an_etag) {
  const temporary_folder folder;
  folder.write("0.50.blocks", "one");
  transfer_run run{transfer_run::quick({"file://" + folder.path("")})};
  const auto first = run.fetch(0);
  BOOST_REQUIRE(first.outcome);
  const auto same = run.wait(run.start(file_request(100, first.outcome->etag)));
  BOOST_REQUIRE(same.outcome);
  BOOST_TEST(same.outcome->not_modified);
  using namespace std::chrono_literals;
  std::filesystem::last_write_time(folder.path("0.50.blocks"),
                                   std::filesystem::file_time_type::clock::now() - 1h);
  const auto touched = run.wait(run.start(file_request(100, first.outcome->etag)));
  BOOST_REQUIRE(touched.outcome);
  BOOST_TEST(!touched.outcome->not_modified);
  BOOST_TEST(touched.outcome->etag != first.outcome->etag);
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_gives_no_result) {
  const temporary_folder folder;
  folder.write("0.50.blocks", std::string(3'000'000, 'x'));
  folder.write("50.100.blocks", "x");
  curl_options options = transfer_run::quick({"file://" + folder.path("")});
  options.bytes_per_second_max = 1'000; // the first would take fifty minutes
  transfer_run run{options};
  const transfer_id slow = run.start(0);
  run.cancel(slow);
  options.bytes_per_second_max = 0;
  run.stop();
  BOOST_TEST(!run.has(slow));
}

BOOST_AUTO_TEST_SUITE_END()
