#include "chain/json/json_parts.hpp"
#include "chain/name.hpp"

#include <array>

namespace blockferry::chain {
namespace {

constexpr std::array<std::string_view, 6> operation_types = {
    "initialize_mapping", "insert_key_value", "update_key_value",
    "remove_key_value",   "replace_mapping",  "remove_mapping"};
constexpr std::array<std::string_view, 3> operation_members = {"mapping_id", "key_id", "value_id"};

void write_proof(json_writer& out, byte_view proof) {
  if (!proof.empty())
    write_name(out.key("proof"), "proof", proof);
}

void write_execution(json_writer& out, const transactions_area& block, const execution& of) {
  out.begin_object().key("transitions").begin_array();
  for (std::size_t i = 0; i < of.transitions; ++i)
    write_transition(out, block, block.transitions[of.first_transition + i]);
  out.end_array();
  write_name(out.key("global_state_root"), state_root_prefix, of.state_root.bytes());
  write_proof(out, of.proof);
  out.end_object();
}

void write_fee(json_writer& out, const transactions_area& block, const fee& of) {
  out.begin_object();
  write_transition(out.key("transition"), block, block.transitions[of.transition]);
  write_name(out.key("global_state_root"), state_root_prefix, of.state_root.bytes());
  write_proof(out, of.proof);
  out.end_object();
}

void write_owner(json_writer& out, const deployment_owner& of) {
  out.begin_object();
  write_name(out.key("address"), address_prefix, of.address.bytes());
  write_name(out.key("signature"), signature_prefix, of.signature);
  out.end_object();
}

void write_deployment(json_writer& out, const deployment& of) {
  std::string text;
  cursor in{of.program.bytes};
  static_cast<void>(read_program(in, &text));
  out.begin_object();
  out.key("edition").number(of.edition);
  out.key("program").string(text);
  out.key("verifying_keys").begin_array();
  for (const deployment_key& one : of.keys) {
    out.begin_array().string(one.name).begin_array();
    write_name(out, "verifier", one.key);
    write_name(out, "certificate", one.certificate);
    out.end_array().end_array();
  }
  out.end_array();
  if (!of.checksum.empty()) {
    out.key("program_checksum").begin_array();
    for (const auto byte : of.checksum)
      out.string(std::to_string(byte) + "u8");
    out.end_array();
  }
  if (of.owner)
    write_name(out.key("program_owner"), address_prefix, of.owner.bytes());
  out.end_object();
}

void write_transaction(json_writer& out, const transactions_area& block,
                       const confirmed_transaction& of) {
  out.begin_object().key("type");
  out.string(!of.is_accepted() ? "fee" : of.is_deploy() ? "deploy" : "execute");
  write_name(out.key("id"), transaction_prefix, of.id.bytes());
  if (of.kind == confirmed_kind::accepted_deploy) {
    write_owner(out.key("owner"), of.owner);
    write_deployment(out.key("deployment"), block.deployments[of.deployment]);
  } else if (of.kind == confirmed_kind::accepted_execute) {
    write_execution(out.key("execution"), block, of.execution);
  }
  if (of.has_fee)
    write_fee(out.key("fee"), block, of.fee);
  out.end_object();
}

void write_rejected(json_writer& out, const transactions_area& block,
                    const confirmed_transaction& of) {
  out.begin_object().key("type").string(of.is_deploy() ? "deployment" : "execution");
  if (of.is_deploy()) {
    write_owner(out.key("program_owner"), of.owner);
    write_deployment(out.key("deployment"), block.deployments[of.deployment]);
  } else {
    write_execution(out.key("execution"), block, of.execution);
  }
  out.end_object();
}

void write_operation(json_writer& out, const finalize_operation& of) {
  out.begin_object().key("type").string(operation_types[of.kind]);
  for (std::size_t i = 0; i < of.field_count(); ++i)
    write_number(out.key(operation_members[i]), of.field(i), "field");
  out.end_object();
}

} // namespace

void write_transactions(json_writer& out, const transactions_area& block) {
  out.begin_array();
  for (const auto& one : block.confirmed) {
    out.begin_object();
    out.key("status").string(one.is_accepted() ? "accepted" : "rejected");
    out.key("type").string(one.is_deploy() ? "deploy" : "execute");
    out.key("index").number(one.index);
    write_transaction(out.key("transaction"), block, one);
    if (!one.is_accepted())
      write_rejected(out.key("rejected"), block, one);
    out.key("finalize").begin_array();
    for (std::size_t i = 0; i < one.operations; ++i)
      write_operation(out, block.operations[one.first_operation + i]);
    out.end_array().end_object();
  }
  out.end_array();
}

} // namespace blockferry::chain
