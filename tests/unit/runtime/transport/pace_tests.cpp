#include "runtime/transport/rate_limit.hpp"
#include "runtime/transport/speed_watch.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry::runtime;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(pace_tests)

BOOST_AUTO_TEST_CASE(a_debt_is_waited_for_and_a_rest_is_not_saved_up) {
  rate_limit limit{1'000'000};
  auto now = rate_limit::clock::now() + 1h;
  BOOST_TEST((limit.wait(now) == 0ns)); // an hour of silence saved no more than a tenth of a second
  limit.spend(1'100'000);
  const auto wait = limit.wait(now);
  BOOST_TEST((wait > 990ms && wait < 1'010ms));
  BOOST_TEST((limit.wait(now + 500ms) > 490ms));
  BOOST_TEST((limit.wait(now + 1'010ms) == 0ns));
}

BOOST_AUTO_TEST_CASE(without_a_limit_nothing_waits) {
  rate_limit limit{0};
  limit.spend(1'000'000'000);
  BOOST_TEST(!limit.limited());
  BOOST_TEST((limit.wait(rate_limit::clock::now()) == 0ns));
}

BOOST_AUTO_TEST_CASE(too_few_bytes_in_a_stretch_are_too_slow) {
  speed_watch watch{200ms, 1'000}; // 200 bytes a stretch
  const auto begun = speed_watch::clock::now();
  watch.begin(begun, 0);
  BOOST_TEST((watch.due() == begun + 200ms));
  BOOST_TEST(!watch.too_slow(begun + 199ms, 0));
  BOOST_TEST(!watch.too_slow(begun + 200ms, 200));
  BOOST_TEST(!watch.too_slow(begun + 399ms, 200));
  BOOST_TEST(watch.too_slow(begun + 400ms, 399));
}

BOOST_AUTO_TEST_CASE(silence_is_too_slow_whatever_the_limit) {
  speed_watch watch{50ms, 1}; // less than a byte a stretch
  const auto begun = speed_watch::clock::now();
  watch.begin(begun, 10);
  BOOST_TEST(watch.too_slow(begun + 50ms, 10));
  BOOST_TEST(!watch.too_slow(begun + 50ms, 11));
  speed_watch off{0ms, 1'000};
  off.begin(begun, 0);
  BOOST_TEST(!off.too_slow(begun + 24h, 0));
}

BOOST_AUTO_TEST_SUITE_END()
