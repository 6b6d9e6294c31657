#include "tests/kit/deployments.hpp"

#include "chain/hash/sha3.hpp"
#include "chain/program/program.hpp"
#include "tests/kit/commitments.hpp"
#include "tests/kit/proof_bytes.hpp"
#include "tests/kit/values.hpp"

#include <string>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;
using chain::literal_type;

constexpr std::uint8_t constructors_version = 9;
/// Components and commands of a program, operations and operands (specification 2.9).
constexpr std::uint8_t mapping_component = 0, function_component = 4, constructor_component = 5;
constexpr std::uint8_t instruction_command = 0;
constexpr std::uint16_t add_opcode = 2, assert_eq_opcode = 5;
constexpr std::uint8_t literal_operand = 0, register_operand = 1, edition_operand = 8;
constexpr std::uint8_t public_plaintext = 1;

void append_literal_type(wire_writer& out, literal_type type) {
  out.u8(0); // a plaintext type that is a literal's
  out.u8(static_cast<std::uint8_t>(type));
}

/// Register `number`, a varint below 0xfd.
void append_register(wire_writer& out, std::uint8_t number) {
  out.u8(0);
  out.u8(number);
}

void append_operand(wire_writer& out, std::uint8_t number) {
  out.u8(register_operand);
  append_register(out, number);
}

/// mapping counts: key as address.public; value as u64.public
void append_mapping(wire_writer& out) {
  out.u8(mapping_component);
  out.ident("counts");
  append_literal_type(out, literal_type::address);
  append_literal_type(out, literal_type::u64);
}

/// function sum: adds two public u64.
void append_function(wire_writer& out) {
  out.u8(function_component);
  out.ident("sum");
  out.u16(2);
  for (const std::uint8_t input : {std::uint8_t{0}, std::uint8_t{1}}) {
    append_register(out, input);
    out.u8(public_plaintext);
    append_literal_type(out, literal_type::u64);
  }
  out.u32(1);
  out.u16(add_opcode);
  append_operand(out, 0);
  append_operand(out, 1);
  append_register(out, 2);
  out.u16(1);
  append_operand(out, 2);
  out.u8(public_plaintext);
  append_literal_type(out, literal_type::u64);
  out.u8(0); // no finalize
}

/// constructor: assert.eq edition 0u16
void append_constructor(wire_writer& out) {
  out.u8(constructor_component);
  out.u16(1);
  out.u8(instruction_command);
  out.u16(assert_eq_opcode);
  out.u8(edition_operand);
  out.u8(0); // of this program
  out.u8(literal_operand);
  out.u16(static_cast<std::uint16_t>(literal_type::u16));
  out.u16(0);
}

/// A verifying key and its certificate.
void append_key(wire_writer& out, std::mt19937_64& random) {
  constexpr std::size_t commitments = 12, circuit_numbers = 6;
  out.u8(1);
  for (std::size_t i = 0; i < circuit_numbers; ++i)
    out.u64(1000 + i);
  out.u64(commitments);
  append_groups(out, commitments, random);
  out.field(random_field(random)); // circuit id
  out.u64(1000);                   // variables
  out.u8(1);
  out.u64(1); // certificate
  append_groups(out, 1, random);
  out.u8(0);
}

hash function_hash(std::uint8_t deployment_version, const chain::program& program,
                   chain::byte_view deployment, const chain::program_function& one) {
  chain::bit_string bits;
  if (deployment_version == 1) {
    bits.append_text(program.name);
    bits.append_text("aleo");
  } else {
    bits.append_u8(deployment_version);
    bits.append_bytes(chain::sha3_256({deployment}).bytes);
  }
  bits.append_bytes(one.bytes);
  return hash1024(bits);
}

} // namespace

byte_buffer small_program(std::string_view name, bool constructor) {
  wire_writer out;
  out.u8(1);
  out.ident(name);
  out.ident("aleo");
  out.u8(0); // imports
  out.u16(constructor ? 3 : 2);
  append_mapping(out);
  append_function(out);
  if (constructor)
    append_constructor(out);
  return out.take();
}

made_deployment make_deployment(std::uint8_t version, std::string_view name, const hash& owner,
                                std::mt19937_64& random) {
  const bool newer = version >= constructors_version;
  const std::uint8_t deployment_version = newer ? 2 : 1;
  const auto bytes = small_program(name, newer);
  std::string text;
  chain::cursor in{bytes};
  const auto program = chain::read_program(in, &text);
  wire_writer out;
  out.u8(deployment_version);
  out.u16(0); // edition
  out.raw(bytes);
  out.u16(static_cast<std::uint16_t>(program.functions.size()));
  for (const auto& one : program.functions) {
    out.ident(one.name);
    append_key(out, random);
  }
  if (newer) {
    out.raw(chain::sha3_256({chain::bytes_of(text)}).bytes);
    out.field(owner);
  }
  made_deployment made{out.take(), {}, {}};
  for (const auto& one : program.functions)
    made.functions.push_back(function_hash(deployment_version, program, made.wire, one));
  for (const auto mapping : program.mappings)
    made.mappings.push_back(mapping_id(program.name, mapping));
  return made;
}

} // namespace blockferry::kit
