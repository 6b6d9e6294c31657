#include "tests/kit/chain_maker.hpp"

#include "chain/hash/block_tree.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain/metadata_rules.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>
#include <limits>
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

} // namespace

void append_tail(wire_writer& out, const std::vector<byte_buffer>& ratifications,
                 chain::byte_view transactions) {
  out.u8(1);
  out.u32(static_cast<std::uint32_t>(ratifications.size()));
  for (const auto& one : ratifications)
    out.raw(one);
  out.u8(1); // solutions: none
  out.u8(0);
  out.u32(0); // aborted solution ids
  out.raw(transactions);
  out.u32(0); // aborted transaction ids
}

std::vector<byte_buffer> reward_ratifications(std::uint64_t block_reward) {
  std::vector<byte_buffer> out;
  for (const auto& [kind, amount] : {std::pair{1, block_reward}, std::pair{2, std::uint64_t{0}}}) {
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
                               std::int64_t timestamp) {
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
  return out;
}

chain_maker::chain_maker(chain_options options)
    : options_(std::move(options)), random_(options_.seed) {
  const bool repeats = options_.block_bytes > empty_block_bytes && !options_.fresh_transactions;
  for (std::size_t i = 0; i < (repeats ? different_bodies : 1); ++i)
    bodies_.push_back(make_body());
}

chain_maker::body chain_maker::make_body() {
  body out;
  if (options_.block_bytes > empty_block_bytes)
    out.transactions_made = padding(options_.block_bytes - empty_block_bytes, random_);
  std::vector<hash> ids;
  std::vector<std::vector<finalize_operation>> operations;
  for (const auto& one : out.transactions_made) {
    ids.push_back(one.id);
    operations.push_back(one.operations);
  }
  out.transactions_root = transactions_root(ids);
  out.finalize_root = finalize_root(operations, reward_operations());
  out.transactions = wire_of(out.transactions_made);
  return out;
}

const chain_maker::body& chain_maker::next_body() {
  const bool own = options_.fresh_transactions && options_.block_bytes > empty_block_bytes;
  if (own && body_height_ != next_height_) {
    bodies_.front() = make_body();
    body_height_ = next_height_;
  }
  return bodies_[next_height_ % bodies_.size()];
}

const std::vector<made_transaction>& chain_maker::next_transactions() {
  return next_body().transactions_made;
}

void chain_maker::follow(chain::byte_view block) {
  const auto front = chain::read_front(block);
  if (!front || front->header.height != next_height_)
    throw std::invalid_argument{"no block of height " + std::to_string(next_height_)};
  append(front->block_hash, front->header);
}

void chain_maker::append(const hash& block_hash, const chain::metadata& header) {
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

const hash& chain_maker::reward_root(std::uint64_t reward) {
  const auto [place, added] = reward_roots_.try_emplace(reward);
  if (added)
    place->second = ratifications_root(reward_ratifications(reward));
  return place->second;
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
  const auto reward = block_reward(options_.net, next_height_, by.timestamp - tip_.timestamp);
  const auto& with = next_body();
  chain::block_front front;
  front.previous_hash = tip_hash_;
  front.previous_state_root = state_root();
  front.transactions_root = with.transactions_root;
  front.finalize_root = with.finalize_root;
  front.ratifications_root = reward_root(reward);
  front.subdag_root = by.subdag_root;
  front.header = metadata_after(options_.net, tip_, by.timestamp);
  front.header.round = by.round;
  front.authority_kind = by.kind;

  wire_writer out;
  out.raw(front_bytes_of(front));
  out.raw(by.wire(front.block_hash));
  append_tail(out, reward_ratifications(reward), with.transactions);
  append(front.block_hash, front.header);
  return out.take();
}

} // namespace blockferry::kit
