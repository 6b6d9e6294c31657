#include "tests/kit/transactions.hpp"

#include "chain/hash/sha3.hpp"
#include "tests/kit/deployments.hpp"
#include "tests/kit/proof_bytes.hpp"
#include "tests/kit/values.hpp"

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;

enum class sort : std::uint8_t { deploy = 0, execute = 1, fee = 2 };
constexpr std::uint8_t rejected_deploy_kind = 2, rejected_execute_kind = 3;
constexpr std::uint8_t function_leaf = 0, transition_leaf = 1;
constexpr std::size_t short_proof = 0;

/// Version, kind, id and the rest.
byte_buffer transaction_wire(sort kind, const hash& id, std::initializer_list<byte_buffer> parts) {
  wire_writer out;
  out.u8(1);
  out.u8(static_cast<std::uint8_t>(kind));
  out.field(id);
  for (const auto& one : parts)
    out.raw(one);
  return out.take();
}

/// Global state root and proof, by chance.
void append_proven(wire_writer& out, std::size_t proof, std::mt19937_64& random) {
  out.field(random_field(random));
  out.u8(1);
  append_proof(out, proof, random);
}

byte_buffer execution_wire(const std::vector<made_transition>& transitions, std::size_t proof,
                           std::mt19937_64& random) {
  wire_writer out;
  out.u8(1);
  out.u8(static_cast<std::uint8_t>(transitions.size()));
  for (const auto& one : transitions)
    out.raw(one.wire);
  append_proven(out, proof, random);
  return out.take();
}

struct fee_part {
  byte_buffer wire;
  hash transition;
};

/// The fee for what has this id.
fee_part make_fee(std::uint16_t network_id, const fee_terms& terms, const hash& paid,
                  std::mt19937_64& random) {
  made_call call{"credits", terms.payer ? "fee_public" : "fee_private", {}, {}};
  if (!terms.payer)
    call.inputs.push_back(spent_record());
  call.inputs.push_back(public_value(u64_value(terms.base)));
  call.inputs.push_back(public_value(u64_value(terms.priority)));
  call.inputs.push_back(public_value(field_value(paid)));
  if (terms.payer) {
    const std::vector<byte_buffer> arguments = {address_value(*terms.payer),
                                                u64_value(terms.base + terms.priority)};
    call.outputs.push_back(future_output(future_value("credits", "fee_public", arguments)));
  } else {
    call.outputs.push_back(new_record(record_value(random)));
  }
  const auto transition = make_transition(network_id, call, random);
  wire_writer out;
  out.u8(1);
  out.raw(transition.wire);
  append_proven(out, short_proof, random);
  return {out.take(), transition.id};
}

/// What a body of leaves and its fee become, confirmed or rejected.  `body` is what stands between
/// the id and the fee.
made_transaction paid_transaction(sort kind, const std::vector<id_leaf>& leaves, byte_buffer body,
                                  const fee_terms& terms, const fee_part& fee, bool accepted) {
  auto with_fee = leaves;
  with_fee.push_back({transition_leaf, fee.transition});
  const hash whole = transaction_root(with_fee);
  const byte_buffer has_fee = kind == sort::execute ? byte_buffer{1} : byte_buffer{};
  auto sent = transaction_wire(kind, whole, {body, has_fee, fee.wire});
  made_transaction out;
  out.sent_id = whole;
  out.priority_fee = terms.priority;
  if (terms.payer)
    out.fee = chain::stake::credits_call{.function = chain::stake::credits_function::move_out,
                                         .who = {*terms.payer},
                                         .amount = terms.base + terms.priority};
  if (accepted) {
    out.confirmed_kind = static_cast<std::uint8_t>(kind);
    out.id = whole;
    out.transaction = std::move(sent);
    return out;
  }
  out.confirmed_kind = kind == sort::deploy ? rejected_deploy_kind : rejected_execute_kind;
  out.id = transaction_root({{transition_leaf, fee.transition}});
  out.transaction = transaction_wire(sort::fee, out.id, {fee.wire});
  out.sent = std::move(sent);
  out.rejected = std::move(body);
  out.rejected.insert(out.rejected.begin(), static_cast<std::uint8_t>(kind));
  return out;
}

std::vector<id_leaf> leaves_of(const std::vector<made_transition>& transitions) {
  std::vector<id_leaf> out;
  for (const auto& one : transitions)
    out.push_back({transition_leaf, one.id});
  return out;
}

byte_buffer owner_wire(const account& owner, const hash& deployment) {
  wire_writer out;
  out.u8(1);
  out.field(owner.address());
  out.raw(owner.sign(deployment));
  return out.take();
}

} // namespace

made_transaction split_transaction(std::size_t bytes, std::mt19937_64& random) {
  made_call call{"credits", "split", {spent_record(), private_value(ciphertext_value(random))}, {}};
  for (int i = 0; i < 2; ++i)
    call.outputs.push_back(new_record(record_value(random)));
  constexpr std::uint16_t any_network = 0; // no public value is hashed with it
  const std::vector<made_transition> transitions = {make_transition(any_network, call, random)};
  made_transaction made;
  made.sent_id = made.id = transaction_root(leaves_of(transitions));
  constexpr std::size_t around = 1 + 1 + 32 + 1 + 1 + 32 + 1 + 1; // all but transition and proof
  const std::size_t rest = around + transitions.front().wire.size() + 7;
  const auto body = execution_wire(transitions, bytes > rest ? bytes - rest : 0, random);
  made.transaction = transaction_wire(sort::execute, made.id, {body, byte_buffer{0}});
  return made;
}

made_transaction execute_transaction(std::uint16_t network_id, const made_execution& execution,
                                     const fee_terms& terms, bool accepted,
                                     std::mt19937_64& random) {
  const auto leaves = leaves_of(execution.transitions);
  const auto fee = make_fee(network_id, terms, transaction_root(leaves), random);
  auto out = paid_transaction(sort::execute, leaves,
                              execution_wire(execution.transitions, short_proof, random), terms,
                              fee, accepted);
  if (accepted)
    out.calls = execution.calls;
  return out;
}

made_transaction deploy_transaction(std::uint16_t network_id, std::uint8_t version,
                                    std::string_view name, const account& owner,
                                    const fee_terms& terms, bool accepted,
                                    std::mt19937_64& random) {
  const auto made = make_deployment(version, name, owner.address(), random);
  std::vector<id_leaf> leaves;
  for (const auto& id : made.functions)
    leaves.push_back({function_leaf, id});
  const auto id = transaction_root(leaves);
  auto body = owner_wire(owner, id);
  body.insert(body.end(), made.wire.begin(), made.wire.end());
  auto out = paid_transaction(sort::deploy, leaves, std::move(body), terms,
                              make_fee(network_id, terms, id, random), accepted);
  if (accepted)
    for (const auto& mapping : made.mappings)
      out.operations.push_back({0, {mapping}});
  return out;
}

byte_buffer wire_of(const std::vector<made_transaction>& transactions) {
  wire_writer out;
  out.u8(1);
  out.u32(static_cast<std::uint32_t>(transactions.size()));
  std::uint32_t index = 0;
  for (const auto& one : transactions) {
    out.u8(one.confirmed_kind);
    out.u32(index++);
    out.raw(one.transaction);
    out.raw(one.rejected);
    out.u16(static_cast<std::uint16_t>(one.operations.size()));
    for (const auto& operation : one.operations) {
      out.u8(operation.kind);
      for (const auto& field : operation.fields)
        out.field(field);
    }
  }
  return out.take();
}

byte_buffer checksum_of(chain::byte_view bytes) {
  constexpr std::size_t checksum_bytes = 16;
  const auto digest = chain::sha3_256({bytes});
  return {digest.bytes.begin(), digest.bytes.begin() + checksum_bytes};
}

} // namespace blockferry::kit
