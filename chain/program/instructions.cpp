#include "chain/program/opcodes.hpp"
#include "chain/program/program_scan.hpp"
#include "chain/transactions/limits.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {

void program_scan::read_call(bool in_finalize) {
  if (in_finalize)
    notes_.needs(15);
  put(" ");
  call_operator();
  operands(in_.count(in_.u8("operands"), 0, limits::inputs, "operands of a call"));
  const auto results =
      in_.count(in_.u8("destinations"), 0, limits::outputs, "destinations of a call");
  if (results > 0)
    put(" into");
  for (std::size_t i = 0; i < results && in_.ok(); ++i) {
    put(" ");
    register_name();
  }
}

void program_scan::typed_list(std::uint64_t count) {
  put(" (as");
  for (; count > 0 && in_.ok(); --count) {
    put(" ");
    value_type();
  }
  put(")");
}

void program_scan::read_call_dynamic() {
  constexpr std::uint64_t target = 3; // program, network, function
  const auto count =
      in_.count(in_.u8("operands"), target, limits::inputs + target, "operands of a dynamic call");
  operands(target);
  if (count > target) {
    put(" with");
    operands(count - target);
    typed_list(count - target);
  }
  const auto results =
      in_.count(in_.u8("destinations"), 0, limits::outputs, "destinations of a dynamic call");
  if (results == 0)
    return;
  put(" into");
  for (std::size_t i = 0; i < results && in_.ok(); ++i) {
    put(" ");
    register_name();
  }
  typed_list(results);
}

/// Gives the most operands that a cast to the type takes.
std::uint64_t program_scan::cast_type() {
  const auto kind = in_.kind("cast type", 5);
  switch (kind) {
  case 0:
  case 1:
    put(kind == 0 ? "group.x" : "group.y");
    return 1;
  case 2: {
    const auto plaintext = in_.left() > 0 ? *in_.position() : 0U;
    plaintext_type();
    constexpr std::array<std::uint64_t, 4> most = {1, limits::record_entries,
                                                   limits::array_elements, limits::record_entries};
    return in_.ok() ? most[plaintext] : 0;
  }
  case 3:
    identifier("record");
    put(".record");
    return limits::record_entries + 1;
  case 4:
    locator("external record");
    put(".record");
    return limits::record_entries + 1;
  default:
    dynamic_type("dynamic.record");
    return 1;
  }
}

void program_scan::read_cast() {
  constexpr std::uint64_t as_u16 = 255; // the count follows as a u16
  std::uint64_t count = in_.u8("operands of a cast");
  if (count == as_u16)
    count = in_.count(in_.u16("operands of a cast"), as_u16, limits::array_elements,
                      "operands of a cast");
  count = in_.count(count, 1, limits::array_elements, "operands of a cast");
  operands(count);
  into();
  put(" as ");
  in_.count(count, 1, cast_type(), "operands of a cast to its type");
}

void program_scan::read_serialize(bool back) {
  put(" ");
  operand();
  put("  (");
  if (back)
    array_type();
  else
    plaintext_type();
  put(")");
  into();
  put(" (");
  if (back)
    plaintext_type();
  else
    array_type();
  put(")");
}

void program_scan::read_get_record() {
  put(" ");
  operand();
  put(".");
  const cursor destination = in_;
  silently([&] { register_name(); });
  identifier("entry of a record");
  again(destination, [&] { into(); });
  put(" as ");
  plaintext_type();
  if (in_.boolean("flag of a visibility"))
    put(std::array{".constant", ".public", ".private"}[in_.kind("visibility", 2)]);
}

void program_scan::instruction(bool in_finalize) {
  const auto number = in_.u16("opcode");
  if (number >= opcode_count)
    return in_.fail_unknown("opcode", number, opcode_count - 1, 2);
  const opcode& code = opcodes()[number];
  if (code.since > 1)
    notes_.needs(code.since);
  put(code.name);
  using enum instruction_shape;
  switch (code.shape) {
  case one:
  case two:
  case three:
  case four:
    operands(1U + static_cast<unsigned>(code.shape));
    into();
    break;
  case comparison:
    operands(2);
    break;
  case call_finalize:
    put(" ");
    identifier("function");
    operands(in_.count(in_.u8("operands"), 0, limits::inputs, "operands of async"));
    into();
    break;
  case call:
    read_call(in_finalize);
    break;
  case call_dynamic:
    read_call_dynamic();
    break;
  case cast:
    read_cast();
    break;
  case commit:
    operands(2);
    into();
    put(" as ");
    literal_type();
    break;
  case hash_one:
  case hash_two:
    operands(code.shape == hash_one ? 1 : 2);
    into();
    put(" as ");
    plaintext_type();
    break;
  case serialize:
  case deserialize:
    read_serialize(code.shape == deserialize);
    break;
  case get_record:
    read_get_record();
    break;
  }
  put(";");
}

} // namespace blockferry::chain
