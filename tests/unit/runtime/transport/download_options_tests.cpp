// One test for each line of the "Download (libcurl)" list of the fault catalogue, section 5.
#include "tests/hostile/hostile_server.hpp"
#include "tests/hostile/hung_resolver.hpp"
#include "tests/unit/runtime/transport/full_listener.hpp"
#include "tests/unit/runtime/transport/scripted_server.hpp"
#include "tests/unit/runtime/transport/temporary_folder.hpp"
#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <set>

using namespace blockferry;
using namespace blockferry::runtime;
using namespace std::chrono_literals;
using hostile::hostile_server;
using hostile::tls_fault;

namespace {

const hostile::file_set& demo_files() {
  static const auto files =
      hostile::file_set::from_folder(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks");
  return files;
}

hostile::scenario playing(std::string_view name) {
  hostile::scenario out;
  out.rules.push_back({hostile::find_play(name), std::nullopt, 0, 100});
  BOOST_REQUIRE_MESSAGE(out.rules.front().what != nullptr, name);
  return out;
}

/// The class that a play ends in.
std::optional<errc> class_against(std::string_view play) {
  hostile_server cdn{demo_files(), playing(play)};
  transfer_run run{transfer_run::quick({cdn.url()})};
  return class_of(run.fetch(50));
}

/// The class that a server with a TLS fault ends in, for a client that trusts its authority.
std::optional<errc> class_against(tls_fault fault) {
  hostile::scenario played;
  played.tls = fault;
  hostile_server cdn{demo_files(), played};
  const temporary_folder folder;
  curl_options options = transfer_run::quick({cdn.url()});
  options.ca_file = folder.write("ca.pem", cdn.authority_pem());
  transfer_run run{options};
  return class_of(run.fetch(50));
}

bool any_holds(const std::vector<std::string>& heads, std::string_view word) {
  return std::ranges::any_of(
      heads, [word](const std::string& one) { return one.find(word) != std::string::npos; });
}

/// An environment variable for the length of a test.
class environment {
public:
  environment(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~environment() { ::unsetenv(name_); }
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

private:
  const char* name_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(download_options_tests)

BOOST_AUTO_TEST_CASE(protocols_only_the_scheme_of_the_origin_is_spoken) {
  // A mirror cannot lead to another scheme, and other schemes are no origins (origin_tests).
  for (const char* play :
       {"redirect-to-file", "redirect-to-ftp", "redirect-to-gopher", "redirect-to-data"})
    BOOST_TEST((class_against(play) == errc::cdn_bad_status), play);
  BOOST_TEST((class_against(tls_fault::plain_http) == errc::cdn_tls));
}

BOOST_AUTO_TEST_CASE(no_redirect_is_followed) {
  scripted_server elsewhere{[](const std::string&) { return ok_answer("stolen"); }};
  for (const int status : {301, 302, 303, 307, 308}) {
    scripted_server cdn{[&](const std::string&) {
      return "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + elsewhere.url() +
             "/0.50.blocks\r\nContent-Length: 0\r\n\r\n";
    }};
    transfer_run run{transfer_run::quick({cdn.url()})};
    BOOST_TEST((class_of(run.fetch(0)) == errc::cdn_bad_status));
  }
  BOOST_TEST(elsewhere.connections() == 0U);
  BOOST_TEST((class_against("redirect-loop") == errc::cdn_bad_status));
  BOOST_TEST((class_against("redirect-far") == errc::cdn_bad_status));
}

BOOST_AUTO_TEST_CASE(the_certificate_must_come_from_a_known_authority) {
  BOOST_TEST(!class_against(tls_fault::none));
  for (const tls_fault fault :
       {tls_fault::expired, tls_fault::not_yet_valid, tls_fault::self_signed,
        tls_fault::unknown_authority, tls_fault::expired_authority, tls_fault::client_only})
    BOOST_TEST((class_against(fault) == errc::cdn_tls), to_string(fault));
}

BOOST_AUTO_TEST_CASE(the_certificate_must_be_that_of_the_host) {
  BOOST_TEST((class_against(tls_fault::wrong_host) == errc::cdn_tls));
}

BOOST_AUTO_TEST_CASE(nothing_older_than_tls_1_2_and_no_weak_cipher) {
  for (const tls_fault fault :
       {tls_fault::tls_1_0, tls_fault::tls_1_1, tls_fault::null_cipher, tls_fault::anonymous_cipher,
        tls_fault::weak_key, tls_fault::weak_digest})
    BOOST_TEST((class_against(fault) == errc::cdn_tls), to_string(fault));
}

BOOST_AUTO_TEST_CASE(only_the_named_authorities_count_whatever_the_environment_says) {
  hostile::scenario played;
  played.tls = tls_fault::none;
  hostile_server cdn{demo_files(), played};
  const temporary_folder folder;
  const std::string trusted = folder.write("ca.pem", cdn.authority_pem());
  const environment file{"SSL_CERT_FILE", trusted};
  const environment bundle{"CURL_CA_BUNDLE", trusted};
  const tls_fault other_fault = tls_fault::none;
  hostile::scenario other;
  other.tls = other_fault;
  hostile_server stranger{demo_files(), other};
  curl_options options = transfer_run::quick({cdn.url()});
  options.ca_file = folder.write("other.pem", stranger.authority_pem());
  transfer_run run{options};
  BOOST_TEST((class_of(run.fetch(50)) == errc::cdn_tls));
  options.ca_file = folder.write("none.pem", "no certificate here");
  BOOST_TEST(!make_curl_transport(options));
  options.ca_file = folder.path("missing.pem");
  BOOST_TEST(!make_curl_transport(options));
}

// Named for the bug: a proxy that is no URL was found out by every transfer anew.
BOOST_AUTO_TEST_CASE(a_proxy_that_is_no_url_is_refused_at_start) {
  for (const auto* proxy : {"x y", "http://host:80\n", "http://h\xc3\xb6st", "ftp://host"}) {
    curl_options options = transfer_run::quick({"http://127.0.0.1:1"});
    options.proxy = proxy;
    const auto made = make_curl_transport(options);
    BOOST_TEST_REQUIRE(!made, proxy);
    BOOST_TEST((made.error().code == errc::invalid_argument));
  }
}

BOOST_AUTO_TEST_CASE(no_proxy_of_the_environment_is_obeyed) {
  scripted_server proxy{[](const std::string&) { return ok_answer("proxied"); }};
  const environment http{"http_proxy", proxy.url()};
  const environment https{"https_proxy", proxy.url()};
  const environment all{"ALL_PROXY", proxy.url()};
  hostile_server cdn{demo_files(), {}};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_TEST(!class_of(run.fetch(50)));
  BOOST_TEST(proxy.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_configured_proxy_is_used_whatever_the_environment_exempts) {
  scripted_server proxy{[](const std::string&) { return ok_answer("proxied"); }};
  const environment none{"no_proxy", "*"};
  curl_options options = transfer_run::quick({"http://cdn.example/base"});
  options.proxy = proxy.url();
  transfer_run run{options};
  BOOST_TEST(!class_of(run.fetch(0)));
  BOOST_REQUIRE(proxy.heads().size() == 1U);
  BOOST_TEST(proxy.heads().front().starts_with("get http://cdn.example/base/0.50.blocks "));
}

BOOST_AUTO_TEST_CASE(no_password_file_is_read) {
  const temporary_folder home;
  home.write(".netrc", "machine 127.0.0.1 login somebody password secret\n");
  const environment variable{"HOME", home.path("")};
  scripted_server cdn{[](const std::string&) { return ok_answer("x"); }};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_TEST(!class_of(run.fetch(0)));
  BOOST_TEST(!any_holds(cdn.heads(), "authorization"));
}

BOOST_AUTO_TEST_CASE(no_cookie_is_kept) {
  scripted_server cdn{[](const std::string&) { return ok_answer("x", "Set-Cookie: a=b\r\n"); }};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_TEST(!class_of(run.fetch(0)));
  BOOST_TEST(!class_of(run.fetch(50)));
  BOOST_TEST(cdn.heads().size() == 2U);
  BOOST_TEST(!any_holds(cdn.heads(), "cookie"));
}

BOOST_AUTO_TEST_CASE(no_encoding_is_asked_for_and_none_is_taken) {
  scripted_server cdn{[](const std::string&) { return ok_answer("x"); }};
  transfer_run run{transfer_run::quick({cdn.url()})};
  BOOST_TEST(!class_of(run.fetch(0)));
  BOOST_TEST(!any_holds(cdn.heads(), "accept-encoding"));
  for (const char* play : {"gzip-bomb", "nested-gzip", "deflate", "brotli", "zstd",
                           "gzip-that-is-plain", "transfer-gzip-bomb"})
    BOOST_TEST((class_against(play) == errc::cdn_bad_encoding), play);
  BOOST_TEST(!class_against("identity-encoding"));
}

BOOST_AUTO_TEST_CASE(chunks_are_put_together) {
  scripted_server cdn{[](const std::string&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
           "3\r\nabc\r\n2\r\nde\r\n0\r\nETag: late\r\n\r\n";
  }};
  transfer_run run{transfer_run::quick({cdn.url()})};
  const auto result = run.fetch(0);
  BOOST_REQUIRE(result.outcome);
  BOOST_TEST(result.outcome->bytes.size() == 5U);
}

BOOST_AUTO_TEST_CASE(no_signal_lands_on_a_thread_of_the_transport) {
  hostile_server cdn{demo_files(), {}};
  const auto threads = [] {
    std::set<std::string> out;
    DIR* folder = ::opendir("/proc/self/task");
    for (const dirent* one = ::readdir(folder); one != nullptr; one = ::readdir(folder))
      if (one->d_name[0] != '.')
        out.insert(one->d_name);
    ::closedir(folder);
    return out;
  };
  const auto before = threads();
  transfer_run run{transfer_run::quick({cdn.url(), "file:///nowhere"})};
  BOOST_TEST(!class_of(run.fetch(50)));
  std::size_t checked = 0;
  for (const std::string& one : threads()) {
    if (before.contains(one))
      continue;
    std::ifstream status{"/proc/self/task/" + one + "/status"};
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("SigBlk:")) {
        const auto blocked = std::stoull(line.substr(7), nullptr, 16);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGALRM})
          BOOST_TEST((blocked >> (signal - 1) & 1) == 1U);
        ++checked;
      }
  }
  BOOST_TEST(checked == 2U);
}

BOOST_AUTO_TEST_CASE(the_time_to_connect_is_bounded) {
  const full_listener nobody;
  curl_options options = transfer_run::quick({"http://127.0.0.1:" + std::to_string(nobody.port())});
  options.connect_timeout = 100ms;
  options.low_speed_time = 0ms;
  transfer_run run{options};
  transfer_request request;
  request.bytes_max = 1'000;
  BOOST_TEST((class_of(run.wait(run.start(request))) == errc::cdn_timed_out));
}

BOOST_AUTO_TEST_CASE(the_time_for_a_whole_transfer_is_bounded) {
  hostile_server cdn{demo_files(), playing("dripping-body")};
  curl_options options = transfer_run::quick({cdn.url()});
  options.low_speed_bytes = 0;
  options.low_speed_time = 0ms;
  transfer_run run{options};
  transfer_request request;
  request.file_start = 50;
  request.bytes_max = 1U << 20;
  request.deadline = 150ms;
  BOOST_TEST((class_of(run.wait(run.start(request))) == errc::cdn_timed_out));
}

BOOST_AUTO_TEST_CASE(a_transfer_below_the_lowest_speed_is_ended) {
  for (const char* play : {"silent", "silent-inside-headers", "silent-before-body",
                           "silent-inside-body", "silent-before-last-byte", "dripping-body"}) {
    hostile_server cdn{demo_files(), playing(play)};
    curl_options options = transfer_run::quick({cdn.url()});
    options.low_speed_time = 200ms;
    transfer_run run{options};
    transfer_request request;
    request.file_start = 50;
    request.bytes_max = 1U << 20; // no deadline
    BOOST_TEST((class_of(run.wait(run.start(request))) == errc::cdn_timed_out), play);
  }
}

BOOST_AUTO_TEST_CASE(no_more_bytes_than_the_cap_are_taken) {
  for (const char* play :
       {"announced-terabyte", "endless-chunks", "endless-body", "endless-tiny-chunks"}) {
    hostile_server cdn{demo_files(), playing(play)};
    transfer_run run{transfer_run::quick({cdn.url()})};
    transfer_request request;
    request.file_start = 50;
    request.bytes_max = 100'000;
    request.deadline = transfer_run::deadline;
    const auto result = run.wait(run.start(request));
    BOOST_TEST((class_of(result) == errc::cdn_too_large), play);
    BOOST_TEST(result.bytes_received <= 100'000U + (256U << 10));
  }
}

BOOST_AUTO_TEST_CASE(the_number_of_connections_is_bounded) {
  hostile_server cdn{demo_files(), playing("delayed")};
  curl_options options = transfer_run::quick({cdn.url()});
  options.connections = 2;
  transfer_run run{options};
  std::vector<transfer_id> all;
  for (chain::height_t start = 0; start < 1'000; start += 50)
    all.push_back(run.start(start));
  for (const transfer_id one : all)
    BOOST_TEST(!class_of(run.wait(one)));
  BOOST_TEST(cdn.counts().connections <= 4U); // two, one for latest.json, one for a hedge
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_inside_is_refused_at_the_socket) {
  scripted_server inner{[](const std::string&) { return ok_answer("secret"); }};
  curl_options options = transfer_run::quick({inner.url("cdn.inner.test")});
  {
    transfer_run run{options};
    const auto result = run.fetch(0);
    BOOST_TEST((class_of(result) == errc::cdn_forbidden_address));
    BOOST_TEST(result.outcome.error().why.message.find("--allow-private") != std::string::npos);
  }
  BOOST_TEST(inner.connections() == 0U);
  options.allow_private = true;
  transfer_run run{options};
  BOOST_TEST(!class_of(run.fetch(0)));
}

BOOST_AUTO_TEST_CASE(localhost_needs_no_permission) {
  scripted_server cdn{[](const std::string&) { return ok_answer("x"); }};
  transfer_run run{transfer_run::quick({cdn.url("localhost")})};
  BOOST_TEST(!class_of(run.fetch(0)));
}

BOOST_AUTO_TEST_CASE(a_request_is_built_from_the_origin_and_a_number) {
  scripted_server cdn{[](const std::string&) { return ok_answer("x"); }};
  transfer_run run{transfer_run::quick({cdn.url() + "/v0/blocks/", cdn.url()})};
  BOOST_TEST(!class_of(run.fetch(4'294'967'250U, 0)));
  BOOST_TEST(!class_of(run.fetch(std::nullopt, 1)));
  const auto heads = cdn.heads();
  BOOST_REQUIRE(heads.size() == 2U);
  BOOST_TEST(heads[0].starts_with("get /v0/blocks/4294967250.4294967300.blocks http/1.1\r\n"));
  BOOST_TEST(heads[1].starts_with("get /latest.json http/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(conditions_are_sent_as_they_were_given) {
  scripted_server cdn{
      [](const std::string&) { return std::string{"HTTP/1.1 304 Not Modified\r\n\r\n"}; }};
  transfer_run run{transfer_run::quick({cdn.url()})};
  transfer_request request;
  request.bytes_max = 100;
  request.if_none_match = "\"tag\"";
  request.if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto result = run.wait(run.start(request));
  BOOST_REQUIRE(result.outcome);
  BOOST_TEST(result.outcome->not_modified);
  BOOST_TEST(any_holds(cdn.heads(), "if-none-match: \"tag\"\r\n"));
  BOOST_TEST(any_holds(cdn.heads(), "if-modified-since: sun, 06 nov 1994 08:49:37 gmt\r\n"));
}

BOOST_AUTO_TEST_CASE(a_status_other_than_200_is_no_data) {
  for (const char* play : {"status-201", "status-203", "status-204", "status-206",
                           "status-304-unasked", "status-500-with-blocks", "status-999"})
    BOOST_TEST((class_against(play) == errc::cdn_bad_status), play);
}

BOOST_AUTO_TEST_CASE(a_header_without_end_is_the_peers_fault_and_no_lack_of_memory) {
  for (const char* play : {"endless-header", "endless-headers", "endless-continue"})
    BOOST_TEST((class_against(play) == errc::cdn_protocol), play);
}

BOOST_AUTO_TEST_SUITE_END()
