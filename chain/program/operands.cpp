#include "chain/program/program_scan.hpp"
#include "chain/transactions/limits.hpp"
#include "chain/transactions/literals.hpp"

#include <array>

namespace blockferry::chain {

void program_scan::register_name(bool plain) {
  const auto kind = in_.kind("kind of register", plain ? 0 : 1);
  put("r");
  put_number(in_.varint("register"));
  if (kind == 0)
    return;
  const auto accesses =
      in_.count(in_.u16("accesses"), 0, limits::nesting, "accesses of a register");
  for (std::size_t i = 0; i < accesses && in_.ok(); ++i) {
    if (in_.kind("kind of access", 1) == 0) {
      put(".");
      identifier("member");
    } else {
      put("[");
      put_number(in_.u32("index"));
      put("u32]");
    }
  }
}

void program_scan::program_operand(std::uint8_t kind) {
  if (in_.boolean("flag of a program")) {
    program_id("program of an operand");
    put("/");
  }
  if (kind == 13) {
    notes_.needs(16);
    identifier("component of an operand");
    return put("/checksum");
  }
  notes_.needs(9);
  put(std::array{"checksum", "edition", "program_owner"}[kind - 7U]);
}

void program_scan::generator_operand(std::uint8_t kind) {
  notes_.needs(14);
  if (kind == 11)
    return put("aleo::GENERATOR");
  put("aleo::GENERATOR_POWERS");
  if (in_.boolean("flag of an index")) {
    put("[");
    put_number(in_.u32("index"));
    put("u32]");
  }
}

void program_scan::operand() {
  const auto kind = in_.kind("kind of operand", 13);
  switch (kind) {
  case 0: {
    const literal one = read_literal(in_);
    if (one.type == chain::literal_type::identifier)
      notes_.needs(14);
    if (one.type == chain::literal_type::string)
      notes_.uses_strings();
    if (text_ != nullptr && in_.ok())
      append_text(*text_, one);
    return;
  }
  case 1:
    return register_name();
  case 2:
    return program_id("program of an operand");
  case 3:
  case 4:
  case 5:
  case 6:
    return put(std::array{"self.signer", "self.caller", "block.height", "network.id"}[kind - 3U]);
  case 10:
    notes_.needs(12);
    return put("block.timestamp");
  case 11:
  case 12:
    return generator_operand(kind);
  default:
    return program_operand(kind);
  }
}

void program_scan::operands(std::uint64_t count) {
  for (; count > 0 && in_.ok(); --count) {
    put(" ");
    operand();
  }
}

void program_scan::into() {
  put(" into ");
  register_name();
}

void program_scan::call_operator() {
  if (in_.kind("kind of call", 1) == 0)
    locator("resource");
  else
    identifier("resource");
}

} // namespace blockferry::chain
