#include "runtime/options/quantity.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::runtime {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(quantity_tests)

BOOST_AUTO_TEST_CASE(sizes_have_a_number_and_a_unit) {
  BOOST_TEST(parse_size("1B").value() == 1);
  BOOST_TEST(parse_size("96MiB").value() == 96ULL << 20);
  BOOST_TEST(parse_size("1.5 GB").value() == 1'500'000'000);
  BOOST_TEST(parse_size("2KiB").value() == 2048);
  BOOST_TEST(parse_size("0B").value() == 0);
}

BOOST_AUTO_TEST_CASE(a_size_without_a_unit_or_with_an_ambiguous_one_is_refused) {
  for (const char* text : {"", "96", "MiB", "96M", "96mb", "-1MB", "1e3MB", "1MB x", "1..2MB",
                           "1MBMB", "0x10MB", "99999999999999999999GB", "nanMB", "infMB"})
    BOOST_TEST(!parse_size(text).has_value(), text);
  BOOST_TEST(parse_size("96").error().find("'96MiB'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rates_are_sizes_a_second_and_zero_is_no_limit) {
  BOOST_TEST(parse_rate("20MB/s").value() == 20'000'000);
  BOOST_TEST(parse_rate("20MB").value() == 20'000'000);
  BOOST_TEST(parse_rate("0").value() == 0);
  BOOST_TEST(!parse_rate("20").has_value());
  BOOST_TEST(!parse_rate("20MB/m").has_value());
}

BOOST_AUTO_TEST_CASE(durations_add_up_their_parts) {
  BOOST_TEST((parse_duration("250ms").value() == 250ms));
  BOOST_TEST((parse_duration("1h30m").value() == 90min));
  BOOST_TEST((parse_duration("1h 30m 5s").value() == 90min + 5s));
  BOOST_TEST((parse_duration("1.5s").value() == 1500ms));
  BOOST_TEST((parse_duration("0s").value() == 0ms));
  BOOST_TEST((parse_duration("2d").value() == 48h));
}

BOOST_AUTO_TEST_CASE(a_duration_without_a_unit_or_beyond_a_year_is_refused) {
  for (const char* text :
       {"", "10", "m", "10 minutes", "-5s", "5s-", "1h30", "367d", "99999999999999999999d"})
    BOOST_TEST(!parse_duration(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(counts_are_decimal_and_bounded) {
  BOOST_TEST(parse_count("0", 0, 9).value() == 0);
  BOOST_TEST(parse_count("64", 1, 64).value() == 64);
  for (const char* text : {"", "0", "65", "+1", " 1", "1 ", "0x1", "1e1", "18446744073709551616"})
    BOOST_TEST(!parse_count(text, 1, 64).has_value(), text);
}

BOOST_AUTO_TEST_CASE(switches_are_words) {
  for (const char* text : {"true", "yes", "on", "1"})
    BOOST_TEST(parse_switch(text).value(), text);
  for (const char* text : {"false", "no", "off", "0"})
    BOOST_TEST(!parse_switch(text).value(), text);
  BOOST_TEST(!parse_switch("maybe").has_value());
}

BOOST_AUTO_TEST_CASE(texts_for_people_are_short) {
  BOOST_TEST(duration_text(7) == "7s");
  BOOST_TEST(duration_text(725) == "12m05s");
  BOOST_TEST(duration_text(3720) == "1h02m");
  BOOST_TEST(size_text(0) == "0 B");
  BOOST_TEST(size_text(12'345'678) == "12 MB");
  BOOST_TEST(size_text(1'234'567) == "1.23 MB");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
