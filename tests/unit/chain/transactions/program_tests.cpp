// Programs: their text, its checksum, and what no program may be.
#include "../number.hpp"
#include "chain/hash/sha3.hpp"
#include "chain/program/program.hpp"
#include "chain/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace blockferry::chain::tests {
namespace {

/// The program of specification 11: imports, struct, record, mapping, closure, function with
/// finalize, constructor.
const byte_buffer& sample() {
  static const byte_buffer bytes = unhex(
      "010873616d706c655f3104616c656f01076372656469747304616c656f060001047061697202000161000c01"
      "6202000201030000000205746f6b656e01020006616d6f756e7402000c046b696e6401010470616972000574"
      "616c6c790000000c030574776963650100000000000c0100000002000100000100000001010001000100000c"
      "04046d696e7402000000020000000101000c0500000008000105747769636501010001010002090003000200"
      "0100000000000000000000000000000000000000000000000000000000000000000200020000000000000000"
      "0000000000000000000000000000000000000000000000000200030000000000000000000000000000000000"
      "0000000000000000000000000000000302020002010300000009000201000201000300040201047061697209"
      "000301000001000201000400050305746f6b656e0700046d696e740204010002000602000100050305746f6b"
      "656e010006050873616d706c655f3104616c656f046d696e7401046d696e7402000000000000000100000c03"
      "0004010574616c6c79010000000c00000000000000000000020002000100020100010003070574616c6c7901"
      "00000100030501000005000800000a000000");
  return bytes;
}

/// What make_program_vectors.py wrote of one program.
struct vector_program {
  byte_buffer bytes;
  byte_buffer checksum; ///< of the text
  std::string notes;    ///< versions that it needs, s for a string, - for none
  std::uint64_t writes = 0;
  std::string functions; ///< names, joined by commas
};

std::vector<vector_program> vector_programs() {
  std::ifstream file{BLOCKFERRY_SOURCE_DIR "/tests/unit/chain/transactions/program_vectors.txt"};
  std::vector<vector_program> out;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words{line};
    std::string bytes, checksum;
    vector_program one;
    words >> bytes >> checksum >> one.notes >> one.writes >> one.functions;
    one.bytes = unhex(bytes);
    one.checksum = unhex(checksum);
    out.push_back(std::move(one));
  }
  return out;
}

/// Notes as the vectors have them.
std::string notes_of(const syntax_notes& notes) {
  std::string out = notes.strings() ? "s" : "";
  for (unsigned version = 1; version < 32; ++version)
    if (notes.has(version))
      out += (out.empty() ? "" : ",") + std::to_string(version);
  return out.empty() ? "-" : out;
}

std::string names_of(const std::vector<program_function>& functions) {
  std::string out;
  for (const auto& one : functions)
    out += (out.empty() ? "" : ",") + std::string{one.name};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(program_tests)

// Goal: the whole grammar of programs, and its text.
// Method: programs by chance in which every opcode, operand, type, command and component occurs,
// with what the reference checker says of them.
BOOST_AUTO_TEST_CASE(programs_of_all_kinds_read_as_the_reference_checker_reads_them) {
  const auto programs = vector_programs();
  BOOST_REQUIRE(programs.size() >= 129U);
  for (const auto& one : programs) {
    std::string text;
    cursor in{one.bytes};
    const auto made = read_program(in, &text);
    in.done("program");
    BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail << " at " << in.error().offset);
    BOOST_TEST(std::ranges::equal(sha3_256({bytes_of(text)}).bytes, one.checksum), made.name);
    BOOST_TEST(notes_of(made.notes) == one.notes);
    BOOST_TEST(made.writes == one.writes);
    BOOST_TEST(names_of(made.functions) == one.functions);
  }
}

BOOST_AUTO_TEST_CASE(no_prefix_of_a_made_program_is_one) {
  for (const auto& one : vector_programs())
    for (std::size_t size = 0; size < one.bytes.size(); size += 7) {
      cursor in{byte_view{one.bytes}.first(size)};
      static_cast<void>(read_program(in));
      BOOST_REQUIRE(!in.ok());
    }
}

BOOST_AUTO_TEST_CASE(the_checksum_of_the_text_is_that_of_the_specification) {
  std::string text;
  cursor in{sample()};
  const auto made = read_program(in, &text);
  in.done("program");
  BOOST_REQUIRE(in.ok());
  const auto checksum = unhex("e4cde55dd4193547e7b0e5812ab410225a3cc0613a0034b31a2e0a9c59b0c178");
  BOOST_TEST(std::ranges::equal(sha3_256({bytes_of(text)}).bytes, checksum));
  BOOST_TEST(made.name == "sample_1");
  BOOST_TEST(made.functions.size() == 1U);
  BOOST_TEST(made.has_constructor);
}

// A program of a struct with one member and a record with one entry, by their names.
BOOST_AUTO_TEST_CASE(restricted_words_are_noted_wherever_a_program_names_something) {
  const auto restricted_from = [](std::array<std::string_view, 5> names) {
    byte_buffer bytes{1};
    const auto append = [&](std::initializer_list<std::uint8_t> more) {
      bytes.insert(bytes.end(), more);
    };
    const auto ident = [&](std::string_view name) {
      bytes.push_back(static_cast<std::uint8_t>(name.size()));
      bytes.insert(bytes.end(), name.begin(), name.end());
    };
    ident(names[0]);
    ident("aleo");
    append({0, 2, 0, 1}); // no imports, two components, a struct
    ident(names[1]);
    append({1, 0});
    ident(names[2]);
    append({0, 12, 2}); // a u64; a record
    ident(names[3]);
    append({0, 1, 0});
    ident(names[4]);
    append({1, 0, 12});
    cursor in{bytes};
    const auto made = read_program(in);
    in.done("program");
    BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
    return made.notes.restricted_from();
  };
  const std::array<std::string_view, 5> harmless = {"a", "b", "c", "d", "e"};
  BOOST_TEST(restricted_from(harmless) == 0U);
  for (std::size_t i = 0; i < harmless.size(); ++i)
    for (const auto& [word, from] :
         {std::pair{"constructor", 6U}, std::pair{"dynamic", 14U}, std::pair{"identifier", 14U},
          std::pair{"view", 15U}, std::pair{"views", 0U}}) {
      auto names = harmless;
      names[i] = word;
      BOOST_TEST(restricted_from(names) == from, word << " as name " << i);
    }
  BOOST_TEST(restricted_from({"view", "identifier", "c", "constructor", "e"}) == 6U);
}

BOOST_AUTO_TEST_CASE(names_that_must_differ_or_agree_are_told_from_those_that_do) {
  const auto said = [](std::initializer_list<std::uint8_t> more) {
    byte_buffer bytes{1, 1, 'a', 4, 'a', 'l', 'e', 'o'};
    bytes.insert(bytes.end(), more);
    cursor in{bytes};
    static_cast<void>(read_program(in));
    in.done("program");
    return in.error().detail;
  };
  BOOST_TEST(said({2, 1, 'b', 4, 'a', 'l', 'e', 'o', 1, 'c', 4, 'a', 'l', 'e', 'o', 0, 0}) == "");
  BOOST_TEST(said({2, 1, 'b', 4, 'a', 'l', 'e', 'o', 1, 'b', 4, 'a', 'l', 'e', 'o', 0, 0}) ==
             "import");
  // Two mappings of u8.
  BOOST_TEST(said({0, 2, 0, 0, 1, 'm', 0, 9, 0, 9, 0, 1, 'n', 0, 9, 0, 9}) == "");
  BOOST_TEST(said({0, 2, 0, 0, 1, 'm', 0, 9, 0, 9, 0, 1, 'm', 0, 9, 0, 9}) ==
             "name of a component");
  // A function whose finalize block has another name.
  BOOST_TEST(said({0, 1, 0, 4, 1,   'f', 0, 0, 0, 0,  0, 0,
                   0, 0, 1, 1, 'g', 0,   0, 1, 0, 10, 1, 'p'}) == "name of a finalize block");
  // A constructor with rand.chacha into r0 of each literal type.
  for (std::uint8_t type = 0; type <= 17; ++type)
    BOOST_TEST(said({0, 1, 0, 5, 1, 0, 5, 0, 0, 0, type}) ==
                   (type >= 16 ? "type of rand.chacha" : ""),
               "type " << int{type});
}

// Goal: positions of finalize blocks are names as well, those of constructors and views are not.
BOOST_AUTO_TEST_CASE(restricted_words_are_noted_as_positions_of_finalize_blocks_alone) {
  const auto restricted_from = [](std::initializer_list<std::uint8_t> before_commands,
                                  std::initializer_list<std::uint8_t> after) {
    byte_buffer bytes{1, 1, 'a', 4, 'a', 'l', 'e', 'o', 0, 1, 0}; // one component
    bytes.insert(bytes.end(), before_commands);
    bytes.insert(bytes.end(), {1, 0, 10, 4, 'v', 'i', 'e', 'w'}); // one command, a position
    bytes.insert(bytes.end(), after);
    cursor in{bytes};
    const auto made = read_program(in);
    in.done("program");
    BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
    return made.notes.restricted_from();
  };
  // A function without inputs, instructions and outputs.
  BOOST_TEST(restricted_from({4, 1, 'f', 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 'f', 0, 0}, {}) == 15U);
  BOOST_TEST(restricted_from({5}, {}) == 0U);
  BOOST_TEST(restricted_from({6, 1, 'f', 0, 0}, {0, 0}) == 0U);
}

// Arrays grow to 512 elements with V11 and to 2048 with V14.
BOOST_AUTO_TEST_CASE(long_arrays_are_noted_with_the_version_that_brought_them) {
  const auto noted = [](std::uint16_t length) {
    byte_buffer bytes{1, 1, 'a', 4, 'a', 'l', 'e', 'o', 0, 1, 0, 0, 1, 'm', 0, 9, 2, 0, 9, 2};
    append_le(bytes, std::uint32_t{3});
    append_le(bytes, std::uint32_t{length}); // [[u8; 3]; length]
    cursor in{bytes};
    const auto made = read_program(in);
    in.done("program");
    BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
    return notes_of(made.notes);
  };
  BOOST_TEST(noted(32) == "-");
  BOOST_TEST(noted(33) == "11");
  BOOST_TEST(noted(512) == "11");
  BOOST_TEST(noted(513) == "14");
  BOOST_TEST(noted(2048) == "14");
}

BOOST_AUTO_TEST_CASE(a_closure_that_gives_a_record_is_noted_and_one_that_takes_it_is_not) {
  const auto noted = [](std::initializer_list<std::uint8_t> given,
                        std::initializer_list<std::uint8_t> taken = {0, 0, 12}) { // a u64
    byte_buffer bytes{1, 1, 'a', 4, 'a', 'l', 'e', 'o', 0, 1, 0, 3, 1, 'c', 1, 0, 0, 0};
    bytes.insert(bytes.end(), taken);
    bytes.insert(bytes.end(), {1, 0, 0, 0, 5, 0, 1, 0, 0, 1, 0, 0}); // assert.eq r0 r0
    bytes.insert(bytes.end(), {1, 0, 1, 0, 0});                      // output r0
    bytes.insert(bytes.end(), given);
    cursor in{bytes};
    const auto made = read_program(in);
    in.done("program");
    BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
    return made.notes.closure_records();
  };
  BOOST_TEST(!noted({0, 0, 12}));
  BOOST_TEST(noted({1, 1, 'r'}));
  BOOST_TEST(noted({2, 1, 'b', 4, 'a', 'l', 'e', 'o', 1, 'r'}));
  BOOST_TEST(!noted({3, 1, 'b', 4, 'a', 'l', 'e', 'o', 1, 'f'})); // a future
  BOOST_TEST(noted({4}));
  BOOST_TEST(!noted({5})); // a dynamic future
  BOOST_TEST(!noted({0, 0, 12}, {1, 1, 'r'}));
}

// Calls in finalize blocks came with V15; those of functions were always there.
BOOST_AUTO_TEST_CASE(a_call_is_noted_in_a_finalize_block_alone) {
  const auto noted = [](std::initializer_list<std::uint8_t> before) {
    byte_buffer bytes{1, 1, 'a', 4, 'a', 'l', 'e', 'o', 0, 1, 0, 4, 1, 'f', 0, 0};
    bytes.insert(bytes.end(), before);
    bytes.insert(bytes.end(), {8, 0, 1, 1, 'g', 0, 0}); // call g
    if (before.size() == 4)                             // no outputs, no finalize block
      bytes.insert(bytes.end(), {0, 0, 0});
    cursor in{bytes};
    const auto made = read_program(in);
    in.done("program");
    BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
    return notes_of(made.notes);
  };
  BOOST_TEST(noted({1, 0, 0, 0}) == "-");                                  // one instruction
  BOOST_TEST(noted({0, 0, 0, 0, 0, 0, 1, 1, 'f', 0, 0, 1, 0, 0}) == "15"); // one command
}

BOOST_AUTO_TEST_CASE(constructor_writes_are_counted_by_themselves) {
  // A constructor with `remove m[r0]`; then a function whose finalize block has two.
  byte_buffer bytes{1, 1, 'a', 4, 'a', 'l', 'e', 'o', 0, 2, 0};
  const std::initializer_list<std::uint8_t> removal = {6, 1, 'm', 1, 0, 0};
  bytes.insert(bytes.end(), {5, 1, 0});
  bytes.insert(bytes.end(), removal);
  bytes.insert(bytes.end(), {4, 1, 'f', 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 'f', 0, 0, 2, 0});
  bytes.insert(bytes.end(), removal);
  bytes.insert(bytes.end(), removal);
  cursor in{bytes};
  const auto made = read_program(in);
  in.done("program");
  BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
  BOOST_TEST(made.constructor_writes == 1U);
  BOOST_TEST(made.writes == 2U);
}

BOOST_AUTO_TEST_CASE(reading_without_text_ends_at_the_same_byte) {
  cursor in{sample()};
  const auto made = read_program(in);
  BOOST_TEST(in.ok());
  BOOST_TEST(made.bytes.size() == sample().size());
}

BOOST_AUTO_TEST_CASE(no_prefix_of_a_program_is_one) {
  for (std::size_t size = 0; size < sample().size(); ++size) {
    cursor in{byte_view{sample()}.first(size)};
    std::string text;
    static_cast<void>(read_program(in, &text));
    BOOST_TEST(!in.ok());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
