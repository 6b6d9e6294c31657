#include "runtime/options/show_options.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace blockferry::runtime {
namespace {

std::string text_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream{path}.rdbuf();
  return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(show_options_tests)

BOOST_AUTO_TEST_CASE(the_sample_in_config_has_every_option_as_the_program_has_it) {
  BOOST_TEST(text_of(BLOCKFERRY_SOURCE_DIR "/config/blockferry.toml") == sample_options(),
             "write it anew: blockferry config sample > config/blockferry.toml");
}

BOOST_AUTO_TEST_CASE(the_sample_sets_nothing_as_it_stands) {
  BOOST_TEST(values_of_toml(sample_options(), "sample").value().empty());
}

BOOST_AUTO_TEST_CASE(the_defaults_of_the_table_are_those_of_the_program) {
  // Everything that the table calls a default, given as a value, changes nothing.
  std::string toml;
  for (const option& one : option_table())
    if (!one.default_text.empty())
      toml += key_of(one) + " = \"" + std::string{one.default_text} + "\"\n";
  const auto given = resolve({values_of_toml(toml, "defaults").value()});
  BOOST_REQUIRE(given.has_value());
  const program_options fresh;
  const program_options& read = given->values;
  BOOST_TEST(read.network == fresh.network);
  BOOST_TEST((read.verify == fresh.verify));
  BOOST_TEST(read.compare == fresh.compare);
  BOOST_TEST((read.give_up_after == fresh.give_up_after));
  BOOST_TEST((read.poll_interval == fresh.poll_interval));
  BOOST_TEST(read.connections == fresh.connections);
  BOOST_TEST(read.window == fresh.window);
  BOOST_TEST(read.bundle_max == fresh.bundle_max);
  BOOST_TEST(read.workers == fresh.workers);
  BOOST_TEST(read.rate_limit == fresh.rate_limit);
  BOOST_TEST((read.connect_timeout == fresh.connect_timeout));
  BOOST_TEST((read.stall_timeout == fresh.stall_timeout));
  BOOST_TEST((read.transfer_timeout == fresh.transfer_timeout));
  BOOST_TEST(read.allow_private == fresh.allow_private);
  BOOST_TEST(read.disk_reserve == fresh.disk_reserve);
  BOOST_TEST(read.json == fresh.json);
  BOOST_TEST(read.log_level == fresh.log_level);
}

BOOST_AUTO_TEST_CASE(what_is_shown_reads_back_as_the_same) {
  const auto given = values_of_toml("store = \"/a \\\"b\\\" c\\\\d\"\nwindow = \"70MiB\"\n"
                                    "cdn = [\"http://a\", \"file:///b\"]\nuntil = 7\njson = true\n",
                                    "file x.toml");
  const auto first = resolve({given.value()});
  BOOST_REQUIRE(first.has_value());
  for (const bool origin : {false, true}) {
    const auto again = resolve({values_of_toml(show_options(*first, origin), "shown").value()});
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->values.store == first->values.store);
    BOOST_TEST(again->values.window == 70ULL << 20);
    BOOST_TEST(again->values.cdn == first->values.cdn, boost::test_tools::per_element());
    BOOST_TEST(again->values.until.value() == 7);
    BOOST_TEST(again->values.json);
  }
  BOOST_TEST(show_options(*first, true).find("until = 7  # file x.toml, line 4") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
