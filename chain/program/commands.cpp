#include "chain/program/program_scan.hpp"

#include <array>

namespace blockferry::chain {

void program_scan::look_up(std::uint8_t kind) {
  put(std::array{"contains ", "get ", "get.or_use "}[kind - 2U]);
  call_operator();
  put("[");
  operand();
  put("]");
  if (kind == 4)
    operands(1);
  into();
  put(";");
}

void program_scan::look_up_dynamic(std::uint8_t kind) {
  notes_.needs(14);
  put(std::array{"contains.dynamic", "get.dynamic", "get.or_use.dynamic"}[kind - 11U]);
  operands(3);
  put("[");
  operand();
  put("]");
  if (kind == 13)
    operands(1);
  into();
  if (kind > 11) {
    put(" as ");
    plaintext_type();
  }
  put(";");
}

void program_scan::random() {
  put("rand.chacha");
  operands(in_.count(in_.u8("seeds"), 0, 2, "seeds of rand.chacha"));
  into();
  put(" as ");
  const auto type = in_.left() > 0 ? *in_.position() : 0U;
  literal_type();
  if (type == 16 || type == 17)
    in_.fail("type of rand.chacha", "neither string nor identifier", type, 1);
  put(";");
}

void program_scan::set() {
  ++writes_;
  const cursor target = in_;
  const auto read_target = [&] {
    identifier("mapping");
    put("[");
    operand();
    put("]");
  };
  silently(read_target);
  put("set ");
  operand();
  put(" into ");
  again(target, read_target);
  put(";");
}

void program_scan::command(bool names_positions) {
  const auto kind = in_.kind("kind of command", 13);
  switch (kind) {
  case 0:
    return instruction(true);
  case 1:
    put("await ");
    register_name();
    return put(";");
  case 2:
  case 3:
  case 4:
    return look_up(kind);
  case 5:
    return random();
  case 6:
    ++writes_;
    put("remove ");
    identifier("mapping");
    put("[");
    operand();
    return put("];");
  case 7:
    return set();
  case 8:
  case 9:
    put(kind == 8 ? "branch.eq" : "branch.neq");
    operands(2);
    put(" to ");
    identifier("position");
    return put(";");
  case 10: {
    put("position ");
    const auto name = identifier("position");
    if (names_positions)
      notes_.names(name);
    return put(";");
  }
  default:
    return look_up_dynamic(kind);
  }
}

} // namespace blockferry::chain
