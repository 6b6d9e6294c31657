// Each bound of specification 9: what it lets pass, and what is one too many.
#include "../number.hpp"
#include "chain/body/body.hpp"
#include "chain/program/program.hpp"
#include "chain/transactions/proof.hpp"
#include "chain/transactions/transition_reader.hpp"
#include "chain/transactions/values.hpp"
#include "chain/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <tuple>

namespace blockferry::chain::tests {
namespace {

/// Bytes, part by part.
class wire {
public:
  wire(std::initializer_list<std::uint8_t> bytes) : bytes_{bytes} {}
  wire& operator<<(const wire& more) {
    bytes_.insert(bytes_.end(), more.bytes_.begin(), more.bytes_.end());
    return *this;
  }
  wire& zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  wire& name(std::string_view text) {
    bytes_.push_back(static_cast<std::uint8_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  wire& number(std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i)
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  [[nodiscard]] byte_view view() const { return bytes_; }

private:
  byte_buffer bytes_;
};

using reader = std::function<void(cursor&)>;

void read_quorum(cursor& in) {
  static_cast<void>(read_head(in, mainnet(), 1));
}
void read_beacon(cursor& in) {
  static_cast<void>(read_head(in, mainnet(), 0));
}
void read_end(cursor& in) {
  static_cast<void>(read_tail(in, mainnet()));
}
void read_area(cursor& in) {
  static_cast<void>(read_transactions(in));
}
void read_one_transition(cursor& in) {
  transactions_area area;
  read_transition(in, area);
}
void read_one_record(cursor& in) {
  record_visitor nothing;
  walk_record(in, nothing);
}
void read_one_plaintext(cursor& in) {
  value_visitor nothing;
  walk_plaintext(in, nothing);
}
void read_one_future(cursor& in) {
  future_visitor nothing;
  walk_future(in, nothing);
}
void read_one_program(cursor& in) {
  static_cast<void>(read_program(in));
}

/// A count that stands behind some bytes.
struct bound {
  std::string_view what;
  wire before;
  std::size_t width = 0; ///< of the count, bytes
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  reader read;
};

/// Whether the reader refuses just this count.
bool refuses(const bound& one, std::uint64_t count) {
  wire bytes = one.before;
  bytes.number(count, one.width);
  cursor in{bytes.view()};
  one.read(in);
  BOOST_REQUIRE_MESSAGE(!in.ok() || count == 0, one.what << ' ' << count << ", and no more bytes");
  return in.error().detail == one.what &&
         in.error().expected == std::to_string(one.least) + ".." + std::to_string(one.most);
}

void check_bounds(const std::vector<bound>& bounds) {
  for (const bound& one : bounds) {
    const std::uint64_t width_max =
        one.width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * one.width)) - 1;
    BOOST_TEST(!refuses(one, one.least), one.what << " of " << one.least);
    BOOST_TEST(!refuses(one, one.most), one.what << " of " << one.most);
    if (one.least > 0)
      BOOST_TEST(refuses(one, one.least - 1), one.what << " below " << one.least);
    if (one.most < width_max) {
      BOOST_TEST(refuses(one, one.most + 1), one.what << " above " << one.most);
      BOOST_TEST(refuses(one, width_max), one.what << " of " << width_max);
    }
  }
}

/// A batch's head up to its transmissions, in a subdag of one round.
wire batch() {
  wire out{1};
  out.number(1, 4).number(2, 8).number(1, 2);
  out << wire{1, 1};
  return out.zeros(32 + 32).number(2, 8).zeros(8 + 32);
}

/// Ratifications up to the members of a genesis committee.
wire committee() {
  wire out{};
  out.zeros(128) << wire{1, 1, 0, 0, 0, 1, 0, 1}; // beacon; one ratification, of genesis
  return out.zeros(32 + 8);
}

wire transition_up_to_inputs() {
  wire out{1};
  return out.zeros(32).name("a").name("aleo").name("f");
}

/// A block's transactions up to the transitions of the first, an accepted execution.
wire execution() {
  wire out{1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1};
  out.zeros(32);
  return out << wire{1};
}

/// A program up to its components, and then some of them.
wire program(std::uint64_t components) {
  wire out{1};
  out.name("a").name("aleo") << wire{0};
  return out.number(components, 2);
}
wire closure_up_to_instructions() {
  return program(1) << wire{3, 1, 'c', 1, 0, 0, 0, 0, 0, 9};
}
/// Up to the operands of an instruction.
wire instruction(std::uint8_t opcode) {
  return closure_up_to_instructions() << wire{1, 0, 0, 0, opcode, 0};
}
const wire no_operands = {0, 0, 0, 0, 0, 0, 0, 0}; // of a function: inputs, instructions, outputs

} // namespace

BOOST_AUTO_TEST_SUITE(bounds_tests)

BOOST_AUTO_TEST_CASE(counts_before_the_transactions_have_their_bounds) {
  wire previous = batch().number(0, 4), signatures = batch().number(0, 4).number(0, 2).zeros(128);
  wire rewards{};
  rewards.zeros(128) << wire{1};
  wire no_rewards = rewards;
  no_rewards.number(0, 4) << wire{1};
  wire solutions = no_rewards, aborted = no_rewards;
  solutions << wire{1};
  aborted << wire{0};
  wire commission = committee();
  commission.number(3, 2).zeros(32 + 8 + 1);
  check_bounds(
      {{"number of rounds", {1}, 4, 1, 100, read_quorum},
       {"number of certificates", wire{1}.number(1, 4).number(2, 8), 2, 1, 40, read_quorum},
       {"number of transmissions", batch(), 4, 0, 50, read_quorum},
       {"number of previous certificates", previous, 2, 0, 40, read_quorum},
       {"number of signatures", signatures, 2, 1, 40, read_quorum},
       {"number of ratifications", rewards, 4, 0, 65536, read_beacon},
       {"number of members", committee(), 2, 3, 40, read_beacon},
       {"commission", commission, 1, 0, 100, read_beacon},
       {"number of solutions", solutions, 1, 1, 4, read_beacon},
       {"number of aborted solution ids", aborted, 4, 0, 200000, read_beacon},
       {"number of aborted transaction ids", {}, 4, 0, 200000, read_end}});
}

BOOST_AUTO_TEST_CASE(a_certificate_is_of_the_round_that_lists_it) {
  wire bytes = batch().number(0, 4).number(0, 2).zeros(128);
  cursor right{bytes.view()};
  read_quorum(right);
  BOOST_TEST(right.error().detail == "number of signatures"); // the bytes end there
  byte_buffer other{bytes.view().begin(), bytes.view().end()};
  constexpr std::size_t listed_round = 1 + 4;
  other[listed_round] = 3;
  cursor wrong{other};
  read_quorum(wrong);
  BOOST_TEST(wrong.error().detail == "round of a certificate");
}

BOOST_AUTO_TEST_CASE(counts_of_transactions_have_their_bounds) {
  wire outputs = transition_up_to_inputs(), operations = execution();
  outputs << wire{0};
  operations << wire{1} << transition_up_to_inputs();
  operations.zeros(2 + 3 * 32 + 32 + 1 + 1); // no inputs, no outputs; no proof, no fee
  wire deploy{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0};
  deploy.zeros(32) << wire{1};
  deploy.zeros(32 + 128) << wire{1, 0, 0} << program(0);
  wire record{0};
  record.zeros(32);
  wire future{};
  future.name("a").name("aleo").name("f");
  check_bounds(
      {{"transactions", {1}, 4, 0, 1048575, read_area},
       {"transitions of an execution", execution(), 1, 1, 31, read_area},
       {"inputs", transition_up_to_inputs(), 1, 0, 16, read_one_transition},
       {"outputs", outputs, 1, 0, 16, read_one_transition},
       {"finalize operations of a transaction", operations, 2, 0, 512, read_area},
       {"verifying keys", deploy, 2, 1, 341, read_area},
       {"fields of a ciphertext",
        {},
        2,
        0,
        4161,
        [](cursor& in) { static_cast<void>(read_ciphertext(in)); }},
       {"entries of a record", record, 1, 0, 32, read_one_record},
       {"array length", {2}, 4, 0, 2048, read_one_plaintext},
       {"string bytes", {0, 16, 0}, 2, 0, 255, read_one_plaintext},
       {"arguments of a future", future, 1, 0, 16, read_one_future},
       {"circuits of a proof", {1}, 8, 0, 128, [](cursor& in) { read_proof(in); }},
       {"batch size of a proof", wire{1}.number(1, 8), 8, 0, 527,
        [](cursor& in) { read_proof(in); }},
       {"commitments of a key", wire{1}.zeros(6 * 8), 8, 0, 12,
        [](cursor& in) { read_verifying_key(in); }},
       {"number of opening proofs", {1}, 8, 0, 16, [](cursor& in) { read_key_certificate(in); }}});
}

// Q and R of specification 0: the number before them is the last one.
BOOST_AUTO_TEST_CASE(numbers_end_before_their_modulus) {
  const auto reads = [](std::string_view number, int by, bool scalar) {
    auto bytes = unhex(number);
    bytes[0] = static_cast<std::uint8_t>(bytes[0] + by);
    cursor in{bytes};
    scalar ? in.scalar("number") : in.field("number");
    return in.ok();
  };
  constexpr std::string_view q = "010000000080110a010000d0fe76aa5901b0375c1e4db46056a52c9a5e65ab12";
  constexpr std::string_view r = "ffd93fc39aee5ab9fe8a3cc4afa3935200ec0d9747132d9855298ba657d9aa04";
  BOOST_TEST(reads(q, -1, false));
  BOOST_TEST(!reads(q, 0, false));
  BOOST_TEST(reads(r, -1, true));
  BOOST_TEST(!reads(r, 0, true));
  BOOST_TEST(reads(r, 0, false));
}

BOOST_AUTO_TEST_CASE(numbers_and_names_have_one_form_and_a_length) {
  const auto number = [](const wire& bytes) {
    cursor in{bytes.view()};
    in.varint("number");
    in.done("number");
    return in.ok();
  };
  BOOST_TEST(number({0xfc}));
  BOOST_TEST(number({0xfd, 0xfd, 0}));
  BOOST_TEST(!number({0xfd, 0xfc, 0}));
  BOOST_TEST(number({0xfe, 0, 0, 1, 0}));
  BOOST_TEST(!number({0xfe, 0xff, 0xff, 0, 0}));
  BOOST_TEST(number({0xff, 0, 0, 0, 0, 1, 0, 0, 0}));
  BOOST_TEST(!number({0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}));
  const auto name = [](std::string_view text) {
    wire bytes{};
    bytes.name(text);
    cursor in{bytes.view()};
    return in.identifier("name") == text && in.ok();
  };
  BOOST_TEST(name("a"));
  BOOST_TEST(name("Z_9"));
  BOOST_TEST(name(std::string(31, 'x')));
  for (const auto& none :
       {std::string(32, 'x'), std::string{}, std::string{"_a"}, std::string{"9a"},
        std::string{"a-b"}, std::string{"a@"}, std::string{"[a"}})
    BOOST_TEST(!name(none), none);
  const auto program_name = [](std::string_view text, std::string_view of) {
    wire bytes{};
    bytes.name(text).name(of);
    cursor in{bytes.view()};
    in.program_id("program");
    return in.ok();
  };
  BOOST_TEST(program_name("a_1", "aleo"));
  BOOST_TEST(!program_name("aB", "aleo"));
  BOOST_TEST(!program_name("a", "Aleo"));
  BOOST_TEST(!program_name("a", "aleo1"));
}

// A point of G1 is below the modulus of BLS12-377, with one flag at most, and zero at infinity.
BOOST_AUTO_TEST_CASE(points_of_proofs_are_compressed_in_one_way) {
  const auto reads = [](byte_buffer point, std::uint8_t flags) {
    point.resize(48);
    point[47] = static_cast<std::uint8_t>(point[47] | flags);
    byte_buffer certificate{1, 1, 0, 0, 0, 0, 0, 0, 0}; // one opening
    certificate.insert(certificate.end(), point.begin(), point.end());
    certificate.push_back(0);
    cursor in{certificate};
    read_key_certificate(in);
    in.done("certificate");
    return in.ok();
  };
  constexpr std::uint8_t infinity = 0x40, larger = 0x80;
  BOOST_TEST(reads({5}, 0));
  BOOST_TEST(reads({5}, larger));
  BOOST_TEST(reads({0}, infinity));
  BOOST_TEST(!reads({5}, infinity));
  BOOST_TEST(!reads({0}, infinity | larger));
  auto modulus = unhex("0100000000c0088500000030445d0b17004809ba2f62f31e"
                       "8f13f500f3d9221a3b49a16cc0053bc6ea10c517463aae01");
  BOOST_TEST(!reads(modulus, 0));
  modulus[0] -= 1;
  BOOST_TEST(reads(modulus, larger));
}

// All circuits of a proof together have the bound that each of them has.
BOOST_AUTO_TEST_CASE(batch_sizes_of_a_proof_have_a_bound_in_common) {
  const auto said = [](std::uint64_t first, std::uint64_t second) {
    wire bytes = wire{1}.number(2, 8).number(first, 8).number(second, 8);
    cursor in{bytes.view()};
    read_proof(in);
    return in.error().detail;
  };
  BOOST_TEST(said(264, 263) == "witness commitment");
  BOOST_TEST(said(264, 264) == "instances of a proof");
}

BOOST_AUTO_TEST_CASE(counts_of_programs_have_their_bounds) {
  wire head{1};
  head.name("a").name("aleo");
  wire imported = head;
  imported << wire{0};
  const wire function = program(1) << wire{4, 1, 'f'};
  wire outputs = closure_up_to_instructions() << wire{1, 0, 0, 0, 5, 0, 1, 0, 0, 1, 0, 0};
  const wire finalize = program(1) << wire{4, 1, 'f'} << no_operands << wire{1, 1, 'f'};
  wire commands = finalize;
  commands << wire{0, 0};
  const wire mapping = program(1) << wire{0, 1, 'm'};
  const wire view = program(1) << wire{6, 1, 'v'};
  const auto behind = [](wire first, const wire& more) { return first << more; };
  check_bounds(
      {{"imports", head, 1, 0, 64, read_one_program},
       {"components of a program", imported, 2, 0, 935, read_one_program},
       {"members of a struct", program(1) << wire{1, 1, 's'}, 2, 1, 32, read_one_program},
       {"entries of a record", program(1) << wire{2, 1, 'r', 0}, 2, 0, 32, read_one_program},
       {"inputs", program(1) << wire{3, 1, 'c'}, 2, 1, 16, read_one_program},
       {"instructions", closure_up_to_instructions(), 4, 1, 65535, read_one_program},
       {"outputs", outputs, 2, 0, 16, read_one_program},
       {"inputs", function, 2, 0, 16, read_one_program},
       {"instructions", behind(function, {0, 0}), 4, 0, 65535, read_one_program},
       {"outputs", behind(function, {0, 0, 0, 0, 0, 0}), 2, 0, 16, read_one_program},
       {"finalize inputs", finalize, 2, 0, 16, read_one_program},
       {"commands", commands, 2, 1, 65535, read_one_program},
       {"commands", program(1) << wire{5}, 2, 1, 65535, read_one_program},
       {"inputs", view, 2, 0, 16, read_one_program},
       {"outputs", behind(view, {0, 0, 0, 0}), 2, 0, 16, read_one_program},
       {"dimensions of an array", behind(mapping, {2, 0, 9}), 1, 1, 32, read_one_program},
       {"array length", behind(mapping, {2, 0, 9, 1}), 4, 1, 2048, read_one_program},
       {"accesses of a register", behind(instruction(5), {1, 1, 0}), 2, 0, 32, read_one_program},
       {"operands of async", behind(instruction(7), {1, 'f'}), 1, 0, 16, read_one_program},
       {"operands of a call", behind(instruction(8), {1, 1, 'f'}), 1, 0, 16, read_one_program},
       {"destinations of a call", behind(instruction(8), {1, 1, 'f', 0}), 1, 0, 16,
        read_one_program},
       {"operands of a dynamic call", instruction(119), 1, 3, 19, read_one_program},
       {"destinations of a dynamic call", behind(instruction(119), {3, 3, 3, 3}), 1, 0, 16,
        read_one_program},
       {"operands of a cast", behind(instruction(9), {255}), 2, 255, 2048, read_one_program},
       {"seeds of rand.chacha", program(1) << wire{5, 1, 0, 5}, 1, 0, 2, read_one_program}});
}

// A fee is one of two transitions of credits.aleo, each with as many inputs and outputs as it has.
BOOST_AUTO_TEST_CASE(fees_are_transitions_of_their_own) {
  const auto said = [](std::string_view of, std::string_view function, std::uint8_t inputs,
                       std::uint8_t outputs) {
    wire bytes{1, 1, 0, 0, 0, 3, 0, 0, 0, 0, 1, 2}; // one rejected execution: a fee transaction
    bytes.zeros(32) << wire{1, 1};
    bytes.zeros(32).name(of).name("aleo").name(function) << wire{inputs};
    for (std::uint8_t i = 0; i < inputs; ++i)
      (bytes << wire{4}).zeros(32);
    bytes << wire{outputs};
    for (std::uint8_t i = 0; i < outputs; ++i)
      (bytes << wire{4}).zeros(32);
    bytes.zeros(3 * 32 + 32 + 1);
    cursor in{bytes.view()};
    read_area(in);
    return in.error().detail;
  };
  const std::string_view right = "kind of rejected transaction"; // what comes next
  BOOST_TEST(said("credits", "fee_public", 3, 1) == right);
  BOOST_TEST(said("credits", "fee_private", 4, 1) == right);
  for (const auto& [of, function, inputs, outputs] : {std::tuple{"credits", "fee_public", 4, 1},
                                                      {"credits", "fee_public", 2, 1},
                                                      {"credits", "fee_public", 3, 2},
                                                      {"credits", "fee_public", 3, 0},
                                                      {"credits", "fee_private", 3, 1},
                                                      {"credits", "fee_private", 4, 2},
                                                      {"credits", "split", 3, 1},
                                                      {"credit", "fee_public", 3, 1}})
    BOOST_TEST(said(of, function, static_cast<std::uint8_t>(inputs),
                    static_cast<std::uint8_t>(outputs)) == "transition of a fee",
               of << '/' << function << ' ' << inputs << ' ' << outputs);
}

// What is deployed has a function, and a key for each, perhaps for each record.
BOOST_AUTO_TEST_CASE(a_deployment_has_functions_and_their_keys_in_order) {
  const auto fits = [](std::vector<std::string_view> functions,
                       std::vector<std::string_view> keys) {
    wire bytes{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}; // one accepted deployment
    bytes.zeros(32) << wire{1};
    bytes.zeros(32 + 128) << wire{1, 0, 0} << program(functions.size() + 1);
    (bytes << wire{2}).name("r") << wire{0, 0, 0}; // a record
    for (const auto name : functions)
      (bytes << wire{4}).name(name) << no_operands << wire{0};
    bytes.number(keys.size(), 2);
    for (const auto name : keys)
      (bytes.name(name) << wire{1}).zeros(6 * 8 + 8 + 32 + 8) << wire{1, 0, 0, 0, 0, 0, 0, 0, 0};
    cursor in{bytes.view()};
    read_area(in);
    return in.error().detail != "verifying keys";
  };
  BOOST_TEST(fits({"f", "g"}, {"f", "g"}));
  BOOST_TEST(fits({"f", "g"}, {"f", "g", "r"}));
  BOOST_TEST(!fits({"f", "g"}, {"g", "f"}));
  BOOST_TEST(!fits({"f", "g"}, {"f"}));
  BOOST_TEST(!fits({"f", "g"}, {"f", "r"}));
  BOOST_TEST(!fits({"f", "g"}, {"f", "g", "f"}));
  BOOST_TEST(!fits({"f", "g"}, {"f", "g", "r", "r"}));
  BOOST_TEST(!fits({}, {"r"}));
}

// How many operands a cast takes depends on its type: group, literal, struct, array, records.
BOOST_AUTO_TEST_CASE(casts_take_as_many_operands_as_their_type_has_parts) {
  const auto fits = [](std::size_t operands, const wire& type) {
    wire bytes = instruction(9);
    if (operands < 255)
      bytes.number(operands, 1);
    else
      bytes.number(255, 1).number(operands, 2);
    for (std::size_t i = 0; i < operands; ++i)
      bytes << wire{3};                        // self.signer
    bytes << wire{0, 0} << type << wire{0, 0}; // into r0; no outputs
    cursor in{bytes.view()};
    read_one_program(in);
    in.done("program");
    return in.ok();
  };
  BOOST_TEST(!fits(0, {0}));
  for (const auto& [most, type] :
       {std::pair{1U, wire{0}}, std::pair{1U, wire{1}}, std::pair{1U, wire{2, 0, 9}},
        std::pair{32U, wire{2, 1, 1, 's'}}, std::pair{2048U, wire{2, 2, 0, 9, 1, 0, 8, 0, 0}},
        std::pair{32U, wire{2, 3, 1, 'b', 4, 'a', 'l', 'e', 'o', 1, 's'}},
        std::pair{33U, wire{3, 1, 'r'}},
        std::pair{33U, wire{4, 1, 'b', 4, 'a', 'l', 'e', 'o', 1, 'r'}}, std::pair{1U, wire{5}}}) {
    BOOST_TEST(fits(1, type));
    BOOST_TEST(fits(most, type), most);
    BOOST_TEST(!fits(most + 1, type), most + 1);
  }
}

BOOST_AUTO_TEST_CASE(components_of_each_kind_have_their_bound) {
  struct kind_of_component {
    std::uint8_t kind = 0;
    std::size_t most = 0;
    wire body; ///< behind the name
  };
  const kind_of_component kinds[] = {
      {0, 128, {0, 9, 0, 9}},
      {1, 310, {1, 0, 1, 'a', 0, 9}},
      {2, 310, {0, 0, 0}},
      {3, 62, {1, 0, 0, 0, 0, 0, 9, 1, 0, 0, 0, 5, 0, 1, 0, 0, 1, 0, 0, 0, 0}},
      {4, 31, {0, 0, 0, 0, 0, 0, 0, 0, 0}},
      {5, 1, {1, 0, 10, 1, 'p'}},
      {6, 62, {0, 0, 0, 0, 0, 0}}};
  for (const auto& [kind, most, body] : kinds)
    for (const std::size_t count : {most, most + 1}) {
      wire bytes = program(count);
      for (std::size_t i = 0; i < count; ++i) {
        bytes << wire{kind};
        if (kind != 5)
          bytes.name("n" + std::to_string(i));
        bytes << body;
      }
      cursor in{bytes.view()};
      read_one_program(in);
      in.done("program");
      BOOST_TEST(in.ok() == (count == most),
                 count << " of kind " << int{kind} << ": " << (in.ok() ? "" : in.error().detail));
    }
}

// Futures in futures, each the one argument of the one before.
BOOST_AUTO_TEST_CASE(futures_nest_up_to_their_bound_and_no_further) {
  const auto nested = [](std::size_t levels) {
    byte_buffer out;
    for (std::size_t i = 0; i <= levels; ++i) {
      wire next{};
      next.name("a").name("aleo").name("f") << wire{static_cast<std::uint8_t>(i == 0 ? 0 : 1)};
      if (i > 0)
        next.number(out.size() + 1, 2) << wire{1};
      byte_buffer bytes(next.view().begin(), next.view().end());
      bytes.insert(bytes.end(), out.begin(), out.end());
      out = std::move(bytes);
    }
    cursor in{out};
    read_one_future(in);
    in.done("future");
    return in.ok();
  };
  BOOST_TEST(nested(32));
  BOOST_TEST(!nested(33));
}

// An element of an array with 34 + 50 a + 43 b bits: a times u8, b times boolean.
BOOST_AUTO_TEST_CASE(an_element_has_at_most_65535_bits) {
  const auto reads = [](std::size_t numbers, std::size_t booleans) {
    wire element{2};
    element.number(numbers + booleans, 4);
    for (std::size_t i = 0; i < numbers; ++i)
      element << wire{4, 0, 0, 9, 0, 7};
    for (std::size_t i = 0; i < booleans; ++i)
      element << wire{4, 0, 0, 1, 0, 1};
    wire bytes{2};
    bytes.number(1, 4).number(element.view().size(), 2) << element;
    cursor in{bytes.view()};
    read_one_plaintext(in);
    in.done("plaintext");
    return in.ok();
  };
  BOOST_TEST(reads(1304, 7));   // 65535
  BOOST_TEST(!reads(1298, 14)); // 65536
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
