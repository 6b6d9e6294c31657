#include "runtime/command_line.hpp"

#include "tests/unit/says.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::runtime {
namespace {

tl::expected<command_line, early_end> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "blockferry");
  words.push_back(nullptr);
  return parse_command_line(static_cast<int>(words.size()) - 1, words.data());
}

std::string refusal(const std::vector<const char*>& words) {
  const auto line = parse(words);
  if (line) {
    BOOST_ERROR("accepted: " + std::string{words.empty() ? "" : words.front()});
    return {};
  }
  BOOST_TEST((line.error().code == exit_code::usage));
  return line.error().text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line_tests)

BOOST_AUTO_TEST_CASE(flags_become_values_of_their_options) {
  const auto line =
      parse({"sync", "--store", "/s", "--cdn", "http://a", "--cdn=http://b", "--json"});
  BOOST_REQUIRE(line.has_value());
  BOOST_TEST((line->what == command::sync));
  BOOST_TEST(line->flags.at("cdn").texts == (std::vector<std::string>{"http://a", "http://b"}),
             boost::test_tools::per_element());
  BOOST_TEST(line->flags.at("store").origin == "flag --store");
  BOOST_TEST(line->flags.at("json").texts.front() == "true");
  BOOST_TEST(line->flags.size() == 3);
}

BOOST_AUTO_TEST_CASE(verify_takes_a_range_and_a_level) {
  const auto line =
      parse({"verify", "--store", "/s", "--from", "5", "--to", "9", "--level", "link"});
  BOOST_REQUIRE(line.has_value());
  BOOST_TEST((line->what == command::verify));
  BOOST_TEST(line->from.value() == 5);
  BOOST_TEST(line->to.value() == 9);
  BOOST_TEST((line->raise_to == chain::level::link));
}

BOOST_AUTO_TEST_CASE(mistyped_words_get_a_suggestion) {
  BOOST_TEST(test::says(refusal({"sync", "--stroe", "x"}), "did you mean '--store'?"));
  BOOST_TEST(test::says(refusal({"snyc"}), "did you mean 'sync'?"));
  BOOST_TEST(test::says(refusal({"verify", "--form", "1"}), "did you mean '--from'?"));
}

BOOST_AUTO_TEST_CASE(what_no_command_takes_is_a_usage_error) {
  refusal({});
  refusal({"sync", "extra"});
  refusal({"sync", "--store"});
  refusal({"verify", "--from", "-1"});
  refusal({"verify", "--level", "none"});
  refusal({"verify", "--cdn", "http://a"});
  refusal({"config"});
  // Those that read have no log, and make no empty file for one.
  for (const char* reader : {"status", "verify", "export"})
    for (const char* flag : {"--log-file", "--log-level"})
      BOOST_TEST(test::says(refusal({reader, flag, "debug"}), flag));
}

BOOST_AUTO_TEST_CASE(help_and_version_are_answers_not_errors) {
  for (const auto& words : {std::vector<const char*>{"--help"}, {"sync", "--help"}}) {
    const auto line = parse(words);
    BOOST_REQUIRE(!line.has_value());
    BOOST_TEST((line.error().code == exit_code::done));
  }
  const auto version = parse({"--version"});
  BOOST_REQUIRE(!version.has_value());
  for (const char* part : {"blockferry ", "CAF 0.17", "SQLite 3.", "libcurl 7.", "CPU path "})
    BOOST_TEST(test::says(version.error().text, part), part);
}

BOOST_AUTO_TEST_CASE(every_option_has_its_flag_in_the_help_of_sync) {
  const auto help = parse({"run", "--help"});
  BOOST_REQUIRE(!help.has_value());
  for (const option& one : option_table())
    BOOST_TEST(test::says(help.error().text, "--" + std::string{one.name}), one.name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
