// Names, small texts and files of the network: what is no such thing is said to be none.
#include "chain/bundle.hpp"
#include "chain/chain_state.hpp"
#include "chain/cursor.hpp"
#include "chain/failure.hpp"
#include "chain/json/json_writer.hpp"
#include "chain/json/value_text.hpp"
#include "chain/latest.hpp"
#include "chain/name.hpp"
#include "chain/network.hpp"
#include "chain/start_file.hpp"
#include "chain/wire.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

byte_buffer latest_of(std::string_view text) {
  byte_buffer out;
  append_le(out, std::uint64_t{text.size()});
  out.insert(out.end(), text.begin(), text.end());
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(names_and_texts_tests)

BOOST_AUTO_TEST_CASE(a_latest_json_gives_its_exclusive_height) {
  BOOST_TEST((parse_latest(make_latest(41, {})) == height_t{42}));
  BOOST_TEST((parse_latest(latest_of("{\"exclusive_height\":4294967295}")) == 0xffffffffU));
  BOOST_TEST((parse_latest(latest_of("\t{ \"a\" : -1.5e3 , \"exclusive_height\" : 0 } \r\n")) ==
              height_t{0}));
}

BOOST_AUTO_TEST_CASE(what_is_no_latest_json_is_refused_with_a_reason) {
  for (const auto* text : {"",
                           "[]",
                           "{",
                           "{}",
                           "{\"a\"",
                           "{\"a\":",
                           "{\"a\":}",
                           "{\"a\":\"b",
                           "{\"a\":[1]}",
                           "{\"a\":1 \"b\":2}",
                           "{\"exclusive_height\":\"5\"}",
                           "{\"exclusive_height\":}",
                           "{\"exclusive_height\":1,\"exclusive_height\":1}",
                           "{\"exclusive_height\":1}x",
                           "{\"exclusive_height\":01}",
                           "{\"exclusive_height\":-1}",
                           "{\"exclusive_height\":1.5}",
                           "{\"exclusive_height\":4294967296}",
                           "{\"exclusive_height\":12345678901}",
                           "{\"exclu\\u0073ive_height\":1}",
                           "{\"a\x7f\":1,\"exclusive_height\":1}",
                           "{\"a\x01\":1,\"exclusive_height\":1}"}) {
    const auto height = parse_latest(latest_of(text));
    BOOST_REQUIRE_MESSAGE(!height.has_value(), text);
    BOOST_TEST(!height.error().empty());
  }
  BOOST_TEST(!parse_latest(byte_buffer(7)).has_value());
  BOOST_TEST(!parse_latest(byte_buffer(latest_bytes_max + 1)).has_value());
  BOOST_TEST(!parse_latest(byte_buffer{9, 0, 0, 0, 0, 0, 0, 0, '{', '}'}).has_value());
}

BOOST_AUTO_TEST_CASE(a_name_is_read_back_and_an_altered_one_is_not) {
  hash id;
  id.bytes[3] = 77;
  const auto name = block_name(id);
  BOOST_TEST((parse_block_name(name) == id));
  for (std::size_t i = 0; i < name.size(); ++i)
    for (const char other : {'q', 'p', 'b', '1', 'A'}) {
      auto altered = name;
      altered[i] = other;
      BOOST_TEST((altered == name || !parse_block_name(altered)), altered);
    }
  for (std::size_t size = 0; size < name.size(); ++size)
    BOOST_TEST(!parse_block_name(name.substr(0, size)));
  const std::array<std::uint8_t, 20> other_length{};
  BOOST_TEST(!parse_block_name(bech32m(block_hash_prefix, other_length)));
  BOOST_TEST(!parse_block_name(state_root_name(id)));
}

BOOST_AUTO_TEST_CASE(bits_behind_the_last_byte_of_a_name_are_zero) {
  // One byte is two characters and two bits: that of 0 with a bit set there has a checksum of its
  // own, found by trying.
  constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const std::array<std::uint8_t, 1> zero{};
  const auto right = bech32m("ab", zero);
  BOOST_TEST(parse_bech32m("ab", right).has_value());
  std::size_t read = 0;
  auto text = right;
  text[4] = alphabet[1];
  for (std::size_t place = 5; place < text.size(); ++place)
    for (const char one : alphabet) {
      auto altered = text;
      altered[place] = one;
      read += parse_bech32m("ab", altered).has_value() ? 1U : 0U;
    }
  BOOST_TEST(read == 0U);
}

BOOST_AUTO_TEST_CASE(checks_levels_and_networks_are_found_by_their_names_alone) {
  for_each_check(checks_of(level::content),
                 [](check one) { BOOST_TEST((parse_check(to_string(one)) == one)); });
  BOOST_TEST(!parse_check("no_such_check").has_value());
  BOOST_TEST(to_string(static_cast<check>(63)) == "unknown");
  for (const level one :
       {level::none, level::link, level::header, level::consensus, level::content})
    BOOST_TEST((parse_level(to_string(one)) == one));
  BOOST_TEST(!parse_level("no_such_level").has_value());
  BOOST_TEST(to_string(static_cast<level>(99)) == "unknown");
  for (const auto* name : {"mainnet", "testnet", "canary"})
    BOOST_TEST(built_in_network(name)->name == name);
  BOOST_TEST(built_in_network("no_such_network") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_level_of_a_record_is_the_last_whose_checks_were_all_made) {
  for (const level one :
       {level::none, level::link, level::header, level::consensus, level::content})
    BOOST_TEST((level_of({checks_of(one), {}}) == one));
}

BOOST_AUTO_TEST_CASE(a_failure_says_what_it_knows) {
  BOOST_TEST(to_string(cancelled()) == "cancelled");
  check_failure failure;
  BOOST_TEST(to_string(failure) == "check framing, byte 0 of the file");
  failure.height = 7;
  failure.detail = "what";
  failure.found = "b";
  BOOST_TEST(to_string(failure) ==
             "check framing, height 7, byte 0 of the file: what (expected , found b)");
  failure.expected = "a";
  failure.found.clear();
  BOOST_TEST(to_string(failure) ==
             "check framing, height 7, byte 0 of the file: what (expected a, found )");
}

BOOST_AUTO_TEST_CASE(a_file_says_where_its_framing_breaks) {
  const auto found = [](const byte_buffer& file) { return split_bundle(file).error().found; };
  BOOST_TEST(found(byte_buffer(3)) == "3 bytes");
  BOOST_TEST(found({1, 0, 0, 0, 0, 0, 0, 0, 5}) == "the end of the file");
  BOOST_TEST(found({1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 2}) == "5 bytes, 2 left");
  BOOST_TEST(found({0, 0, 0, 0, 0, 0, 0, 0, 5}) == "1 bytes more");
}

BOOST_AUTO_TEST_CASE(a_cursor_says_what_it_wanted) {
  const byte_buffer bytes{7};
  cursor one_value{bytes};
  one_value.count(one_value.u8("number"), 3, 3, "number");
  BOOST_TEST(one_value.error().expected == "3");
  cursor range{bytes};
  range.count(range.u8("number"), 3, 5, "number");
  BOOST_TEST(range.error().expected == "3..5");
  cursor fine{bytes};
  BOOST_TEST(fine.error().detail.empty());
  range.fail("later", "nothing", 1); // the first failure sticks
  BOOST_TEST(range.error().expected == "3..5");
}

BOOST_AUTO_TEST_CASE(a_chain_state_is_read_back_with_its_epoch_and_refused_with_wrong_peaks) {
  auto state = state_before_genesis();
  state.epoch_hash.emplace().bytes[1] = 4;
  state.next_height = 3;
  state.peaks = {{1, {}}, {0, {}}};
  const auto again = decode_chain_state(encode(state));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((*again == state));
  for (const auto& peaks :
       {std::vector<subtree>{{0, {}}, {1, {}}}, {{1, {}}, {1, {}}}, {{64, {}}}, {{1, {}}}, {}}) {
    state.peaks = peaks;
    BOOST_TEST(!decode_chain_state(encode(state)).has_value());
  }
  state.next_height = 4; // as many as two equal ones hold
  state.peaks = {{1, {}}, {1, {}}};
  BOOST_TEST(!decode_chain_state(encode(state)).has_value());
  state.peaks = {{2, {}}};
  BOOST_TEST(decode_chain_state(encode(state)).has_value());
  state.history_known = false; // then nobody has peaks
  BOOST_TEST(!decode_chain_state(encode(state)).has_value());
}

BOOST_AUTO_TEST_CASE(a_start_file_without_committees_is_read_back_and_a_huge_one_refused) {
  auto state = state_before_genesis();
  BOOST_TEST((decode_start_file(encode_start_file(state)) == state));
  const std::uint8_t byte = 0; // what comes first of all is a look at the size
  BOOST_TEST(!decode_start_file({&byte, start_file_bytes_max + 1}).has_value());
}

BOOST_AUTO_TEST_CASE(json_quotes_what_cannot_stand_in_a_string) {
  json_writer out{json_layout::compact};
  out.begin_array().string("\"\\\n\r\t\b\f\x01z").begin_object().end_object();
  out.begin_object().key("a").number(-7).key("b").boolean(true).key("c").boolean(false);
  out.end_object().end_array();
  BOOST_TEST(out.take() == R"(["\"\\\n\r\t\b\f\u0001z",{},{"a":-7,"b":true,"c":false}])");
  json_writer pretty{json_layout::pretty};
  pretty.begin_array().number(1).begin_array().end_array().end_array();
  BOOST_TEST(pretty.take() == "[\n  1,\n  []\n]");
}

// A future of two arguments, a dynamic future and a future without arguments; and a struct that
// holds an empty one and an array.
BOOST_AUTO_TEST_CASE(values_are_shown_in_the_chains_own_text) {
  const auto named = [](byte_buffer& to, std::string_view name) {
    to.push_back(static_cast<std::uint8_t>(name.size()));
    to.insert(to.end(), name.begin(), name.end());
  };
  const auto future_head = [&](std::uint8_t arguments) {
    byte_buffer out;
    for (const auto* one : {"p", "aleo", "f"})
      named(out, one);
    out.push_back(arguments);
    return out;
  };
  const auto sized = [](byte_buffer& to, const byte_buffer& part) {
    append_le(to, static_cast<std::uint16_t>(part.size()));
    to.insert(to.end(), part.begin(), part.end());
  };
  const auto dynamic = [&](char first) {
    byte_buffer out{2, 1};
    for (const char one : {'q', 'a', first}) {
      out.push_back(static_cast<std::uint8_t>(one));
      out.resize(out.size() + 31);
    }
    out.push_back(5);
    out.resize(out.size() + 31);
    return out;
  };
  const auto text_of = [&](const byte_buffer& argument) {
    auto whole = future_head(2);
    sized(whole, argument);
    auto inner = future_head(0);
    inner.insert(inner.begin(), 1);
    sized(whole, inner);
    return future_text(whole);
  };
  BOOST_TEST((text_of(dynamic('g'))
                  .find("{ _program_id: q.a, _function_name: g, _checksum: "
                        "5field }") != std::string::npos));
  BOOST_TEST((text_of(dynamic('\1')).find("_function_name: 1field") != std::string::npos));
  BOOST_TEST((text_of(dynamic('g')).find("arguments: []") != std::string::npos));
  BOOST_TEST(future_text(future_head(0)) ==
             "{\n  program_id: p.aleo,\n  function_name: f,\n  arguments: []\n}");
  byte_buffer value{1, 2};
  named(value, "a");
  sized(value, {1, 0});
  named(value, "b");
  sized(value, {2, 1, 0, 0, 0, 4, 0, 0, 9, 0, 7});
  BOOST_TEST(plaintext_text(value) == "{\n  a: {},\n  b: [\n    7u8\n  ]\n}");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
