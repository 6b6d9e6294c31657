#include "runtime/options/option_sources.hpp"

#include "tests/unit/says.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

using namespace std::chrono_literals;

/// The option through which each pair of sources is compared, by source: flag, environment, file.
constexpr std::string_view name = "give-up-after";
given_values flag(const char* text) {
  return {{std::string{name}, {{text}, "flag --give-up-after"}}};
}
given_values environment(const char* text) {
  const std::string entry = std::string{"BLOCKFERRY_GIVE_UP_AFTER="} + text;
  const char* block[] = {entry.c_str(), nullptr};
  return values_of_environment(block).value();
}
given_values file(const char* text) {
  return values_of_toml(std::string{"give_up_after = \""} + text + "\"", "file x.toml").value();
}

std::string error_of(const tl::expected<given_values, failure>& result) {
  return result ? "no error" : result.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(option_sources_tests)

BOOST_AUTO_TEST_CASE(each_source_wins_over_those_below_it) {
  struct {
    std::vector<given_values> sources;
    std::chrono::milliseconds value;
    std::string_view origin;
  } const cases[] = {
      {{{}, {}, {}}, 600s, "default"},
      {{{}, {}, file("3s")}, 3s, "file x.toml, line 1"},
      {{{}, environment("2s"), {}}, 2s, "environment BLOCKFERRY_GIVE_UP_AFTER"},
      {{flag("1s"), {}, {}}, 1s, "flag --give-up-after"},
      {{{}, environment("2s"), file("3s")}, 2s, "environment BLOCKFERRY_GIVE_UP_AFTER"},
      {{flag("1s"), {}, file("3s")}, 1s, "flag --give-up-after"},
      {{flag("1s"), environment("2s"), {}}, 1s, "flag --give-up-after"},
      {{flag("1s"), environment("2s"), file("3s")}, 1s, "flag --give-up-after"},
  };
  for (const auto& one : cases) {
    const auto resolved = resolve(one.sources);
    BOOST_REQUIRE(resolved.has_value());
    BOOST_TEST((resolved->values.give_up_after == one.value), one.origin);
    BOOST_TEST(resolved->given.find(name)->second.origin == one.origin);
  }
}

BOOST_AUTO_TEST_CASE(every_option_can_be_set_in_every_source) {
  const std::map<std::string_view, const char*> texts{
      {"store", "/s"},
      {"network", "canary"},
      {"cdn", "http://c"},
      {"verify", "link"},
      {"require", "quorum"},
      {"compare", "2"},
      {"until", "7"},
      {"start", "7"},
      {"start-file", "/f"},
      {"connections", "3"},
      {"window", "9MB"},
      {"bundle-max", "9MB"},
      {"workers", "3"},
      {"rate-limit", "9MB/s"},
      {"give-up-after", "9s"},
      {"poll-interval", "9s"},
      {"connect-timeout", "9s"},
      {"stall-timeout", "9s"},
      {"transfer-timeout", "9s"},
      {"proxy", "http://p"},
      {"ca-file", "/c"},
      {"allow-private", "true"},
      {"disk-reserve", "9MB"},
      {"json", "true"},
      {"log-file", "/l"},
      {"log-level", "debug"},
      {"checkpoint", "5=ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9"},
      {"start-hash", "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9"}};
  for (const option& one : option_table()) {
    BOOST_REQUIRE_MESSAGE(texts.contains(one.name), one.name << " is not covered here");
    const std::string text = texts.at(one.name);
    const std::string entry = variable_of(one) + "=" + text;
    const char* block[] = {entry.c_str(), nullptr};
    const auto from_environment = values_of_environment(block);
    const auto value = one.value_name.empty() || one.value_name == "N" || one.value_name == "H"
                           ? text
                           : "\"" + text + "\"";
    const auto from_file =
        values_of_toml(key_of(one) + " = " + (one.repeatable ? "[" + value + "]" : value), "file");
    for (const auto& source : {from_environment, from_file}) {
      BOOST_REQUIRE_MESSAGE(source.has_value(), one.name << ": " << error_of(source));
      BOOST_TEST(source->at(std::string{one.name}).texts == std::vector{text},
                 boost::test_tools::per_element());
      BOOST_TEST(resolve({*source}).has_value(), one.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_errors_with_a_suggestion) {
  const char* block[] = {"HOME=/", "BLOCKFERRY_STOER=/x", nullptr};
  const auto from_environment = error_of(values_of_environment(block));
  BOOST_TEST(test::says(from_environment, "BLOCKFERRY_STOER"), from_environment);
  BOOST_TEST(test::says(from_environment, "'BLOCKFERRY_STORE'"), from_environment);
  const auto from_file = error_of(values_of_toml("store = \"x\"\nwindwo = \"9MB\"", "file x.toml"));
  BOOST_TEST(test::says(from_file, "line 2"), from_file);
  BOOST_TEST(test::says(from_file, "'window'"), from_file);
}

BOOST_AUTO_TEST_CASE(variables_of_others_and_empty_ones_are_no_options) {
  const char* block[] = {"BLOCKFERRY_CPU=portable", "BLOCKFERRY_CONFIG=/x",
                         "BLOCKFERRY_STORE=", "XBLOCKFERRY_Y=1", nullptr};
  BOOST_TEST(values_of_environment(block).value().empty());
}

// Named for the bug: a mistyped code path was passed over in silence.
BOOST_AUTO_TEST_CASE(a_code_path_that_is_none_is_refused) {
  const char* block[] = {"BLOCKFERRY_CPU=portble", nullptr};
  const auto why = error_of(values_of_environment(block));
  BOOST_TEST(test::says(why, "'portble' is no code path"), why);
  BOOST_TEST(test::says(why, "'portable'"), why);
}

BOOST_AUTO_TEST_CASE(lists_stand_apart_by_spaces_in_the_environment) {
  const char* block[] = {"BLOCKFERRY_CDN= http://a  http://b,c ", nullptr};
  const auto resolved = resolve({values_of_environment(block).value()});
  BOOST_REQUIRE(resolved.has_value());
  BOOST_TEST(resolved->values.cdn == (std::vector<std::string>{"http://a", "http://b,c"}),
             boost::test_tools::per_element());
}

// So no value of a list is ever cut in two by the spaces between them.
BOOST_AUTO_TEST_CASE(no_value_of_a_list_may_hold_a_space) {
  for (const auto& [name, value] : {std::pair{"cdn", "file:///a b"},
                                    {"require", "block_hash link"},
                                    {"checkpoint", "5= ab1"}}) {
    const auto resolved = resolve({given_values{{name, {{value}, "flag"}}}});
    BOOST_TEST(!resolved.has_value(), name);
  }
  const auto table = option_table();
  BOOST_TEST(std::count_if(table.begin(), table.end(),
                           [](const option& one) { return one.repeatable; }) == 3);
}

BOOST_AUTO_TEST_CASE(a_wrong_value_names_its_origin_even_where_it_loses) {
  const auto resolved = resolve({flag("1s"), environment("soon")});
  BOOST_REQUIRE(!resolved.has_value());
  BOOST_TEST(test::says(resolved.error().message, "environment BLOCKFERRY_GIVE_UP_AFTER: 'soon'"));
  BOOST_TEST((resolved.error().code == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(files_that_do_not_fit_are_errors_with_their_line) {
  for (const char* text : {"store = ", "store = [\"a\"]", "store = 1.5", "cdn = [[\"a\"]]",
                           "[store]\nx = 1", "store = 2020-01-01", "= 3", "\"\" = 1", "\xff"}) {
    const auto message = error_of(values_of_toml(text, "file x.toml"));
    BOOST_TEST(test::says(message, "file x.toml, line"), text << " gives " << message);
  }
  BOOST_TEST(test::says(error_of(values_of_file("/nowhere/x.toml")), "/nowhere/x.toml"));
  BOOST_TEST(test::says(error_of(values_of_file("/")), "configuration file"));
}

BOOST_AUTO_TEST_CASE(an_option_given_twice_is_an_error_unless_it_is_a_list) {
  const auto resolved = resolve({{{"store", {{"a", "b"}, "flag --store"}}}});
  BOOST_REQUIRE(!resolved.has_value());
  BOOST_TEST(test::says(resolved.error().message, "2 times"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
