#include "chain/json/block_json.hpp"

#include "chain/front.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/json/json_parts.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/name.hpp"
#include "chain/transactions/literals.hpp"

namespace blockferry::chain {
namespace {

/// Everything of a block, read to its end.
struct whole_block {
  block_front front;
  body_head head;
  transactions_area transactions;
  byte_view aborted_transactions;
};

expected<whole_block, read_error> read_whole(byte_view block) {
  static const network any; // takes what the largest of all networks does
  whole_block out;
  auto front = read_front(block);
  if (!front) {
    const auto& error = front.error();
    return make_unexpected(
        read_error{error.offset, error.expected, error.found, error.detail, false});
  }
  out.front = *front;
  cursor in{block};
  in.take(front_bytes, "front");
  auto head = read_head(in, any, out.front.authority_kind);
  if (!head)
    return make_unexpected(std::move(head.error().error));
  out.head = std::move(*head);
  out.transactions = read_transactions(in);
  if (!in.ok())
    return make_unexpected(in.error());
  auto tail = read_tail(in, any);
  if (!tail)
    return make_unexpected(std::move(tail.error().error));
  out.aborted_transactions = *tail;
  return out;
}

void write_root(json_writer& out, std::string_view name, const hash& root) {
  write_number(out.key(name), root.bytes, "field");
}

void write_metadata(json_writer& out, const metadata& of) {
  out.begin_object();
  out.key("network").number(of.network_id);
  out.key("round").number(of.round);
  out.key("height").number(of.height);
  out.key("cumulative_weight").string(to_decimal(of.cumulative_weight));
  out.key("cumulative_proof_target").string(to_decimal(of.cumulative_proof_target));
  out.key("coinbase_target").number(of.coinbase_target);
  out.key("proof_target").number(of.proof_target);
  out.key("last_coinbase_target").number(of.last_coinbase_target);
  out.key("last_coinbase_timestamp").number(of.last_coinbase_timestamp);
  out.key("timestamp").number(of.timestamp);
  out.end_object();
}

void write_header(json_writer& out, const block_front& front) {
  out.begin_object();
  out.key("previous_state_root").string(state_root_name(front.previous_state_root));
  write_root(out, "transactions_root", front.transactions_root);
  write_root(out, "finalize_root", front.finalize_root);
  write_root(out, "ratifications_root", front.ratifications_root);
  write_root(out, "solutions_root", front.solutions_root);
  write_root(out, "subdag_root", front.subdag_root);
  write_metadata(out.key("metadata"), front.header);
  out.end_object();
}

/// An array of names of ids of one size.
void write_names(json_writer& out, std::string_view prefix, byte_view ids, std::size_t size) {
  out.begin_array();
  for (; !ids.empty(); ids = ids.subspan(size))
    write_name(out, prefix, ids.first(size));
  out.end_array();
}

} // namespace

void write_number(json_writer& out, byte_view little_endian, std::string_view suffix) {
  std::string text;
  append_number(text, little_endian, suffix);
  out.string(text);
}

void write_name(json_writer& out, std::string_view prefix, byte_view bytes) {
  out.string(bech32m(prefix, bytes));
}

expected<std::string, read_error> to_json(byte_view block, json_layout layout) {
  const auto read = read_whole(block);
  if (!read)
    return make_unexpected(read.error());
  json_writer out{layout};
  out.begin_object();
  out.key("block_hash").string(block_name(read->front.block_hash));
  out.key("previous_hash").string(block_name(read->front.previous_hash));
  write_header(out.key("header"), read->front);
  write_authority(out.key("authority"), read->head);
  write_ratifications(out.key("ratifications"), read->head);
  write_solutions(out.key("solutions"), read->head);
  write_names(out.key("aborted_solution_ids"), solution_prefix, read->head.aborted_solutions, 8);
  write_transactions(out.key("transactions"), read->transactions);
  write_names(out.key("aborted_transaction_ids"), transaction_prefix, read->aborted_transactions,
              32);
  out.end_object();
  return out.take();
}

} // namespace blockferry::chain
