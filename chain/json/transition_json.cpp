#include "chain/json/json_parts.hpp"
#include "chain/json/value_text.hpp"
#include "chain/name.hpp"

#include <array>

namespace blockferry::chain {
namespace {

constexpr std::array<std::string_view, 8> input_types = {"constant",
                                                         "public",
                                                         "private",
                                                         "record",
                                                         "external_record",
                                                         "record_dynamic",
                                                         "record_with_dynamic_id",
                                                         "external_record_with_dynamic_id"};
constexpr std::array<std::string_view, 9> output_types = {"constant",
                                                          "public",
                                                          "private",
                                                          "record",
                                                          "external_record",
                                                          "future",
                                                          "record_dynamic",
                                                          "record_with_dynamic_id",
                                                          "external_record_with_dynamic_id"};

void write_optional(json_writer& out, std::string_view name, field_view value) {
  if (value)
    write_number(out.key(name), value.bytes(), "field");
}

void write_value(json_writer& out, const transition_value& one, bool is_output) {
  if (one.value.empty())
    return;
  out.key("value");
  if (one.kind <= 1)
    out.string(plaintext_text(one.value));
  else if (one.kind == 2)
    write_name(out, "ciphertext", one.value);
  else if (is_output && one.kind == 5)
    out.string(future_text(one.value));
  else
    write_name(out, "record", one.value);
}

void write_input_or_output(json_writer& out, const transition_value& one, bool is_output) {
  out.begin_object().key("type");
  out.string(is_output ? output_types[one.kind] : input_types[one.kind]);
  write_number(out.key("id"), one.id.bytes(), "field");
  write_optional(out, "tag", one.tag);
  write_optional(out, "checksum", one.checksum);
  write_value(out, one, is_output);
  write_optional(out, "sender_ciphertext", one.sender_ciphertext);
  write_optional(out, "dynamic_id", one.dynamic_id);
  out.end_object();
}

} // namespace

void write_transition(json_writer& out, const transactions_area& block, const transition& of) {
  out.begin_object();
  write_name(out.key("id"), transition_prefix, of.id.bytes());
  out.key("program").string(std::string{of.program} + ".aleo");
  out.key("function").string(of.function);
  out.key("inputs").begin_array();
  for (std::size_t i = 0; i < of.inputs; ++i)
    write_input_or_output(out, block.values[of.first_input + i], false);
  out.end_array().key("outputs").begin_array();
  for (std::size_t i = 0; i < of.outputs; ++i)
    write_input_or_output(out, block.values[of.first_input + of.inputs + i], true);
  out.end_array();
  write_number(out.key("tpk"), of.tpk.bytes(), "group");
  write_number(out.key("tcm"), of.tcm.bytes(), "field");
  write_number(out.key("scm"), of.scm.bytes(), "field");
  out.end_object();
}

} // namespace blockferry::chain
