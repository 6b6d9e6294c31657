#include "runtime/transport/http_date.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry::runtime;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(http_date_tests)

BOOST_AUTO_TEST_CASE(the_one_form_of_dates_is_read) {
  // RFC 9110, 5.6.7: the example and its neighbours.
  BOOST_TEST(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value_or(-1) == 784'111'777);
  BOOST_TEST(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT").value_or(-1) == 0);
  BOOST_TEST(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT").value_or(-1) == 1'709'251'200);
  for (const char* bad : {"", "soon", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                          "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
                          "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                          "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
                          "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "})
    BOOST_TEST(!parse_http_date(bad), bad);
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_as_sent_and_bounded) {
  constexpr std::int64_t now_ms = 784'111'777'000;
  const auto read = [&](const char* text) { return parse_retry_after(text, now_ms); };
  const milliseconds most = std::chrono::hours{10 * 365 * 24};
  BOOST_TEST((read("0") == milliseconds{0}));
  BOOST_TEST((read("120") == milliseconds{120'000}));
  BOOST_TEST((read("1000000000") == most));
  BOOST_TEST((read("18446744073709551616") == most));
  BOOST_TEST((read("Sun, 06 Nov 1994 08:49:47 GMT") == milliseconds{10'000}));
  BOOST_TEST((read("Sun, 06 Nov 1994 08:49:27 GMT") == milliseconds{0}));
  BOOST_TEST((read("Fri, 31 Dec 9999 23:59:59 GMT") == most));
  for (const char* bad : {"", "-5", "+5", "soon", "1.5", "1e3", "0x10", " 5"})
    BOOST_TEST(!read(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
