// What stands before the transactions: authority, ratifications, solutions.
#include "chain/json/json_parts.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/name.hpp"

namespace blockferry::chain {
namespace {

uint128 checksum_of(byte_view bytes) {
  return {load_le<std::uint64_t>(bytes), load_le<std::uint64_t>(bytes.subspan(8))};
}

void write_transmission(json_writer& out, const transmission& one) {
  if (one.of == transmission::kind::ratification) {
    out.string("ratification");
    return;
  }
  const auto prefix = one.of == transmission::kind::solution ? solution_prefix : transaction_prefix;
  out.string(bech32m(prefix, one.id) + "." + to_decimal(checksum_of(one.checksum)));
}

void write_certificate(json_writer& out, const subdag& dag, const certificate& one) {
  out.begin_object().key("batch_header").begin_object();
  write_number(out.key("batch_id"), one.id.bytes(), "field");
  write_name(out.key("author"), address_prefix, one.author.bytes());
  out.key("round").number(one.round);
  out.key("timestamp").number(one.timestamp);
  write_number(out.key("committee_id"), one.committee_id.bytes(), "field");
  out.key("transmission_ids").begin_array();
  for (std::size_t i = 0; i < one.transmissions; ++i)
    write_transmission(out, dag.transmissions[one.first_transmission + i]);
  out.end_array().key("previous_certificate_ids").begin_array();
  for (byte_view ids = one.previous; !ids.empty(); ids = ids.subspan(32))
    write_number(out, ids.first(32), "field");
  out.end_array();
  write_name(out.key("signature"), signature_prefix, one.author_signature);
  out.end_object().key("signatures").begin_array();
  for (byte_view all = one.signatures; !all.empty(); all = all.subspan(128))
    write_name(out, signature_prefix, all.first(128));
  out.end_array().end_object();
}

void write_subdag(json_writer& out, const subdag& dag) {
  out.begin_object().key("subdag").begin_object();
  for (const subdag_round& round : dag.rounds) {
    out.key(std::to_string(round.round)).begin_array();
    for (std::size_t i = 0; i < round.count; ++i)
      write_certificate(out, dag, dag.certificates[round.first + i]);
    out.end_array();
  }
  out.end_object().end_object();
}

void write_committee(json_writer& out, cursor& in) {
  in.u8("committee version");
  out.begin_object();
  write_number(out.key("id"), in.field("committee id").bytes(), "field");
  out.key("starting_round").number(in.u64("starting round"));
  const std::size_t members = in.u16("members");
  out.key("members").begin_object();
  for (std::size_t i = 0; i < members && in.ok(); ++i) {
    out.key(bech32m(address_prefix, in.field("member").bytes())).begin_array();
    out.number(in.u64("stake"));
    out.boolean(in.boolean("is_open"));
    out.number(in.u8("commission"));
    out.end_array();
  }
  out.end_object();
  out.key("total_stake").number(in.u64("total stake")).end_object();
}

/// Reads again the bytes that `read_head` let pass.
void write_genesis(json_writer& out, byte_view bytes) {
  cursor in{bytes};
  in.take(2, "version and kind");
  write_committee(out.key("committee"), in);
  const std::size_t balances = in.u16("public balances");
  out.key("public_balances").begin_object();
  for (std::size_t i = 0; i < balances && in.ok(); ++i) {
    out.key(bech32m(address_prefix, in.field("owner").bytes()));
    out.number(in.u64("amount"));
  }
  const std::size_t bonds = in.u16("bonded balances");
  out.end_object().key("bonded_balances").begin_object();
  for (std::size_t i = 0; i < bonds && in.ok(); ++i) {
    out.key(bech32m(address_prefix, in.field("staker").bytes())).begin_array();
    write_name(out, address_prefix, in.field("validator").bytes());
    write_name(out, address_prefix, in.field("withdrawal").bytes());
    out.number(in.u64("amount")).end_array();
  }
  out.end_object();
}

} // namespace

void write_authority(json_writer& out, const body_head& head) {
  out.begin_object().key("type").string(head.quorum ? "quorum" : "beacon");
  if (head.quorum)
    write_subdag(out.key("subdag"), *head.quorum);
  else
    write_name(out.key("signature"), signature_prefix, head.beacon);
  out.end_object();
}

void write_ratifications(json_writer& out, const body_head& head) {
  out.begin_array();
  for (const ratification& one : head.ratifications) {
    out.begin_object().key("type");
    if (one.kind == 0) {
      out.string("genesis");
      write_genesis(out, one.bytes);
    } else {
      out.string(one.kind == 1 ? "block_reward" : "puzzle_reward");
      out.key("amount").number(one.amount);
    }
    out.end_object();
  }
  out.end_array();
}

void write_solutions(json_writer& out, const body_head& head) {
  out.begin_object().key("version").number(1);
  if (!head.solutions.empty()) {
    out.key("solutions").begin_object().key("solutions").begin_array();
    for (const solution& one : head.solutions) {
      byte_buffer id;
      append_le(id, one.id);
      out.begin_object().key("partial_solution").begin_object();
      write_name(out.key("solution_id"), solution_prefix, id);
      write_name(out.key("epoch_hash"), block_hash_prefix, one.epoch_hash.bytes());
      write_name(out.key("address"), address_prefix, one.prover.bytes());
      out.key("counter").number(one.counter).end_object();
      out.key("target").number(one.target).end_object();
    }
    out.end_array().end_object();
  }
  out.end_object();
}

} // namespace blockferry::chain
