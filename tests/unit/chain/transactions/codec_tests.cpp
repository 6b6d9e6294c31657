// Properties of the readers of values, against a slow direct version of what is hashed of them.
#include "chain/transactions/value_bits.hpp"
#include "value_maker.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

namespace blockferry::chain::tests {
namespace {

/// Numbers from a seed that the property draws.
chance chance_of(std::uint64_t seed) {
  return [random = std::mt19937_64{seed}](std::size_t end) mutable -> std::size_t {
    return random() % end;
  };
}

bool same_bits(const bit_string& found, const std::vector<bool>& expected) {
  if (found.size() != expected.size())
    return false;
  for (std::size_t i = 0; i < expected.size(); ++i)
    if ((found.view().at(i, 1) != 0) != expected[i])
      return false;
  return true;
}

bool reads_plaintext(byte_view bytes) {
  cursor in{bytes};
  value_visitor nothing;
  walk_plaintext(in, nothing);
  in.done("plaintext");
  return in.ok();
}

bool reads_future(byte_view bytes) {
  cursor in{bytes};
  future_visitor nothing;
  walk_future(in, nothing);
  in.done("future");
  return in.ok();
}

__extension__ using wide_number = unsigned __int128;

/// The shortest form of a number.
byte_buffer varint_of(std::uint64_t value) {
  byte_buffer out;
  if (value < 0xfd) {
    out.push_back(static_cast<std::uint8_t>(value));
  } else if (value <= 0xffff) {
    out.push_back(0xfd);
    append_le(out, static_cast<std::uint16_t>(value));
  } else if (value <= 0xffffffff) {
    out.push_back(0xfe);
    append_le(out, static_cast<std::uint32_t>(value));
  } else {
    out.push_back(0xff);
    append_le(out, value);
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(codec_tests)

BOOST_AUTO_TEST_CASE(a_plaintext_is_read_to_its_end_and_hashed_as_the_direct_version_says) {
  BOOST_TEST(rc::check("plaintexts", [](std::uint64_t seed) {
    const auto made = make_plaintext(chance_of(seed), 4);
    value_bits bits;
    append_plaintext_bits(bits, made.wire);
    return reads_plaintext(made.wire) && same_bits(bits.bits(), made.bits);
  }));
}

BOOST_AUTO_TEST_CASE(a_future_is_read_to_its_end_and_hashed_as_the_direct_version_says) {
  BOOST_TEST(rc::check("futures", [](std::uint64_t seed) {
    const auto made = make_future(chance_of(seed), 3);
    value_bits bits;
    append_future_bits(bits, made.wire);
    return reads_future(made.wire) && same_bits(bits.bits(), made.bits);
  }));
}

BOOST_AUTO_TEST_CASE(no_prefix_of_a_value_is_one) {
  BOOST_TEST(rc::check("prefixes", [](std::uint64_t seed) {
    auto below = chance_of(seed);
    const auto plaintext = make_plaintext(below, 3), future = make_future(below, 2);
    const byte_view one{plaintext.wire}, other{future.wire};
    return !reads_plaintext(one.first(below(one.size()))) &&
           !reads_future(other.first(below(other.size())));
  }));
}

BOOST_AUTO_TEST_CASE(a_changed_byte_is_never_more_than_another_value_or_an_error) {
  BOOST_TEST(rc::check("changes", [](std::uint64_t seed) {
    auto below = chance_of(seed);
    auto made = make_future(below, 3).wire;
    made[below(made.size())] = static_cast<std::uint8_t>(below(256));
    value_bits bits;
    cursor in{made};
    walk_future(in, bits);
    RC_ASSERT(in.offset() <= made.size());
  }));
}

BOOST_AUTO_TEST_CASE(plaintexts_nest_up_to_their_bound_and_no_further) {
  BOOST_TEST(reads_plaintext(nested_arrays(limits::nesting)));
  BOOST_TEST(!reads_plaintext(nested_arrays(limits::nesting + 1)));
  BOOST_TEST(!reads_plaintext(nested_arrays(5000)));
}

BOOST_AUTO_TEST_CASE(an_argument_of_more_than_65535_bits_gets_a_length_of_32) {
  // An array of 2048 times u8 inside a future: 32 bits and 2048 * (16 + 34).
  byte_buffer wire = {1, 'p', 4, 'a', 'l', 'e', 'o', 1, 'f', 1};
  byte_buffer argument = {0, 2};
  append_le(argument, std::uint32_t{2048});
  for (int i = 0; i < 2048; ++i)
    argument.insert(argument.end(), {4, 0, 0, 9, 0, 7});
  append_le(wire, static_cast<std::uint16_t>(argument.size()));
  wire.insert(wire.end(), argument.begin(), argument.end());
  BOOST_REQUIRE(reads_future(wire));
  value_bits bits;
  append_future_bits(bits, wire);
  constexpr std::size_t head = 16 + 40 + 16 + 8 + 8, size = 1 + 34 + 2048 * (16 + 34);
  BOOST_TEST(bits.bits().view().at(head, 32) == size);
  BOOST_TEST(bits.bits().size() == head + 32 + size);
}

BOOST_AUTO_TEST_CASE(members_of_one_name_are_refused) {
  const byte_buffer twice = {1, 2, 1, 'a', 4, 0, 0, 1, 0, 1, 1, 'a', 4, 0, 0, 1, 0, 1};
  BOOST_TEST(!reads_plaintext(twice));
  auto other = twice;
  other[11] = 'b';
  BOOST_TEST(reads_plaintext(other));
}

BOOST_AUTO_TEST_CASE(numbers_of_variable_length_have_one_form) {
  BOOST_TEST(rc::check("varints", [](std::uint64_t wide, unsigned shift) {
    const std::uint64_t value = wide >> (shift % 64);
    const auto bytes = varint_of(value);
    cursor in{bytes};
    RC_ASSERT(in.varint("number") == value);
    RC_ASSERT(in.ok() && in.left() == 0);
    byte_buffer longer{0xff};
    append_le(longer, value);
    cursor again{longer};
    again.varint("number");
    RC_ASSERT(again.ok() == (value > 0xffffffff));
  }));
}

BOOST_AUTO_TEST_CASE(only_utf8_is_a_string) {
  const auto reads = [](std::initializer_list<std::uint8_t> text) {
    byte_buffer wire = {0, 16, 0};
    append_le(wire, static_cast<std::uint16_t>(text.size()));
    wire.insert(wire.end(), text);
    return reads_plaintext(wire);
  };
  BOOST_TEST(reads({'a', 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80}));
  BOOST_TEST(!reads({0xc0, 0x80}));             // too long a form
  BOOST_TEST(!reads({0xed, 0xa0, 0x80}));       // a surrogate
  BOOST_TEST(!reads({0xf4, 0x90, 0x80, 0x80})); // beyond the last code point
  BOOST_TEST(reads({0xf4, 0x8f, 0xbf, 0xbf}));  // the last one
  BOOST_TEST(reads({0xed, 0x9f, 0xbf}));        // before the surrogates
  BOOST_TEST(!reads({0xed, 0xbf, 0xbf}));       // the last of them
  BOOST_TEST(reads({0xee, 0x80, 0x80}));        // after them
  BOOST_TEST(!reads({0xe0, 0x9f, 0xbf}));       // one byte too many
  BOOST_TEST(!reads({0xf0, 0x8f, 0xbf, 0xbf}));
  BOOST_TEST(!reads({0xe2, 0x82})); // cut
  BOOST_TEST(!reads({0xc3, 'a'}));  // another begins inside
  BOOST_TEST(!reads({0x80}));       // begins in the middle
}

BOOST_AUTO_TEST_CASE(decimal_text_is_that_of_the_number) {
  BOOST_TEST(rc::check("decimals", [](std::uint64_t low, std::uint64_t high, unsigned shift) {
    const wide_number value = (static_cast<wide_number>(high) << 64 | low) >> (shift % 128);
    byte_buffer bytes;
    append_le(bytes, static_cast<std::uint64_t>(value));
    append_le(bytes, static_cast<std::uint64_t>(value >> 64));
    std::string expected;
    auto rest = value;
    do
      expected.insert(expected.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    while ((rest /= 10) != 0);
    std::string found;
    append_number(found, bytes, "u128");
    return found == expected + "u128";
  }));
}

BOOST_AUTO_TEST_CASE(negative_numbers_have_their_sign) {
  const auto text = [](literal_type type, byte_buffer bytes) {
    std::string out;
    append_text(out, {type, bytes});
    return out;
  };
  BOOST_TEST(text(literal_type::i8, {0x80}) == "-128i8");
  BOOST_TEST(text(literal_type::i8, {0xff}) == "-1i8");
  BOOST_TEST(text(literal_type::i16, {0x00, 0x80}) == "-32768i16");
  BOOST_TEST(text(literal_type::i64, byte_buffer(8, 0)) == "0i64");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
