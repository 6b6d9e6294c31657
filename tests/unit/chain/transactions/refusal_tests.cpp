// Transactions that no block of the reference data has: what breaks one rule of theirs each.
#include "chain/hash/bhp.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain/stake/credits_ids.hpp"
#include "chain/transactions/deployment_rules.hpp"
#include "chain/transactions/duplicates.hpp"
#include "chain/transactions/staking.hpp"
#include "chain/transactions/transition_reader.hpp"
#include "chain/transactions/value_ids.hpp"
#include "chain/transactions/values.hpp"
#include "chain/wire.hpp"
#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace blockferry::chain::tests {
namespace {

void append_name(byte_buffer& to, std::string_view name) {
  to.push_back(static_cast<std::uint8_t>(name.size()));
  to.insert(to.end(), name.begin(), name.end());
}

/// A program of structs of 32 members each.
byte_buffer program_of(std::size_t structs) {
  byte_buffer out{1};
  append_name(out, "a");
  append_name(out, "aleo");
  out.push_back(0);
  append_le(out, static_cast<std::uint16_t>(structs));
  for (std::size_t i = 0; i < structs; ++i) {
    out.push_back(1);
    append_name(out, "s" + std::to_string(i));
    append_le(out, std::uint16_t{32});
    for (int member = 0; member < 32; ++member) {
      append_name(out, "m_" + std::string(20, 'x') + std::to_string(member));
      out.insert(out.end(), {0, 9}); // u8
    }
  }
  return out;
}

/// A program whose text has this many bytes: one closure, filled up with strings.
byte_buffer program_of_text(std::size_t bytes) {
  constexpr std::string_view around = "program a.aleo;\n\nclosure c:\n    input r0 as u8;\n";
  constexpr std::string_view line =
      "\n    assert.eq \"\" r0;"; // and up to 255 bytes between the quotes
  const std::size_t left = bytes - around.size();
  const std::size_t lines = (left + line.size() + 254) / (line.size() + 255);
  std::size_t text = left - lines * line.size();
  byte_buffer out{1, 1, 'a', 4, 'a', 'l', 'e', 'o', 0, 1, 0, 3, 1, 'c', 1, 0, 0, 0, 0, 0, 9};
  append_le(out, static_cast<std::uint32_t>(lines));
  for (std::size_t i = 0; i < lines; ++i) {
    const auto size = static_cast<std::uint16_t>(std::min<std::size_t>(text, 255));
    out.insert(out.end(), {5, 0, 0, 16, 0}); // assert.eq, a literal, of type string
    append_le(out, size);
    out.insert(out.end(), size, 'x');
    out.insert(out.end(), {1, 0, 0}); // r0
    text -= size;
  }
  out.insert(out.end(), {0, 0}); // no outputs
  return out;
}

/// A rejected deployment, in order at version 14.
struct small_deployment {
  byte_buffer program = program_of(0);
  transactions_area area;
  network net = testnet();
  height_t height = 0;

  small_deployment() {
    auto& one = area.confirmed.emplace_back();
    one.kind = confirmed_kind::rejected_deploy;
    area.deployments.emplace_back();
    of().version = 2;
    of().program.bytes = program;
    of().program.has_constructor = true;
    for (std::size_t i = 0; i < net.consensus_heights.size(); ++i)
      net.consensus_heights[i] = static_cast<height_t>(10 * i);
    at(14);
  }
  [[nodiscard]] deployment& of() { return area.deployments.front(); }
  /// Judged by this consensus version.
  void at(unsigned version) { height = 10 * (version - 1) + 1; }
  [[nodiscard]] std::string judge() const {
    const auto broken = check_deployments(net, height, area);
    return broken ? broken->detail : "";
  }
};

using change = std::function<void(small_deployment&)>;

/// A literal of a plaintext.
byte_buffer literal_of(literal_type type, std::size_t size, std::uint8_t first = 1) {
  byte_buffer out{0};
  append_le(out, static_cast<std::uint16_t>(type));
  out.push_back(first);
  out.resize(out.size() + size - 1);
  return out;
}
const byte_buffer an_address = literal_of(literal_type::address, 32);
const byte_buffer a_u64 = literal_of(literal_type::u64, 8);
const byte_buffer a_u8 = literal_of(literal_type::u8, 1);
const byte_buffer a_boolean = literal_of(literal_type::boolean, 1);
const byte_buffer an_empty_struct = {1, 0};
const byte_buffer an_array_of_u8 = {2, 1, 0, 0, 0, 4, 0, 0, 9, 0, 7};

struct argument {
  std::uint8_t kind = 0;
  byte_buffer value;
};

byte_buffer future_of(std::string_view function, const std::vector<argument>& arguments) {
  byte_buffer out;
  append_name(out, "credits");
  append_name(out, "aleo");
  append_name(out, function);
  out.push_back(static_cast<std::uint8_t>(arguments.size()));
  for (const auto& [kind, value] : arguments) {
    append_le(out, static_cast<std::uint16_t>(value.size() + 1));
    out.push_back(kind);
    out.insert(out.end(), value.begin(), value.end());
  }
  return out;
}

/// An accepted execution of one transition of credits.aleo with this future.
transactions_area execution_of(std::string_view function, byte_view future) {
  transactions_area out;
  auto& one = out.confirmed.emplace_back();
  one.kind = confirmed_kind::accepted_execute;
  one.execution.transitions = 1;
  auto& called = out.transitions.emplace_back();
  called.program = "credits";
  called.function = function;
  called.outputs = 1;
  auto& last = out.values.emplace_back();
  last.kind = static_cast<std::uint8_t>(output_kind::future);
  last.value = future;
  return out;
}

stake::credits_function function_of(std::string_view function,
                                    const std::vector<argument>& arguments) {
  const auto future = future_of(function, arguments);
  const auto found = staking_transactions(execution_of(function, future));
  BOOST_REQUIRE(found.size() == 1U && found.front().calls.size() == 1U);
  return found.front().calls.front().function;
}

/// A block with deployments, fees and rejected transactions; none without the reference data.
std::vector<byte_buffer> blocks_with_transactions() {
  std::vector<byte_buffer> out;
  for (const auto& chain : real_chains())
    if (chain.name == "devnet4")
      for (const auto& file : bundles_of(chain)) {
        const auto framed = split_bundle(file);
        for (const auto& one : *framed)
          out.emplace_back(one.bytes.begin(), one.bytes.end());
      }
  return out;
}

/// What a reader says of the block with the byte before, or at, this place altered.
std::string said_of(byte_buffer block, std::size_t place, std::uint8_t value) {
  block[place] = value;
  try {
    static_cast<void>(read_whole(block));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusal_tests)

BOOST_AUTO_TEST_CASE(each_rule_of_deployments_refuses_by_itself) {
  BOOST_TEST(small_deployment{}.judge() == "");
  const byte_buffer long_program = program_of(300), huge(800'000), zeros(32);
  const std::pair<std::string_view, change> cases[] = {
      {"new program", [](auto& one) { one.of().program.has_constructor = false; }},
      {"deployment version", [](auto& one) { one.of().version = 1; }},
      {"deployment version", [](auto& one) { one.at(13), one.of().version = 3; }},
      {"deployment version", [](auto& one) { one.at(8); }},
      {"edition", [](auto& one) { one.at(7), one.of().version = 1, one.of().edition = 1; }},
      {"edition", [](auto& one) { one.at(8), one.of().version = 1, one.of().edition = 2; }},
      {"number of verifying keys", [](auto& one) { one.of().keys.resize(1); }},
      {"bytes of text", [&](auto& one) { one.at(9), one.of().program.bytes = long_program; }},
      {"writes", [](auto& one) { one.of().program.writes = 33; }},
      {"mappings", [](auto& one) { one.of().program.mappings.resize(32); }},
      {"type", [](auto& one) { one.of().program.notes.uses_strings(); }},
      {"output of a closure",
       [](auto& one) { one.at(15), one.of().program.notes.closure_gives_record(); }},
      {"names", [](auto& one) { one.of().program.notes.names("dynamic"); }},
      {"syntax", [](auto& one) { one.of().program.notes.needs(15); }},
      {"program checksum", [&](auto& one) { one.of().checksum = zeros; }},
      {"bytes of transaction", [&](auto& one) { one.of().bytes = huge; }},
  };
  for (const auto& [what, alter] : cases) {
    small_deployment one;
    alter(one);
    BOOST_TEST((one.judge().find(what) != std::string::npos), what << ": " << one.judge());
  }
}

BOOST_AUTO_TEST_CASE(what_versions_allow_is_not_refused) {
  small_deployment genesis;
  genesis.height = 0;
  genesis.of().version = 1;
  genesis.of().program.mappings.resize(32);
  BOOST_TEST(genesis.judge() == "");
  small_deployment strings;
  strings.at(11);
  strings.of().program.notes.uses_strings();
  BOOST_TEST(strings.judge() == "");
  small_deployment closures;
  closures.of().program.notes.closure_gives_record(); // until version 14
  BOOST_TEST(closures.judge() == "");
  for (const auto& [version, edition] : {std::pair{8U, 1}, std::pair{9U, 2}, std::pair{22U, 9}}) {
    small_deployment again;
    again.at(version);
    again.of().version = version < 9 ? 1 : 2;
    again.of().edition = static_cast<std::uint16_t>(edition);
    again.of().program.has_constructor = version >= 9;
    BOOST_TEST(again.judge() == "", "version " << version);
  }
  small_deployment amendment;
  amendment.of().version = 3;
  amendment.of().program.has_constructor = false;
  BOOST_TEST(amendment.judge() == "");
}

// Series of specification 10.2, each at its boundary on both sides of every step.
BOOST_AUTO_TEST_CASE(limits_grow_with_the_version_and_hold_to_the_byte) {
  const auto said_at = [](unsigned version, const change& alter) {
    small_deployment one;
    one.at(version);
    if (version < 9) {
      one.of().version = 1;
      one.of().program.has_constructor = false;
    }
    alter(one);
    return one.judge();
  };
  const auto expect_limit = [&](unsigned version, std::string_view what, std::size_t most,
                                const std::function<void(small_deployment&, std::size_t)>& size) {
    for (const std::size_t found : {most, most + 1}) {
      const auto said = said_at(version, [&](auto& one) { size(one, found); });
      BOOST_TEST((said.find(what) != std::string::npos) == (found > most),
                 what << ' ' << found << ", version " << version << ": " << said);
    }
  };
  for (const auto& [version, most] :
       {std::pair{1U, 100'000U}, std::pair{13U, 100'000U}, std::pair{14U, 512'000U},
        std::pair{15U, 512'000U}, std::pair{16U, 2'048'000U}, std::pair{22U, 2'048'000U}}) {
    byte_buffer program;
    expect_limit(version, "bytes of text", most, [&](auto& one, std::size_t size) {
      program = program_of_text(size);
      one.of().program.bytes = program;
    });
  }
  const byte_buffer huge(2'400'000);
  constexpr std::size_t before = 2 + 32; // version, kind, id of what was rejected
  for (const auto& [version, most] :
       {std::pair{1U, 128'000U}, std::pair{13U, 128'000U}, std::pair{14U, 768'000U},
        std::pair{15U, 768'000U}, std::pair{16U, 2'304'000U}, std::pair{22U, 2'304'000U}})
    expect_limit(version, "bytes of transaction", most, [&](auto& one, std::size_t size) {
      one.of().bytes = byte_view{huge}.first(size - before);
    });
  for (const auto& [version, most] : {std::pair{1U, 16U}, std::pair{13U, 16U}, std::pair{14U, 32U}})
    expect_limit(version, "writes", most,
                 [](auto& one, std::size_t size) { one.of().program.writes = size; });
  for (const auto& [version, most] :
       {std::pair{1U, 31U}, std::pair{21U, 31U}, std::pair{22U, 128U}})
    expect_limit(version, "mappings", most,
                 [](auto& one, std::size_t size) { one.of().program.mappings.resize(size); });
}

// Transactions are judged by the version at the height before the block's own (10.3).
BOOST_AUTO_TEST_CASE(the_first_block_of_a_version_still_takes_deployments_of_the_one_before) {
  small_deployment one;
  one.of().program.notes.needs(15);
  one.height = one.net.consensus_heights[14]; // V15
  BOOST_TEST(one.judge() != "");
  ++one.height;
  BOOST_TEST(one.judge() == "");
  small_deployment strings;
  strings.of().program.notes.uses_strings();
  strings.height = strings.net.consensus_heights[11]; // V12
  BOOST_TEST(strings.judge() == "");
  ++strings.height;
  BOOST_TEST(strings.judge() != "");
}

// Keys of records come with V14; nothing of before may have them.
BOOST_AUTO_TEST_CASE(records_have_keys_from_version_14_on) {
  for (const unsigned version : {9U, 13U, 14U, 22U})
    for (const std::size_t keys : {0U, 1U, 2U}) {
      small_deployment one;
      one.at(version);
      one.of().program.records.resize(1);
      one.of().keys.resize(keys);
      BOOST_TEST((one.judge() == "") == (keys == (version >= 14 ? 1U : 0U)),
                 keys << " keys, version " << version);
    }
}

// The fee's one write, if it is public, and at most what the constructor can write.
BOOST_AUTO_TEST_CASE(an_accepted_deployment_writes_what_its_fee_and_its_constructor_can) {
  const auto refused = [](std::string_view fee, std::uint64_t constructor_writes,
                          std::vector<std::uint8_t> kinds) {
    small_deployment one;
    one.area.confirmed.front().kind = confirmed_kind::accepted_deploy;
    one.area.confirmed.front().operations = static_cast<std::uint32_t>(kinds.size());
    one.area.transitions.emplace_back().function = fee;
    for (const auto kind : kinds)
      one.area.operations.push_back({kind, {}});
    one.of().program.constructor_writes = constructor_writes;
    return !one.judge().empty();
  };
  BOOST_TEST(!refused("fee_public", 0, {2}));
  BOOST_TEST(refused("fee_public", 0, {}));
  BOOST_TEST(refused("fee_public", 0, {2, 2}));
  BOOST_TEST(!refused("fee_private", 0, {}));
  BOOST_TEST(refused("fee_private", 0, {2}));
  BOOST_TEST(!refused("fee_public", 2, {2}));
  BOOST_TEST(!refused("fee_public", 2, {1, 3, 2}));
  BOOST_TEST(refused("fee_public", 2, {1, 3, 2, 2}));
  BOOST_TEST(refused("fee_private", 2, {1, 3, 2}));
}

BOOST_AUTO_TEST_CASE(a_signature_that_is_none_and_another_owner_are_refused_by_owners) {
  std::size_t tried = 0;
  for (const auto& block : blocks_with_transactions()) {
    auto area = read_whole(block).transactions;
    const transactions_area* const view = &area;
    const auto ids = compute_ids({&view, 1}).front();
    for (auto& one : area.confirmed) {
      if (!one.is_deploy() || tried >= 4)
        continue;
      BOOST_TEST(!check_owners(area, ids, {}).has_value());
      deployment& of = area.deployments[one.deployment];
      const byte_buffer other(32);
      const auto owner = of.owner;
      of.owner = field_view{other.data()};
      BOOST_TEST(check_owners(area, ids, {}).has_value());
      of.owner = owner;
      const byte_buffer none(signature_bytes, 0xff);
      one.owner.signature = none;
      const auto broken = check_owners(area, ids, {});
      BOOST_REQUIRE(broken.has_value());
      BOOST_TEST((broken->which == check::owners));
      one.owner.signature = {};
      ++tried;
      break;
    }
  }
  BOOST_TEST_MESSAGE(tried << " deployments tried");
}

BOOST_AUTO_TEST_CASE(a_program_deployed_twice_in_a_block_is_refused_by_duplicates) {
  transactions_area area;
  const hash ids[2] = {{{1}}, {{2}}};
  area.deployments.resize(1);
  area.deployments.front().program.name = "twice";
  for (const hash& id : ids)
    area.confirmed.emplace_back().id = field_view{id.bytes.data()};
  const auto broken = check_duplicates(area, {}, {});
  BOOST_REQUIRE(broken.has_value());
  BOOST_TEST(broken->found == "twice.aleo twice");
}

// Goal: each kind of id of specification 6.1 is unique for itself, whoever brings it; a rejected
// transaction brings but its fee.
BOOST_AUTO_TEST_CASE(what_occurs_twice_in_a_block_is_told_by_its_name) {
  // Two accepted executions of one transition with an input and an output, all ids different.
  struct two_executions {
    std::vector<hash> numbers = std::vector<hash>(32);
    transactions_area area;
    body_head head;
    byte_buffer aborted;

    two_executions() {
      for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i].bytes[0] = static_cast<std::uint8_t>(i + 1);
      for (std::uint32_t i = 0; i < 2; ++i) {
        auto& one = area.confirmed.emplace_back();
        one.kind = confirmed_kind::accepted_execute;
        one.id = next();
        one.execution.first_transition = i;
        one.execution.transitions = 1;
        auto& called = area.transitions.emplace_back();
        called.id = next();
        called.tpk = next();
        called.tcm = next();
        called.first_input = 2 * i;
        called.inputs = called.outputs = 1;
        auto& input = area.values.emplace_back();
        input.id = next();
        input.tag = next();
        auto& output = area.values.emplace_back();
        output.id = next();
        output.nonce = next();
      }
    }
    field_view next() { return field_view{numbers[used++].bytes.data()}; }
    [[nodiscard]] std::string judge() const {
      const auto broken = check_duplicates(area, head, aborted);
      BOOST_TEST((!broken || broken->which == check::duplicates));
      return broken ? broken->detail : "";
    }
    std::size_t used = 0;
  };
  const std::pair<std::string_view, std::function<void(two_executions&)>> cases[] = {
      {"transaction id", [](auto& o) { o.area.confirmed[1].id = o.area.confirmed[0].id; }},
      {"transaction id",
       [](auto& o) {
         const auto id = o.area.confirmed[1].id.bytes();
         o.aborted.assign(id.begin(), id.end());
       }},
      {"transaction id", [](auto& o) { o.aborted.assign(64, 7); }},
      {"solution id", [](auto& o) { o.head.solutions.resize(2); }},
      {"solution id",
       [](auto& o) {
         static const byte_buffer zero(8);
         o.head.solutions.resize(1);
         o.head.aborted_solutions = zero;
       }},
      {"transition id", [](auto& o) { o.area.transitions[1].id = o.area.transitions[0].id; }},
      {"tpk", [](auto& o) { o.area.transitions[1].tpk = o.area.transitions[0].tpk; }},
      {"tcm", [](auto& o) { o.area.transitions[1].tcm = o.area.transitions[0].tcm; }},
      {"input id", [](auto& o) { o.area.values[2].id = o.area.values[0].id; }},
      {"tag", [](auto& o) { o.area.values[2].tag = o.area.values[0].tag; }},
      {"output id", [](auto& o) { o.area.values[3].id = o.area.values[1].id; }},
      {"nonce", [](auto& o) { o.area.values[3].nonce = o.area.values[1].nonce; }},
      {"tcm", [](auto& o) { // of a fee
         auto& fee = o.area.transitions.emplace_back();
         fee.id = o.next(), fee.tpk = o.next(), fee.tcm = o.area.transitions[0].tcm;
         o.area.confirmed[1].has_fee = true;
         o.area.confirmed[1].fee.transition = 2;
       }}};
  BOOST_TEST(two_executions{}.judge() == "");
  for (const auto& [what, alter] : cases) {
    two_executions one;
    alter(one);
    BOOST_TEST(one.judge() == what);
  }
  // The kinds do not meet: an id may be an input's here and an output's there, a tag an input's id.
  two_executions spent;
  spent.area.values[2].id = spent.area.values[1].id;
  spent.area.values[2].tag = spent.area.values[0].id;
  BOOST_TEST(spent.judge() == "");
  two_executions rejected;
  rejected.area.transitions[1] = rejected.area.transitions[0];
  BOOST_TEST(rejected.judge() == "transition id");
  rejected.area.confirmed[1].kind = confirmed_kind::rejected_execute;
  BOOST_TEST(rejected.judge() == "");
  // A program that was rejected is not deployed, and may follow again.
  transactions_area deployments;
  const hash ids[2] = {{{1}}, {{2}}};
  deployments.deployments.resize(1);
  for (const hash& id : ids)
    deployments.confirmed.emplace_back().id = field_view{id.bytes.data()};
  BOOST_TEST(check_duplicates(deployments, {}, {}).has_value());
  deployments.confirmed[1].kind = confirmed_kind::rejected_deploy;
  BOOST_TEST(!check_duplicates(deployments, {}, {}).has_value());
}

// Goal: a call whose arguments are not those of its function is unknown, and ends the following of
// committees: nothing is guessed.
BOOST_AUTO_TEST_CASE(calls_of_credits_are_known_by_all_their_arguments) {
  using stake::credits_function;
  const argument who{0, an_address}, amount{0, a_u64}, part{0, a_u8}, open{0, a_boolean};
  BOOST_TEST(
      (function_of("bond_public", {who, who, who, amount}) == credits_function::bond_public));
  BOOST_TEST((function_of("bond_validator", {who, who, amount, part}) ==
              credits_function::bond_validator));
  BOOST_TEST(
      (function_of("set_validator_state", {who, open}) == credits_function::set_validator_state));
  const argument structure{0, an_empty_struct}, array{0, an_array_of_u8},
      future{1, future_of("inner", {who, structure, array})}, dynamic{2, [] {
                                                                        byte_buffer out{1};
                                                                        out.resize(1 + 4 * 32);
                                                                        return out;
                                                                      }()};
  const std::pair<std::string_view, std::vector<argument>> unknown[] = {
      {"bond_public", {who, who, who}},
      {"bond_public", {who, who, who, amount, amount}},
      {"bond_public", {amount, who, who, amount}},
      {"bond_public", {who, who, who, part}},
      {"bond_public", {who, who, who, structure}},
      {"bond_public", {who, who, who, array}},
      {"bond_public", {who, who, future, amount}},
      {"bond_public", {who, dynamic, who, amount}},
      {"bond_validator", {who, who, amount, amount}},
      {"set_validator_state", {who, part}},
      {"no_such_function", {who}},
  };
  for (const auto& [function, arguments] : unknown)
    BOOST_TEST((function_of(function, arguments) == credits_function::unknown), function);
  const auto without = staking_transactions(execution_of("bond_public", {}));
  BOOST_REQUIRE(without.size() == 1U);
  BOOST_TEST((without.front().calls.front().function == credits_function::unknown));
}

BOOST_AUTO_TEST_CASE(transitions_without_a_future_of_credits_are_no_calls) {
  auto other_program = execution_of("bond_public", {});
  other_program.transitions.front().program = "other";
  BOOST_TEST(staking_transactions(other_program).empty());
  auto no_outputs = execution_of("bond_public", {});
  no_outputs.transitions.front().outputs = 0;
  BOOST_TEST(staking_transactions(no_outputs).empty());
  auto no_future = execution_of("bond_public", {});
  no_future.values.front().kind = 0;
  BOOST_TEST(staking_transactions(no_future).empty());
}

BOOST_AUTO_TEST_CASE(operations_of_credits_are_taken_with_the_ids_they_have) {
  auto area = execution_of("unknown", {});
  const byte_buffer whole = [] {
    byte_buffer out;
    for (int i = 0; i < 3; ++i) {
      const auto& id = stake::mapping_id(stake::mapping::bonded).bytes;
      out.insert(out.end(), id.begin(), id.end());
    }
    return out;
  }();
  const byte_buffer other(32);
  area.operations = {
      {4, byte_view{whole}.first(32)}, {3, byte_view{whole}.first(64)}, {2, whole}, {4, other}};
  area.confirmed.front().operations = 4;
  const auto found = staking_transactions(area).front().operations;
  BOOST_REQUIRE_EQUAL(found.size(), 3U);
  BOOST_TEST((found[0].key_id == hash{} && found[0].value_id == hash{}));
  BOOST_TEST((found[1].key_id != hash{} && found[1].value_id == hash{}));
  BOOST_TEST((found[2].value_id != hash{}));
}

BOOST_AUTO_TEST_CASE(a_priority_fee_is_one_public_u64_and_else_nothing) {
  const byte_buffer in_struct = [] {
    byte_buffer out{1, 1};
    append_name(out, "a");
    append_le(out, static_cast<std::uint16_t>(a_u64.size()));
    out.insert(out.end(), a_u64.begin(), a_u64.end());
    return out;
  }();
  const auto fee_with = [](std::uint8_t kind, byte_view value) {
    transactions_area area;
    auto& paid = area.transitions.emplace_back();
    paid.inputs = 3;
    paid.outputs = 1;
    area.values.resize(4);
    area.values[1].kind = kind;
    area.values[1].value = value;
    area.values[3].kind = static_cast<std::uint8_t>(output_kind::future);
    confirmed_transaction one;
    BOOST_TEST(priority_fee(one, area) == 0U);
    one.has_fee = true;
    return priority_fee(one, area);
  };
  BOOST_TEST(fee_with(1, a_u64) == 1U);
  BOOST_TEST(fee_with(2, a_u64) == 0U);
  BOOST_TEST(fee_with(1, {}) == 0U);
  BOOST_TEST(fee_with(1, a_u8) == 0U);
  BOOST_TEST(fee_with(1, in_struct) == 0U);
  BOOST_TEST(fee_with(1, an_empty_struct) == 0U);
  BOOST_TEST(fee_with(1, an_array_of_u8) == 0U);
}

// Goal: what is left of a rejected transaction is a fee, which is not empty; the base fee of an
// accepted one is the chain's business.
BOOST_AUTO_TEST_CASE(the_fee_of_a_rejected_transaction_is_above_zero) {
  const auto amount = [](std::uint64_t number) {
    byte_buffer out{0};
    append_le(out, static_cast<std::uint16_t>(literal_type::u64));
    append_le(out, number);
    return out;
  };
  const byte_buffer none = amount(0), some = amount(1), most = amount(~std::uint64_t{0});
  const byte_buffer paid_for = literal_of(literal_type::field, 32);
  const auto refused = [&](confirmed_kind kind, bool is_private, byte_view base,
                           byte_view priority) {
    transactions_area area;
    auto& one = area.confirmed.emplace_back();
    one.kind = kind;
    one.has_fee = true;
    auto& paid = area.transitions.emplace_back();
    paid.outputs = 1;
    const auto put = [&](std::uint8_t value_kind, byte_view value) {
      area.values.emplace_back().kind = value_kind;
      area.values.back().value = value;
    };
    if (is_private)
      put(3, {});
    put(1, base);
    put(1, priority);
    put(1, paid_for);
    paid.inputs = static_cast<std::uint8_t>(area.values.size());
    put(is_private ? 3 : 5, {});
    transactions_ids ids;
    ids.bodies.emplace_back().bytes[0] = 1;
    const auto broken = check_fees(1, area, ids);
    BOOST_TEST((!broken || broken->which == check::fees));
    return broken.has_value();
  };
  for (const auto kind : {confirmed_kind::rejected_deploy, confirmed_kind::rejected_execute})
    for (const bool is_private : {false, true}) {
      BOOST_TEST(refused(kind, is_private, none, none));
      BOOST_TEST(refused(kind, is_private, some, a_u8));
      BOOST_TEST(refused(kind, is_private, {}, some));
      BOOST_TEST(!refused(kind, is_private, some, none));
      BOOST_TEST(!refused(kind, is_private, none, some));
      BOOST_TEST(!refused(kind, is_private, most, some)); // the sum is beyond 64 bits, not zero
    }
  BOOST_TEST(!refused(confirmed_kind::accepted_execute, false, none, none));
}

BOOST_AUTO_TEST_CASE(a_fee_names_what_it_pays_for_in_a_public_field) {
  const auto refused = [](std::uint8_t kind, byte_view value) {
    transactions_area area;
    auto& one = area.confirmed.emplace_back();
    one.has_fee = true;
    area.transitions.emplace_back().inputs = 1;
    area.values.emplace_back().kind = kind;
    area.values.front().value = value;
    transactions_ids ids;
    ids.bodies.emplace_back().bytes[0] = 1;
    const auto broken = check_fees(1, area, ids);
    BOOST_TEST((!broken || broken->which == check::fees));
    return broken.has_value();
  };
  const byte_buffer a_field = literal_of(literal_type::field, 32);
  BOOST_TEST(!refused(1, a_field));
  BOOST_TEST(refused(0, a_field));
  BOOST_TEST(refused(1, literal_of(literal_type::field, 32, 2)));
  BOOST_TEST(refused(1, an_address));
  BOOST_TEST(refused(1, a_u64));
  BOOST_TEST(refused(1, {}));
  byte_buffer other_kind = a_field;
  other_kind.front() = 1;
  BOOST_TEST(refused(1, other_kind));
}

BOOST_AUTO_TEST_CASE(only_genesis_and_a_lone_split_or_upgrade_of_credits_pay_no_fee) {
  const auto refused = [](height_t height, std::string_view program,
                          std::vector<std::string_view> functions) {
    transactions_area area;
    auto& one = area.confirmed.emplace_back();
    one.kind = confirmed_kind::accepted_execute;
    one.execution.transitions = static_cast<std::uint32_t>(functions.size());
    for (const auto function : functions) {
      auto& called = area.transitions.emplace_back();
      called.program = program;
      called.function = function;
    }
    transactions_ids ids;
    ids.bodies.emplace_back();
    const auto broken = check_fees(height, area, ids);
    BOOST_TEST((!broken || broken->which == check::fees));
    return broken.has_value();
  };
  BOOST_TEST(!refused(0, "credits", {"transfer_public"}));
  BOOST_TEST(!refused(1, "credits", {"split"}));
  BOOST_TEST(!refused(1, "credits", {"upgrade"}));
  BOOST_TEST(refused(1, "credits", {"transfer_public"}));
  BOOST_TEST(refused(1, "credits", {"split", "split"}));
  BOOST_TEST(refused(1, "credit", {"split"}));
}

// Goal: every kind of input and output ends where the specification says, and has an id of its own.
BOOST_AUTO_TEST_CASE(inputs_and_outputs_of_every_kind_are_read_and_hashed) {
  const auto fields = [](byte_buffer& to, std::size_t count) { to.resize(to.size() + 32 * count); };
  // Fields of each kind, the flag of an absent value counted apart.
  constexpr std::array<std::pair<std::size_t, bool>, 8> inputs = {{{1, true},
                                                                   {1, true},
                                                                   {1, true},
                                                                   {2, false},
                                                                   {1, false},
                                                                   {1, false},
                                                                   {3, false},
                                                                   {2, false}}};
  constexpr std::array<std::pair<std::size_t, bool>, 9> outputs = {{{1, true},
                                                                    {1, true},
                                                                    {1, true},
                                                                    {2, true},
                                                                    {1, false},
                                                                    {1, true},
                                                                    {1, false},
                                                                    {2, true},
                                                                    {2, false}}};
  byte_buffer bytes{1};
  fields(bytes, 1);
  for (const auto* name : {"a", "aleo", "f"})
    append_name(bytes, name);
  const auto append_all = [&](const auto& kinds, bool is_output) {
    bytes.push_back(static_cast<std::uint8_t>(kinds.size()));
    for (std::uint8_t kind = 0; kind < kinds.size(); ++kind) {
      bytes.push_back(kind);
      fields(bytes, kinds[kind].first);
      if (kinds[kind].second)
        bytes.push_back(0);
      if (is_output && kind == 7) // its dynamic id stands behind the value
        fields(bytes, 1);
    }
  };
  append_all(inputs, false);
  append_all(outputs, true);
  fields(bytes, 3);
  transactions_area area;
  cursor in{bytes};
  read_transition(in, area);
  in.done("transition");
  BOOST_REQUIRE_MESSAGE(in.ok(), in.error().detail);
  BOOST_TEST(area.values.size() == inputs.size() + outputs.size());
  const byte_buffer zero(32);
  auto& one = area.confirmed.emplace_back();
  one.kind = confirmed_kind::accepted_execute;
  one.execution.transitions = 1;
  one.id = field_view{zero.data()};
  const auto id_of = [](const transactions_area& of) {
    const transactions_area* const view = &of;
    return compute_ids({&view, 1}).front().transitions.front();
  };
  const hash id = id_of(area);
  for (auto& value : area.values) {
    const auto kind = value.kind;
    value.kind = kind == 0 ? 1 : static_cast<std::uint8_t>(kind - 1);
    BOOST_TEST((id_of(area) != id), "kind " << int{kind});
    value.kind = kind;
  }
}

// Goal: a dynamic id is in no leaf, but the leaf is of version 2 and of its record's kind (4.4).
BOOST_AUTO_TEST_CASE(records_with_dynamic_ids_have_leaves_of_their_own) {
  constexpr unsigned transition_depth = 5;
  std::array<hash, 5> numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i].bytes[0] = static_cast<std::uint8_t>(i + 1);
  transactions_area area;
  auto& one = area.transitions.emplace_back();
  one.inputs = one.outputs = 2;
  one.id = one.tcm = field_view{numbers[4].bytes.data()};
  for (std::size_t i = 0; i < 4; ++i) {
    area.values.emplace_back().kind = static_cast<std::uint8_t>(i < 2 ? 6 + i : 5 + i);
    area.values.back().id = field_view{numbers[i].bytes.data()};
  }
  auto& confirmed = area.confirmed.emplace_back();
  confirmed.kind = confirmed_kind::accepted_execute;
  confirmed.execution.transitions = 1;
  confirmed.id = one.id;
  constexpr std::array<std::uint8_t, 4> variants = {3, 4, 3, 4};
  std::array<bit_string, 4> leaves;
  std::vector<bit_view> views;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    leaves[i].append_u8(2);
    leaves[i].append_u8(static_cast<std::uint8_t>(i));
    leaves[i].append_u8(variants[i]);
    leaves[i].append_field(numbers[i]);
    views.push_back(leaves[i].view());
  }
  bit_string joined;
  joined.append_field(merkle_root(views, transition_depth));
  joined.append_field(numbers[4]);
  const transactions_area* const view = &area;
  BOOST_TEST((compute_ids({&view, 1}).front().transitions.front() ==
              bhp512().hash_bits(joined.view()).wire()));
}

BOOST_AUTO_TEST_CASE(a_sender_ciphertext_of_zero_is_refused_by_value_ids) {
  byte_buffer record{2}; // version 1, a public owner
  record.resize(1 + 32 + 1 + 32);
  const byte_buffer zero(32);
  transactions_area area;
  area.transitions.emplace_back().outputs = 1;
  auto& made = area.values.emplace_back();
  made.kind = static_cast<std::uint8_t>(output_kind::record);
  made.value = record;
  made.checksum = made.sender_ciphertext = field_view{zero.data()};
  const transactions_area* const block = &area;
  const auto broken = check_value_ids(0, {&block, 1}).front();
  BOOST_REQUIRE(broken.has_value());
  BOOST_TEST(broken->detail == "sender ciphertext of a record");
}

BOOST_AUTO_TEST_CASE(a_record_has_one_private_owner_and_entries_of_different_names) {
  const auto said = [](byte_buffer bytes) {
    bytes.resize(bytes.size() + 40);
    cursor in{bytes};
    record_visitor nothing;
    walk_record(in, nothing);
    return in.error().detail;
  };
  byte_buffer owners{1};
  append_le(owners, std::uint16_t{2});
  BOOST_TEST(said(owners) == "fields of a private owner");
  byte_buffer public_owner{0};
  public_owner.resize(33);
  const auto with_entries = [&](std::initializer_list<std::string_view> names) {
    auto out = public_owner;
    out.push_back(static_cast<std::uint8_t>(names.size()));
    for (const auto name : names) {
      append_name(out, name);
      append_le(out, static_cast<std::uint16_t>(a_u8.size() + 1));
      out.push_back(1);
      out.insert(out.end(), a_u8.begin(), a_u8.end());
    }
    return out;
  };
  BOOST_TEST(said(with_entries({"a", "b"})) == "");
  BOOST_TEST(said(with_entries({"a", "a"})) == "name of an entry");
  BOOST_TEST(said(with_entries({"owner"})) == "name of an entry");
}

// Goal: what a confirmation is of, its transaction must be, and its fee's transition one for fees.
BOOST_AUTO_TEST_CASE(parts_of_a_transaction_must_fit_each_other) {
  std::map<std::string, std::size_t> tried;
  for (const auto& block : blocks_with_transactions()) {
    const auto read = read_whole(block);
    const auto& area = read.transactions;
    const auto at = [&](const void* part) {
      return static_cast<std::size_t>(static_cast<const std::uint8_t*>(part) - block.data());
    };
    const auto expect = [&](const std::string& what, std::size_t place, std::uint8_t value) {
      if (++tried[what] > 3)
        return;
      const auto said = said_of(block, place, value);
      BOOST_TEST((said.find(what) != std::string::npos), what << ": " << said);
    };
    for (const auto& one : area.confirmed) {
      expect("kind of transaction", at(one.bytes.data()) + 1, one.is_accepted() ? 2 : 0);
      if (!one.is_accepted())
        expect("kind of rejected transaction",
               at(one.is_deploy() ? one.owner.bytes.data() : one.execution.bytes.data()) - 1,
               one.is_deploy() ? 1 : 0);
      if (one.has_fee)
        expect("transition of a fee", at(area.transitions[one.fee.transition].function.data()),
               'g');
      if (one.is_deploy())
        expect("verifying keys", at(area.deployments[one.deployment].keys.front().name.data()),
               'Z');
      if (one.operations > 0 && one.kind == confirmed_kind::accepted_execute)
        for (const std::uint8_t kind : {std::uint8_t{0}, std::uint8_t{4}})
          expect("kind of finalize operation",
                 at(area.operations[one.first_operation].fields.data()) - 1, kind);
    }
  }
  BOOST_TEST((tried.empty() || tried.size() == 5U));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
