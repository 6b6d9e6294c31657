#include "chain/transactions/limits.hpp"
#include "chain/transactions/proof.hpp"
#include "chain/transactions/transition_reader.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

byte_view read_optional_proof(cursor& in) {
  return in.boolean("flag of a proof") ? read_proof(in) : byte_view{};
}

execution read_execution(cursor& in, transactions_area& area) {
  execution out;
  const auto* const from = in.position();
  in.version("execution version");
  out.first_transition = static_cast<std::uint32_t>(area.transitions.size());
  out.transitions = static_cast<std::uint32_t>(
      in.count(in.u8("transitions"), 1, limits::transitions, "transitions of an execution"));
  for (std::size_t i = 0; i < out.transitions && in.ok(); ++i)
    read_transition(in, area);
  out.state_root = in.field("global state root");
  out.proof = read_optional_proof(in);
  out.bytes = in.since(from);
  return out;
}

bool is_fee_transition(const transition& of) {
  return of.program == "credits" && of.outputs == 1 &&
         ((of.function == "fee_private" && of.inputs == 4) ||
          (of.function == "fee_public" && of.inputs == 3));
}

fee read_fee(cursor& in, transactions_area& area) {
  fee out;
  const auto* const from = in.position();
  in.version("fee version");
  out.transition = static_cast<std::uint32_t>(area.transitions.size());
  read_transition(in, area);
  out.state_root = in.field("global state root");
  out.proof = read_optional_proof(in);
  out.bytes = in.since(from);
  if (in.ok() && !is_fee_transition(area.transitions.back()))
    in.fail("transition of a fee", "credits.aleo/fee_private or fee_public",
            area.transitions.back().inputs, out.bytes.size());
  return out;
}

deployment_owner read_owner(cursor& in) {
  deployment_owner out;
  const auto* const from = in.position();
  in.version("owner version");
  out.address = in.field("owner's address");
  out.signature = in.signature("owner's signature");
  out.bytes = in.since(from);
  return out;
}

/// The keys' names are those of the functions, or of functions and records.
bool keys_fit(const deployment& of) {
  const auto& functions = of.program.functions;
  const auto& records = of.program.records;
  const bool with_records = of.keys.size() == functions.size() + records.size();
  if (functions.empty() || (of.keys.size() != functions.size() && !with_records))
    return false;
  for (std::size_t i = 0; i < of.keys.size(); ++i) {
    const auto name = i < functions.size() ? functions[i].name : records[i - functions.size()];
    if (of.keys[i].name != name)
      return false;
  }
  return true;
}

std::uint32_t read_deployment(cursor& in, transactions_area& area) {
  constexpr std::size_t checksum_bytes = 32;
  constexpr std::uint64_t keys_max = limits::functions + limits::records;
  deployment out;
  const auto* const from = in.position();
  out.version = in.version("deployment version", 1, 3);
  out.edition = in.u16("edition");
  out.program = read_program(in);
  const auto keys = in.count(in.u16("verifying keys"), 1, keys_max, "verifying keys");
  for (std::size_t i = 0; i < keys && in.ok(); ++i) {
    deployment_key key;
    key.name = in.identifier("name of a verifying key");
    key.key = read_verifying_key(in);
    key.certificate = read_key_certificate(in);
    out.keys.push_back(key);
  }
  if (out.version >= 2)
    out.checksum = in.take(checksum_bytes, "program checksum");
  if (out.version == 2)
    out.owner = in.field("program owner");
  out.bytes = in.since(from);
  if (in.ok() && !keys_fit(out))
    in.fail("verifying keys", "one for each function, perhaps for each record", keys,
            out.bytes.size());
  area.deployments.push_back(std::move(out));
  return static_cast<std::uint32_t>(area.deployments.size() - 1);
}

/// Reads the transaction itself, of the kind that its confirmation demands.
void read_transaction(cursor& in, transactions_area& area, confirmed_transaction& out) {
  constexpr std::array<std::uint8_t, 4> kinds = {0, 1, 2, 2};
  const auto* const from = in.position();
  in.version("transaction version");
  const auto kind = in.kind("kind of transaction", 2);
  if (in.ok() && kind != kinds[static_cast<std::size_t>(out.kind)])
    return in.fail("kind of transaction", "the one of its confirmation", kind, 1);
  out.id = in.field("transaction id");
  out.has_fee = true;
  if (kind == 0) {
    out.owner = read_owner(in);
    out.deployment = read_deployment(in, area);
  } else if (kind == 1) {
    out.execution = read_execution(in, area);
    out.has_fee = in.boolean("flag of a fee");
  }
  if (out.has_fee)
    out.fee = read_fee(in, area);
  out.bytes = in.since(from);
}

void read_rejected(cursor& in, transactions_area& area, confirmed_transaction& out) {
  const auto kind = in.kind("kind of rejected transaction", 1);
  const bool deploy = out.kind == confirmed_kind::rejected_deploy;
  if (in.ok() && (kind == 0) != deploy)
    return in.fail("kind of rejected transaction", "the one of its confirmation", kind, 1);
  if (deploy) {
    out.owner = read_owner(in);
    out.deployment = read_deployment(in, area);
  } else {
    out.execution = read_execution(in, area);
  }
}

void read_operation(cursor& in, bool in_deploy, transactions_area& area) {
  constexpr std::array<std::size_t, 6> fields = {1, 3, 3, 2, 1, 1};
  finalize_operation out;
  out.kind = in.kind("kind of finalize operation", fields.size() - 1);
  if (in.ok() && (out.kind > 3 || (out.kind == 0 && !in_deploy)))
    return in.fail("kind of finalize operation", "one that this transaction can have", out.kind, 1);
  const auto* const from = in.position();
  for (std::size_t i = 0; i < fields[out.kind]; ++i)
    in.field("field of a finalize operation");
  out.fields = in.since(from);
  area.operations.push_back(out);
}

void read_confirmed(cursor& in, transactions_area& area) {
  confirmed_transaction out;
  out.kind = static_cast<confirmed_kind>(in.kind("kind of confirmed transaction", 3));
  out.index = in.u32("index of a transaction");
  read_transaction(in, area, out);
  if (!out.is_accepted())
    read_rejected(in, area, out);
  out.first_operation = static_cast<std::uint32_t>(area.operations.size());
  out.operations = static_cast<std::uint32_t>(in.count(in.u16("finalize operations"), 0,
                                                       limits::finalize_operations,
                                                       "finalize operations of a transaction"));
  for (std::size_t i = 0; i < out.operations && in.ok(); ++i)
    read_operation(in, out.kind == confirmed_kind::accepted_deploy, area);
  area.confirmed.push_back(out);
}

} // namespace

transactions_area read_transactions(cursor& in) {
  transactions_area out;
  in.version("transactions version");
  const auto count = in.count(in.u32("transactions"), 0, limits::transactions, "transactions");
  // The smallest confirmed transaction has far more bytes than this.
  constexpr std::size_t least_bytes = 300;
  out.confirmed.reserve(std::min<std::size_t>(count, in.left() / least_bytes));
  for (std::size_t i = 0; i < count && in.ok(); ++i)
    read_confirmed(in, out);
  return out;
}

} // namespace blockferry::chain
