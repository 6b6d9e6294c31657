#include "chain/transactions/transition_reader.hpp"

#include "chain/transactions/values.hpp"

namespace blockferry::chain {
namespace {

/// Reads the value of an input or output if it is there; gives its bytes.
template <class Read>
byte_view read_optional(cursor& in, Read read) {
  if (!in.boolean("flag of a value"))
    return {};
  const auto* const from = in.position();
  read();
  return in.ok() ? in.since(from) : byte_view{};
}

byte_view read_optional_plaintext(cursor& in) {
  return read_optional(in, [&] {
    value_visitor nothing;
    walk_plaintext(in, nothing);
  });
}

byte_view read_optional_ciphertext(cursor& in) {
  return read_optional(in, [&] { static_cast<void>(read_ciphertext(in)); });
}

byte_view read_optional_future(cursor& in) {
  return read_optional(in, [&] {
    future_visitor nothing;
    walk_future(in, nothing);
  });
}

transition_value read_input(cursor& in) {
  transition_value out;
  const auto kind = static_cast<input_kind>(in.kind("kind of input", 7));
  out.kind = static_cast<std::uint8_t>(kind);
  out.id = in.field("id of an input");
  switch (kind) {
  case input_kind::constant:
  case input_kind::public_value:
    out.value = read_optional_plaintext(in);
    break;
  case input_kind::private_value:
    out.value = read_optional_ciphertext(in);
    break;
  case input_kind::record:
    out.tag = in.field("tag of a record");
    break;
  case input_kind::external_record:
  case input_kind::dynamic_record:
    break;
  case input_kind::record_with_dynamic_id:
    out.tag = in.field("tag of a record");
    out.dynamic_id = in.field("dynamic id");
    break;
  case input_kind::external_record_with_dynamic_id:
    out.dynamic_id = in.field("dynamic id");
    break;
  }
  return out;
}

void read_record_output(cursor& in, transition_value& out) {
  out.checksum = in.field("checksum of a record");
  record_end end;
  out.value = read_optional(in, [&] {
    record_visitor nothing;
    end = walk_record(in, nothing);
  });
  out.nonce = end.nonce;
  if (end.version == 0)
    return;
  in.version("version of a sender ciphertext", 0, 0);
  out.sender_ciphertext = in.field("sender ciphertext");
}

transition_value read_output(cursor& in) {
  transition_value out;
  const auto kind = static_cast<output_kind>(in.kind("kind of output", 8));
  out.kind = static_cast<std::uint8_t>(kind);
  out.id = in.field("id of an output");
  switch (kind) {
  case output_kind::constant:
  case output_kind::public_value:
    out.value = read_optional_plaintext(in);
    break;
  case output_kind::private_value:
    out.value = read_optional_ciphertext(in);
    break;
  case output_kind::record:
    read_record_output(in, out);
    break;
  case output_kind::external_record:
  case output_kind::dynamic_record:
    break;
  case output_kind::future:
    out.value = read_optional_future(in);
    break;
  case output_kind::record_with_dynamic_id:
    read_record_output(in, out);
    out.dynamic_id = in.field("dynamic id");
    break;
  case output_kind::external_record_with_dynamic_id:
    out.dynamic_id = in.field("dynamic id");
    break;
  }
  return out;
}

} // namespace

void read_transition(cursor& in, transactions_area& out) {
  transition made;
  in.version("transition version");
  made.id = in.field("transition id");
  made.program = in.program_id("program of a transition");
  made.function = in.identifier("function of a transition");
  made.first_input = static_cast<std::uint32_t>(out.values.size());
  made.inputs = static_cast<std::uint8_t>(in.count(in.u8("inputs"), 0, limits::inputs, "inputs"));
  for (std::size_t i = 0; i < made.inputs && in.ok(); ++i)
    out.values.push_back(read_input(in));
  made.outputs =
      static_cast<std::uint8_t>(in.count(in.u8("outputs"), 0, limits::outputs, "outputs"));
  for (std::size_t i = 0; i < made.outputs && in.ok(); ++i)
    out.values.push_back(read_output(in));
  made.tpk = in.field("tpk");
  made.tcm = in.field("tcm");
  made.scm = in.field("scm");
  if (in.ok())
    out.transitions.push_back(made);
}

} // namespace blockferry::chain
