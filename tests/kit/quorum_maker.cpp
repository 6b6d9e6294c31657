#include "tests/kit/quorum_maker.hpp"

#include "chain/hash/merkle.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;

__extension__ typedef unsigned __int128 wide;

constexpr std::uint64_t lookback_rounds = 100;
constexpr std::uint64_t reward_max = 190258739;
constexpr std::uint64_t delegator_stake_min = 10'000'000'000;
constexpr unsigned subdag_depth = 16;
constexpr std::uint8_t quorum = 1;
constexpr std::uint8_t transaction_kind = 2;

/// The first 16 bytes of SHA3-256: what a batch says of a transaction beside its id.
std::array<std::uint8_t, 16> checksum_of(chain::byte_view bytes) {
  std::array<std::uint8_t, 32> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha3_256(), nullptr);
  std::array<std::uint8_t, 16> out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

} // namespace

quorum_maker::quorum_maker(chain_options options, std::vector<validator> validators)
    : options_(options), validators_(std::move(validators)), chain_(std::move(options)),
      genesis_(make_genesis(options_.net, validators_)) {
  chain_.follow(genesis_);
  committees_.emplace(0, genesis_committee(validators_));
}

const committee& quorum_maker::committee_of(std::uint64_t round) const {
  const auto even_before = round % 2 == 0 ? round - 1 : round - std::min<std::uint64_t>(round, 2);
  const auto at = even_before > lookback_rounds ? even_before - lookback_rounds : 0;
  return std::prev(committees_.upper_bound(at))->second;
}

std::int64_t quorum_maker::timestamp_of(std::uint64_t round) const {
  return options_.net.genesis_timestamp +
         static_cast<std::int64_t>(round) * std::max<std::int64_t>(options_.block_seconds / 2, 1);
}

std::size_t quorum_maker::index_of(const hash& address) const {
  const auto found = std::ranges::find_if(
      validators_, [&](const validator& one) { return one.keys.address() == address; });
  return static_cast<std::size_t>(found - validators_.begin());
}

quorum_maker::certificate
quorum_maker::make_certificate(std::size_t author, std::uint64_t round,
                               const round_of_certificates& previous,
                               const std::vector<made_transaction>& carried) const {
  wire_writer head;
  head.field(validators_[author].keys.address());
  head.u64(round);
  head.i64(timestamp_of(round));
  head.field(committee_of(round).id());
  head.u32(static_cast<std::uint32_t>(carried.size()));
  for (const auto& one : carried) {
    head.u8(transaction_kind);
    head.field(one.id);
    head.raw(checksum_of(one.transaction));
  }
  wire_writer edges;
  for (const auto& one : previous)
    edges.field(one.id);
  wire_writer preimage;
  preimage.raw(head.bytes());
  preimage.u32(static_cast<std::uint32_t>(previous.size()));
  preimage.raw(edges.bytes());

  certificate made{author, hash1024_of_bytes(preimage.bytes()), {}};
  wire_writer out;
  out.u8(1);
  out.u8(1);
  out.field(made.id);
  out.raw(head.bytes());
  out.u16(static_cast<std::uint16_t>(previous.size()));
  out.raw(edges.bytes());
  out.raw(validators_[author].keys.sign(made.id));
  out.u16(static_cast<std::uint16_t>(validators_.size() - 1));
  for (std::size_t i = 0; i < validators_.size(); ++i)
    if (i != author)
      out.raw(validators_[i].keys.sign(made.id));
  made.wire = out.take();
  return made;
}

quorum_maker::round_of_certificates
quorum_maker::make_round(std::uint64_t round, const round_of_certificates& previous,
                         const std::vector<made_transaction>& carried) const {
  round_of_certificates out;
  for (std::size_t i = 0; i < validators_.size(); ++i)
    out.push_back(
        make_certificate(i, round, previous, i == 0 ? carried : std::vector<made_transaction>{}));
  return out;
}

byte_buffer quorum_maker::next() {
  const auto anchor = anchor_ + 2;
  const auto middle = make_round(anchor - 1, anchor_round_, chain_.next_transactions());
  const auto last = make_round(anchor, middle, {});
  const auto& in_force = committee_of(anchor);
  const auto leader = index_of(in_force.members[in_force.leader(anchor)].address);

  round_of_certificates first = anchor_round_; // but the one that is in the block before
  std::erase_if(first, [&](const certificate& one) { return one.author == anchor_leader_; });
  std::vector<std::pair<std::uint64_t, round_of_certificates>> rounds;
  if (!first.empty())
    rounds.emplace_back(anchor - 2, first);
  rounds.emplace_back(anchor - 1, middle);
  rounds.emplace_back(anchor, round_of_certificates{last[leader]});

  wire_writer subdag;
  subdag.u8(1);
  subdag.u32(static_cast<std::uint32_t>(rounds.size()));
  std::vector<chain::bit_string> leaves;
  for (const auto& [round, certificates] : rounds) {
    subdag.u64(round);
    subdag.u16(static_cast<std::uint16_t>(certificates.size()));
    auto& leaf = leaves.emplace_back();
    for (const auto& one : certificates) {
      subdag.raw(one.wire);
      leaf.append_field(one.id);
    }
  }
  std::vector<chain::bit_view> views;
  for (const auto& one : leaves)
    views.push_back(one.view());

  const auto timestamp = timestamp_of(anchor - 1);
  const auto reward =
      block_reward(options_.net, chain_.next_height(), timestamp - chain_.tip_metadata().timestamp);
  auto block = chain_.next_by({.kind = quorum,
                               .round = anchor,
                               .timestamp = timestamp,
                               .subdag_root = chain::merkle_root(views, subdag_depth),
                               .wire = [&](const hash&) { return subdag.bytes(); }});
  settle(anchor, reward);
  anchor_ = anchor;
  anchor_round_ = last;
  anchor_leader_ = leader;
  return block;
}

/// Committee after a block's reward, where everyone has only itself for a staker (specification
/// 7.3).
void quorum_maker::settle(std::uint64_t round, std::uint64_t reward) {
  committee after = std::prev(committees_.end())->second;
  const auto total = after.total_stake();
  for (auto& one : after.members) {
    const auto gain = static_cast<std::uint64_t>(static_cast<wide>(reward) * one.stake / total);
    const bool enough = one.stake <= total / 4 && one.stake >= delegator_stake_min;
    if (enough && gain <= reward_max)
      one.stake += gain;
  }
  after.starting_round = round;
  committees_.emplace(round, std::move(after));
}

} // namespace blockferry::kit
