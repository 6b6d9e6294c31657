#include "runtime/transport/response.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::runtime;

namespace {

constexpr std::int64_t now_ms = 784'111'777'000; // Sun, 06 Nov 1994 08:49:37 GMT

struct answer_of {
  explicit answer_of(std::initializer_list<const char*> lines, std::uint64_t bytes_max = 1'000,
                     bool conditional = false)
      : answer(make(bytes_max, conditional), pool) {
    for (const char* line : lines)
      if (!answer.header(line))
        break;
  }
  static transfer_request make(std::uint64_t bytes_max, bool conditional) {
    transfer_request out;
    out.bytes_max = bytes_max;
    if (conditional)
      out.if_none_match = "\"a\"";
    return out;
  }
  bool body(std::string_view text) {
    return answer.body({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  auto end() { return answer.finish("http://host/x", now_ms); }
  /// Class at the end; none for a body.
  std::optional<errc> ended() {
    const auto out = end();
    return out ? std::nullopt : std::optional{out.error().why.code};
  }
  std::shared_ptr<buffer_pool> pool = std::make_shared<buffer_pool>(1U << 20);
  response answer;
};

} // namespace

BOOST_AUTO_TEST_SUITE(response_tests)

BOOST_AUTO_TEST_CASE(only_200_is_data) {
  for (const int status :
       {100, 101, 199, 201, 202, 203, 204, 205, 206, 226, 300, 301, 302, 303, 304,
        307, 308, 400, 401, 403, 405, 407, 418, 500, 502, 503, 504, 599, 999}) {
    answer_of one{("HTTP/1.1 " + std::to_string(status) + " x").c_str()};
    one.body("data");
    BOOST_TEST((one.ended() == errc::cdn_bad_status), status);
  }
  for (const int status : {404, 410}) {
    answer_of one{("HTTP/2 " + std::to_string(status)).c_str()};
    BOOST_TEST((one.ended() == errc::cdn_not_found), status);
  }
  answer_of good{{"HTTP/1.1 200 OK", "Content-Length: 4"}};
  BOOST_TEST(good.body("data"));
  BOOST_TEST(!good.ended());
}

BOOST_AUTO_TEST_CASE(not_modified_is_an_answer_to_a_condition_only) {
  answer_of asked{{"HTTP/1.1 304 Not Modified", "ETag: \"b\""}, 1'000, true};
  const auto body = asked.end();
  BOOST_REQUIRE(body);
  BOOST_TEST(body->not_modified);
  BOOST_TEST(body->etag == "\"b\"");
  answer_of unasked{"HTTP/1.1 304 Not Modified"};
  BOOST_TEST((unasked.ended() == errc::cdn_bad_status));
}

BOOST_AUTO_TEST_CASE(an_interim_answer_says_nothing_about_the_last_one) {
  answer_of one{{"HTTP/1.1 103 Early Hints", "Content-Length: 9", "Content-Encoding: gzip",
                 "Retry-After: 5", "\r\n"}};
  BOOST_TEST((one.ended() != std::nullopt));
  answer_of good{{"HTTP/1.1 100 Continue", "Content-Length: 9", "\r\n", "HTTP/1.1 200 OK",
                  "Content-Length: 4", "\r\n"}};
  BOOST_TEST(good.body("data"));
  BOOST_TEST(!good.ended());
}

BOOST_AUTO_TEST_CASE(a_second_or_unreadable_length_is_refused) {
  const auto code = [](std::initializer_list<const char*> lines) {
    return answer_of{lines}.ended();
  };
  const char* ok = "HTTP/1.1 200 OK";
  BOOST_TEST((code({ok, "Content-Length: 4", "content-length: 5"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: 4", "Content-Length: 4"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: -1"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: +1"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: many"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length:"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: 4, 4"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: 18446744073709551616"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Content-Length: 4", "Transfer-Encoding: chunked"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Transfer-Encoding: chunked", "Content-Length: 4"}) == errc::cdn_protocol));
  BOOST_TEST((code({ok, "Transfer-Encoding: gzip, chunked"}) == errc::cdn_bad_encoding));
}

BOOST_AUTO_TEST_CASE(fewer_bytes_than_announced_are_no_file) {
  answer_of one{{"HTTP/1.1 200 OK", "Content-Length: 5"}};
  BOOST_TEST(one.body("data"));
  BOOST_TEST((one.ended() == errc::cdn_truncated));
}

BOOST_AUTO_TEST_CASE(an_announcement_above_the_cap_ends_it_and_is_reported) {
  answer_of one{{"HTTP/1.1 200 OK"}, 1'000};
  BOOST_TEST(!one.answer.header("Content-Length: 1001"));
  BOOST_TEST(!one.body("x"));
  const auto out = one.end();
  BOOST_REQUIRE(!out);
  BOOST_TEST((out.error().why.code == errc::cdn_too_large));
  BOOST_TEST(out.error().bytes_needed == 1'001U);
}

BOOST_AUTO_TEST_CASE(the_cap_holds_without_any_announcement) {
  answer_of one{{"HTTP/1.1 200 OK"}, 1'000};
  BOOST_TEST(one.body(std::string(600, 'x')));
  BOOST_TEST(one.body(std::string(400, 'x')));
  BOOST_TEST(!one.body("x"));
  const auto out = one.end();
  BOOST_REQUIRE(!out);
  BOOST_TEST((out.error().why.code == errc::cdn_too_large));
  BOOST_TEST(out.error().bytes_needed == 0U);
}

BOOST_AUTO_TEST_CASE(nothing_but_identity_is_taken_for_an_encoding) {
  for (const char* bad :
       {"gzip", "br", "zstd", "deflate", "gzip, gzip", "x-none", "identity, gzip"})
    BOOST_TEST((answer_of{{"HTTP/1.1 200 OK", ("Content-Encoding: " + std::string{bad}).c_str()}}
                    .ended() == errc::cdn_bad_encoding),
               bad);
  answer_of good{{"HTTP/1.1 200 OK", "CONTENT-ENCODING:  Identity \r\n"}};
  BOOST_TEST(!good.ended());
}

BOOST_AUTO_TEST_CASE(a_wish_to_wait_is_passed_on) {
  const auto wait = [](std::initializer_list<const char*> lines) {
    const auto out = answer_of{lines}.end();
    BOOST_REQUIRE(!out);
    BOOST_TEST((out.error().why.code == errc::cdn_rate_limited));
    return out.error().retry_after;
  };
  using std::chrono::milliseconds;
  BOOST_TEST((wait({"HTTP/1.1 429 Slow", "Retry-After: 7"}) == milliseconds{7'000}));
  BOOST_TEST((wait({"HTTP/1.1 503 Busy", "Retry-After: Sun, 06 Nov 1994 08:49:38 GMT"}) ==
              milliseconds{1'000}));
  BOOST_TEST((wait({"HTTP/1.1 429 Slow"}) == std::nullopt));
  BOOST_TEST((wait({"HTTP/1.1 429 Slow", "Retry-After: 1", "Retry-After: 9"}) == std::nullopt));
  BOOST_TEST((answer_of{"HTTP/1.1 503 Busy"}.ended() == errc::cdn_bad_status));
}

BOOST_AUTO_TEST_CASE(a_refused_body_is_read_to_a_bound) {
  answer_of one{{"HTTP/1.1 404 Not Found"}, 1'000};
  BOOST_TEST(one.body(std::string(16'384, 'x')));
  BOOST_TEST(!one.body("x"));
  BOOST_TEST((one.ended() == errc::cdn_not_found));
}

BOOST_AUTO_TEST_CASE(headers_without_end_are_refused) {
  answer_of one{"HTTP/1.1 200 OK"};
  const std::string line = "X-Filler: " + std::string(1'000, 'x');
  int lines = 0;
  while (one.answer.header(line) && lines < 1'000)
    ++lines;
  BOOST_TEST(lines < 66);
  BOOST_TEST((one.ended() == errc::cdn_protocol));
}

BOOST_AUTO_TEST_CASE(what_would_break_a_request_header_is_no_validator) {
  answer_of one{{"HTTP/1.1 200 OK", "ETag: \"a\"\x01", "Last-Modified: a\nX: b"}};
  const auto body = one.end();
  BOOST_REQUIRE(body);
  BOOST_TEST(body->etag.empty());
  BOOST_TEST(body->last_modified.empty());
  answer_of longer{{"HTTP/1.1 200 OK", ("ETag: " + std::string(300, 'x')).c_str()}};
  const auto second = longer.end();
  BOOST_REQUIRE(second);
  BOOST_TEST(second->etag.empty());
}

BOOST_AUTO_TEST_CASE(text_of_a_peer_is_made_fit_for_a_log_line) {
  BOOST_TEST(printable("a\r\nb\x1b[31m\xff", 100) == "a??b?[31m?");
  BOOST_TEST(printable(std::string(500, 'x'), 200).size() == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
