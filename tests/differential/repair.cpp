#include "repair.hpp"

#include "chain/hash/header_hash.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "chain/transactions/finalize_root.hpp"
#include "chain/transactions/ids.hpp"
#include "read_block.hpp"
#include "tests/kit/commitments.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::hash;

constexpr unsigned subdag_depth = 16;

void write(byte_buffer& block, std::size_t offset, const hash& value) {
  std::ranges::copy(value.bytes, block.begin() + static_cast<std::ptrdiff_t>(offset));
}

void write(byte_buffer& block, chain::field_view place, const hash& value) {
  write(block, static_cast<std::size_t>(place.bytes().data() - block.data()), value);
}

void repair_transitions(byte_buffer& block) {
  const auto read = differential::read(block);
  if (!read)
    return;
  const chain::transactions_area* const area = &read->transactions;
  const auto ids = chain::compute_ids({&area, 1}).front();
  for (std::size_t i = 0; i < ids.transitions.size(); ++i)
    write(block, area->transitions[i].id, ids.transitions[i]);
}

void repair_transactions(byte_buffer& block) {
  const auto read = differential::read(block);
  if (!read)
    return;
  const chain::transactions_area* const area = &read->transactions;
  const auto ids = chain::compute_ids({&area, 1}).front();
  for (std::size_t i = 0; i < ids.transactions.size(); ++i)
    write(block, area->confirmed[i].id, ids.transactions[i]);
}

void repair_batches(byte_buffer& block) {
  const auto read = differential::read(block);
  if (!read || !read->head.quorum)
    return;
  for (const auto& one : read->head.quorum->certificates) {
    kit::wire_writer message;
    message.raw(one.head);
    message.u32(static_cast<std::uint32_t>(one.previous.size() / 32));
    message.raw(one.previous);
    write(block, one.id, kit::hash1024_of_bytes(message.bytes()));
  }
}

hash subdag_root(const chain::subdag& dag) {
  std::vector<chain::bit_string> leaves;
  for (const auto& round : dag.rounds) {
    auto& leaf = leaves.emplace_back();
    for (std::size_t i = 0; i < round.count; ++i)
      leaf.append_field(dag.certificates[round.first + i].id.value());
  }
  std::vector<chain::bit_view> views;
  for (const auto& leaf : leaves)
    views.push_back(leaf.view());
  return chain::merkle_root(views, subdag_depth);
}

hash solutions_root(const std::vector<chain::solution>& solutions) {
  std::vector<chain::field> ids(4);
  for (std::size_t i = 0; i < solutions.size(); ++i)
    ids[i] = chain::field::from(solutions[i].id);
  return solutions.empty() ? hash{} : chain::poseidon8().hash(ids).wire();
}

void repair_roots(byte_buffer& block) {
  constexpr std::size_t transactions_at = 98, finalize_at = 130, ratifications_at = 162,
                        solutions_at = 194, subdag_at = 226;
  const auto read = differential::read(block);
  if (!read)
    return;
  const chain::transactions_area* const area = &read->transactions;
  write(block, transactions_at, chain::compute_ids({&area, 1}).front().root);
  const chain::finalize_block finalized{area, &read->head};
  if (const auto root = chain::finalize_roots({&finalized, 1}).front())
    write(block, finalize_at, *root);
  std::vector<byte_buffer> ratifications;
  for (const auto& one : read->head.ratifications)
    ratifications.emplace_back(one.bytes.begin(), one.bytes.end());
  write(block, ratifications_at, kit::ratifications_root(ratifications));
  write(block, solutions_at, solutions_root(read->head.solutions));
  write(block, subdag_at, read->head.quorum ? subdag_root(*read->head.quorum) : hash{});
}

} // namespace

void repair_transaction_ids(byte_buffer& block) {
  repair_transitions(block);
  repair_transactions(block);
}

void repair_block(byte_buffer& block, repair depth) {
  if (depth == repair::ids) {
    repair_transaction_ids(block);
    repair_batches(block);
  }
  if (depth >= repair::roots)
    repair_roots(block);
  if (depth >= repair::block_hash && chain::read_front(block)) {
    const chain::byte_view front{block};
    hash made;
    chain::block_hashes({&front, 1}, {&made, 1});
    write(block, 1, made);
  }
}

} // namespace blockferry::differential
