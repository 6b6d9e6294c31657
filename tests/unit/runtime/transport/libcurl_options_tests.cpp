// What libcurl is told: the value of each option in the "Download (libcurl)" list of the fault
// catalogue, section 5, and of those that guard the same doors.  What comes of it is shown by
// download_options_tests.
#include "tests/hostile/hostile_server.hpp"
#include "tests/unit/runtime/transport/option_record.hpp"
#include "tests/unit/runtime/transport/temporary_folder.hpp"
#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>
#include <curl/curl.h>

using namespace blockferry;
using namespace blockferry::runtime;
using namespace std::chrono_literals;

namespace {

hostile::scenario over_tls() {
  hostile::scenario out;
  out.tls = hostile::tls_fault::none;
  return out;
}

/// One transfer over TLS that succeeds, and what libcurl was told for it.
struct fetched_once {
  fetched_once() {
    forget_options();
    options.ca_file = folder.write("ca.pem", cdn.authority_pem());
    options.connect_timeout = 7'654ms;
    options.low_speed_time = 12'500ms;
    options.low_speed_bytes = 321;
    options.connections = 3;
    transfer_run run{options};
    transfer_request request;
    request.file_start = 50;
    request.bytes_max = 1U << 20;
    request.deadline = 34'321ms;
    BOOST_REQUIRE(!class_of(run.wait(run.start(request))));
  }

  hostile::hostile_server cdn{
      hostile::file_set::from_folder(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks"), over_tls()};
  temporary_folder folder;
  curl_options options = transfer_run::quick({cdn.url()});
};

/// The number that an option was set to; fails the test where it was not set.
long number_of(CURLoption option) {
  const auto value = easy_option(option);
  BOOST_REQUIRE(value);
  return static_cast<long>(value->bits);
}

/// Likewise a text.
std::string text_of(CURLoption option) {
  const auto value = easy_option(option);
  BOOST_REQUIRE((value && value->text));
  return *value->text;
}

/// Set, and to null.
bool is_null(CURLoption option) {
  const auto value = easy_option(option);
  return value && value->bits == 0;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(libcurl_options_tests, fetched_once)

BOOST_AUTO_TEST_CASE(protocols_str_is_the_scheme_of_the_origin_alone) {
  BOOST_TEST(text_of(CURLOPT_PROTOCOLS_STR) == "https");
  hostile::hostile_server plain{
      hostile::file_set::from_folder(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks"), {}};
  transfer_run run{transfer_run::quick({plain.url()})};
  BOOST_TEST(!class_of(run.fetch(50)));
  BOOST_TEST(text_of(CURLOPT_PROTOCOLS_STR) == "http"); // which the operator wrote
}

BOOST_AUTO_TEST_CASE(redir_protocols_str_is_https) {
  BOOST_TEST(text_of(CURLOPT_REDIR_PROTOCOLS_STR) == "https");
}

BOOST_AUTO_TEST_CASE(followlocation_is_off) {
  BOOST_TEST(number_of(CURLOPT_FOLLOWLOCATION) == 0);
}

BOOST_AUTO_TEST_CASE(maxredirs_is_none) {
  BOOST_TEST(number_of(CURLOPT_MAXREDIRS) == 0);
}

BOOST_AUTO_TEST_CASE(ssl_verifypeer_is_on) {
  BOOST_TEST(number_of(CURLOPT_SSL_VERIFYPEER) == 1);
}

BOOST_AUTO_TEST_CASE(ssl_verifyhost_is_2) {
  BOOST_TEST(number_of(CURLOPT_SSL_VERIFYHOST) == 2);
}

BOOST_AUTO_TEST_CASE(sslversion_is_at_least_tls_1_2) {
  BOOST_TEST(number_of(CURLOPT_SSLVERSION) == static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

BOOST_AUTO_TEST_CASE(ssl_cipher_list_has_security_level_2) {
  BOOST_TEST(text_of(CURLOPT_SSL_CIPHER_LIST) == "DEFAULT:@SECLEVEL=2");
}

BOOST_AUTO_TEST_CASE(cainfo_is_the_named_file_and_capath_is_none) {
  BOOST_TEST(text_of(CURLOPT_CAINFO) == options.ca_file);
  BOOST_TEST(is_null(CURLOPT_CAPATH));
}

BOOST_AUTO_TEST_CASE(proxy_is_empty_which_is_not_unset) {
  BOOST_TEST(text_of(CURLOPT_PROXY).empty());
  BOOST_TEST(text_of(CURLOPT_NOPROXY).empty());
}

BOOST_AUTO_TEST_CASE(netrc_is_ignored) {
  BOOST_TEST(number_of(CURLOPT_NETRC) == static_cast<long>(CURL_NETRC_IGNORED));
}

BOOST_AUTO_TEST_CASE(no_option_turns_cookies_on) {
  BOOST_TEST(is_null(CURLOPT_COOKIEFILE));
  for (const CURLoption option : {CURLOPT_COOKIE, CURLOPT_COOKIEJAR, CURLOPT_COOKIELIST})
    BOOST_TEST(!easy_option(option));
}

BOOST_AUTO_TEST_CASE(accept_encoding_is_not_sent) {
  BOOST_TEST(is_null(CURLOPT_ACCEPT_ENCODING));
  BOOST_TEST(number_of(CURLOPT_HTTP_CONTENT_DECODING) == 0);
}

BOOST_AUTO_TEST_CASE(http_transfer_decoding_keeps_its_default) {
  BOOST_TEST(!easy_option(CURLOPT_HTTP_TRANSFER_DECODING));
}

BOOST_AUTO_TEST_CASE(nosignal_is_on) {
  BOOST_TEST(number_of(CURLOPT_NOSIGNAL) == 1);
}

BOOST_AUTO_TEST_CASE(connecttimeout_ms_is_that_of_the_options) {
  BOOST_TEST(number_of(CURLOPT_CONNECTTIMEOUT_MS) == 7'654);
}

// Behind our own watch, which closes the connection of what it ends; libcurl's would not.
BOOST_AUTO_TEST_CASE(timeout_ms_stands_behind_the_deadline_of_the_request) {
  BOOST_TEST(number_of(CURLOPT_TIMEOUT_MS) == 34'321 + 2'000);
}

BOOST_AUTO_TEST_CASE(low_speed_limit_and_time_stand_behind_those_of_the_options) {
  BOOST_TEST(number_of(CURLOPT_LOW_SPEED_LIMIT) == 321);
  BOOST_TEST(number_of(CURLOPT_LOW_SPEED_TIME) ==
             27); // two stretches in whole seconds, and two more
}

BOOST_AUTO_TEST_CASE(maxfilesize_large_is_1_gib_and_a_counter_stands_behind_it) {
  BOOST_TEST(number_of(CURLOPT_MAXFILESIZE_LARGE) == 1L << 30);
  BOOST_TEST(!is_null(CURLOPT_WRITEFUNCTION));
  BOOST_TEST(easy_option(CURLOPT_WRITEFUNCTION).has_value());
}

BOOST_AUTO_TEST_CASE(maxconnects_is_what_the_mirrors_may_have_open) {
  const auto most = multi_option(CURLMOPT_MAXCONNECTS);
  BOOST_REQUIRE(most);
  BOOST_TEST(most->bits == 3U + 2U + 1U); // connections, latest.json and a hedge, and one a mirror
  const auto total = multi_option(CURLMOPT_MAX_TOTAL_CONNECTIONS);
  BOOST_REQUIRE(total);
  BOOST_TEST(total->bits == most->bits);
}

BOOST_AUTO_TEST_CASE(pipelining_is_off_so_that_each_transfer_has_its_connection) {
  const auto value = multi_option(CURLMOPT_PIPELINING);
  BOOST_REQUIRE(value);
  BOOST_TEST(static_cast<long>(value->bits) == static_cast<long>(CURLPIPE_NOTHING));
}

BOOST_AUTO_TEST_CASE(maxlifetime_conn_is_an_hour) {
  BOOST_TEST(number_of(CURLOPT_MAXLIFETIME_CONN) == 3'600);
}

BOOST_AUTO_TEST_CASE(opensocketfunction_looks_at_each_address) {
  BOOST_TEST(easy_option(CURLOPT_OPENSOCKETFUNCTION).has_value());
  BOOST_TEST(!is_null(CURLOPT_OPENSOCKETFUNCTION));
  BOOST_TEST(!is_null(CURLOPT_OPENSOCKETDATA));
}

BOOST_AUTO_TEST_CASE(url_is_the_origin_and_a_name_made_of_numbers) {
  BOOST_TEST(text_of(CURLOPT_URL) == cdn.url() + "/50.100.blocks");
}

BOOST_AUTO_TEST_CASE(http09_is_not_taken_and_names_in_urls_are_not_either) {
  BOOST_TEST(number_of(CURLOPT_HTTP09_ALLOWED) == 0);
  BOOST_TEST(number_of(CURLOPT_DISALLOW_USERNAME_IN_URL) == 1);
  BOOST_TEST(number_of(CURLOPT_UNRESTRICTED_AUTH) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
