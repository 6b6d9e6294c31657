#include "tests/kit/chain_maker.hpp"

#include "chain/hash/block_tree.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/wide.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;

constexpr std::uint8_t beacon = 0;
/// A block of one beacon signature, two rewards and nothing else.
constexpr std::size_t empty_block_bytes = 514;
constexpr std::size_t different_bodies = 8;
/// Longest that this kit's proofs get.
constexpr std::size_t transaction_bytes_max = 76000;

void append_metadata(wire_writer& out, const chain::metadata& m) {
  out.u16(m.network_id);
  out.u64(m.round);
  out.u32(m.height);
  out.u64(m.cumulative_weight.low);
  out.u64(m.cumulative_weight.high);
  out.u64(m.cumulative_proof_target.low);
  out.u64(m.cumulative_proof_target.high);
  out.u64(m.coinbase_target);
  out.u64(m.proof_target);
  out.u64(m.last_coinbase_target);
  out.i64(m.last_coinbase_timestamp);
  out.i64(m.timestamp);
}

std::vector<made_transaction> padding(std::size_t bytes, std::mt19937_64& random) {
  std::vector<made_transaction> out;
  while (bytes > 0) {
    const auto piece = std::min(bytes, transaction_bytes_max);
    out.push_back(split_transaction(piece, random));
    bytes -= piece;
  }
  return out;
}

std::size_t bytes_of(const std::vector<made_transaction>& transactions) {
  return std::accumulate(
      transactions.begin(), transactions.end(), std::size_t{0},
      [](std::size_t sum, const auto& one) { return sum + one.transaction.size(); });
}

std::vector<std::vector<finalize_operation>> operations_of(const block_content& content) {
  std::vector<std::vector<finalize_operation>> out;
  for (const auto& one : content.transactions)
    out.push_back(one.operations);
  return out;
}

std::uint64_t weight_of(const block_content& content) {
  return std::accumulate(content.solutions.begin(), content.solutions.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + one.target; });
}

std::uint64_t fees_of(const block_content& content) {
  return std::accumulate(content.transactions.begin(), content.transactions.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + one.priority_fee; });
}

} // namespace

void append_tail(wire_writer& out, const std::vector<byte_buffer>& ratifications,
                 const block_content& content) {
  out.u8(1);
  out.u32(static_cast<std::uint32_t>(ratifications.size()));
  for (const auto& one : ratifications)
    out.raw(one);
  out.raw(wire_of(content.solutions));
  out.u32(static_cast<std::uint32_t>(content.aborted_solutions.size()));
  for (const auto id : content.aborted_solutions)
    out.u64(id);
  out.raw(wire_of(content.transactions));
  out.u32(static_cast<std::uint32_t>(content.aborted_transactions.size()));
  for (const auto& id : content.aborted_transactions)
    out.field(id);
}

std::vector<byte_buffer> reward_ratifications(std::uint64_t block_reward,
                                              std::uint64_t puzzle_reward) {
  std::vector<byte_buffer> out;
  for (const auto& [kind, amount] : {std::pair{1, block_reward}, std::pair{2, puzzle_reward}}) {
    wire_writer one;
    one.u8(1);
    one.u8(static_cast<std::uint8_t>(kind));
    one.u64(amount);
    out.push_back(one.take());
  }
  return out;
}

byte_buffer front_bytes_of(chain::block_front& front) {
  wire_writer out;
  out.u8(1);
  out.field(hash{});
  out.field(front.previous_hash);
  out.u8(1);
  for (const auto& root : {front.previous_state_root, front.transactions_root, front.finalize_root,
                           front.ratifications_root, front.solutions_root, front.subdag_root})
    out.field(root);
  out.u8(1);
  append_metadata(out, front.header);
  out.u8(front.authority_kind);
  auto bytes = out.take();
  const chain::byte_view view{bytes};
  chain::block_hashes({&view, 1}, {&front.block_hash, 1});
  std::ranges::copy(front.block_hash.bytes, bytes.begin() + 1);
  return bytes;
}

chain::metadata metadata_after(const chain::network& net, const chain::metadata& previous,
                               std::int64_t timestamp, std::uint64_t weight) {
  chain::metadata out = previous;
  out.height = previous.height + 1;
  out.timestamp = timestamp;
  const auto anchor =
      chain::value_at(net.anchor_time_seconds, chain::consensus_version(net, out.height));
  out.coinbase_target =
      std::max(chain::retarget(previous.last_coinbase_target, previous.last_coinbase_timestamp,
                               timestamp, anchor, net.blocks_per_epoch / 2 * anchor),
               net.genesis_coinbase_target);
  out.proof_target =
      std::min(out.coinbase_target >> 2, std::numeric_limits<std::uint64_t>::max() - 1) + 1;
  using chain::narrow, chain::widen;
  out.cumulative_weight = narrow(widen(previous.cumulative_weight) + weight);
  const auto proofs = widen(previous.cumulative_proof_target) + weight;
  out.cumulative_proof_target = narrow(proofs);
  if (proofs >= previous.coinbase_target / 2) {
    out.cumulative_proof_target = {};
    out.last_coinbase_target = out.coinbase_target;
    out.last_coinbase_timestamp = timestamp;
  }
  return out;
}

chain_maker::chain_maker(chain_options options)
    : options_(std::move(options)), random_(options_.seed) {
  const bool repeats = options_.block_bytes > empty_block_bytes && !options_.fresh_transactions;
  for (std::size_t i = 0; i < (repeats ? different_bodies : 1); ++i)
    bodies_.push_back(options_.content ? body{} : make_body());
}

chain_maker::body chain_maker::make_body() {
  body out;
  if (options_.content) {
    out.content = options_.content({next_height_, &tip_, epoch_hash_});
    options_.accounts->execute(next_height_, out.content.transactions);
  }
  const auto used = empty_block_bytes + bytes_of(out.content.transactions);
  if (options_.block_bytes > used)
    for (auto& one : padding(options_.block_bytes - used, random_))
      out.content.transactions.push_back(std::move(one));
  std::vector<hash> ids;
  for (const auto& one : out.content.transactions)
    ids.push_back(one.id);
  out.transactions_root = transactions_root(ids);
  out.finalize_root = finalize_root(operations_of(out.content), reward_operations());
  return out;
}

const chain_maker::body& chain_maker::next_body() {
  const bool own =
      options_.content || (options_.fresh_transactions && options_.block_bytes > empty_block_bytes);
  if (own && body_height_ != next_height_) {
    bodies_.front() = make_body();
    body_height_ = next_height_;
  }
  return bodies_[next_height_ % bodies_.size()];
}

void chain_maker::follow(chain::byte_view block) {
  const auto front = chain::read_front(block);
  if (!front || front->header.height != next_height_)
    throw std::invalid_argument{"no block of height " + std::to_string(next_height_)};
  append(front->block_hash, front->header);
}

void chain_maker::append(const hash& block_hash, const chain::metadata& header) {
  if (next_height_ % options_.net.blocks_per_epoch == 0)
    epoch_hash_ = tip_hash_;
  hash leaf;
  chain::tree_leaves({&block_hash, 1}, {&leaf, 1});
  chain::append_subtrees(peaks_, chain::fold_leaves(next_height_, {&leaf, 1}));
  ++next_height_;
  tip_hash_ = block_hash;
  tip_ = header;
}

hash chain_maker::state_root() const {
  const hash unused;
  return chain::state_roots(peaks_, next_height_, {&unused, 1}).front();
}

const hash& chain_maker::reward_root(std::uint64_t block_reward, std::uint64_t puzzle_reward) {
  const auto [place, added] = reward_roots_.try_emplace({block_reward, puzzle_reward});
  if (added)
    place->second = ratifications_root(reward_ratifications(block_reward, puzzle_reward));
  return place->second;
}

hash chain_maker::settle(const body& with, const chain::metadata& header,
                         const chain::block_rewards& rewards) {
  if (!options_.accounts)
    return with.finalize_root;
  const auto more = options_.accounts->end_block({.height = header.height,
                                                  .round = header.round,
                                                  .block_reward = rewards.block.low,
                                                  .puzzle_reward = rewards.puzzle.low,
                                                  .solutions = with.content.solutions});
  if (more.empty())
    return with.finalize_root;
  auto ratified = reward_operations();
  ratified.insert(ratified.end(), more.begin(), more.end());
  return finalize_root(operations_of(with.content), ratified);
}

byte_buffer chain_maker::next() {
  return next_by({.kind = beacon,
                  .round = tip_.round + 1,
                  .timestamp = tip_.timestamp + options_.block_seconds,
                  .subdag_root = {},
                  .wire = options_.sign ? options_.sign : [](const hash&) {
                    return byte_buffer(chain::signature_bytes);
                  }});
}

byte_buffer chain_maker::next_by(const authority& by) {
  if (next_height_ == 0)
    throw std::logic_error{"a chain needs a genesis block to follow"};
  const auto& with = next_body();
  const auto weight = weight_of(with.content);
  chain::block_front front;
  front.header = metadata_after(options_.net, tip_, by.timestamp, weight);
  front.header.round = by.round;
  const auto rewards =
      chain::rewards_of(options_.net, tip_, front.header, {weight, 0}, {fees_of(with.content), 0});
  front.previous_hash = tip_hash_;
  front.previous_state_root = state_root();
  front.transactions_root = with.transactions_root;
  front.finalize_root = settle(with, front.header, rewards);
  front.ratifications_root = reward_root(rewards.block.low, rewards.puzzle.low);
  front.solutions_root = solutions_root(with.content.solutions);
  front.subdag_root = by.subdag_root;
  front.authority_kind = by.kind;

  wire_writer out;
  out.raw(front_bytes_of(front));
  out.raw(by.wire(front.block_hash));
  append_tail(out, reward_ratifications(rewards.block.low, rewards.puzzle.low), with.content);
  append(front.block_hash, front.header);
  return out.take();
}

} // namespace blockferry::kit
