#include "tests/kit/quorum_maker.hpp"

#include "chain/hash/merkle.hpp"

#include <algorithm>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;

constexpr unsigned subdag_depth = 16;
constexpr std::uint8_t quorum = 1;
constexpr std::uint8_t solution_kind = 1, transaction_kind = 2;

chain_options with_accounts(chain_options options, const genesis_parts& genesis) {
  if (!options.accounts)
    options.accounts = std::make_shared<ledger>(genesis);
  return options;
}

std::vector<account> all_keys(const genesis_parts& genesis,
                              const std::vector<account>& candidates) {
  std::vector<account> out;
  for (const auto& one : genesis.validators)
    out.push_back(one.keys);
  out.insert(out.end(), candidates.begin(), candidates.end());
  return out;
}

/// What a batch says of a block's content: solutions, then transactions, as they were sent, then
/// those that the block aborts.  Nobody compares the checksums of what is not in the block.
void append_transmissions(wire_writer& out, const block_content& content) {
  const byte_buffer no_checksum(16);
  out.u32(static_cast<std::uint32_t>(content.solutions.size() + content.transactions.size() +
                                     content.aborted_solutions.size() +
                                     content.aborted_transactions.size()));
  const auto solution = [&](std::uint64_t id) {
    out.u8(solution_kind);
    out.u64(id);
    out.raw(no_checksum);
  };
  const auto transaction = [&](const hash& id, chain::byte_view checksum) {
    out.u8(transaction_kind);
    out.field(id);
    out.raw(checksum);
  };
  for (const auto& one : content.solutions)
    solution(one.id());
  for (const auto& one : content.transactions)
    transaction(one.sent_id, checksum_of(one.as_sent()));
  for (const auto id : content.aborted_solutions)
    solution(id);
  for (const auto& id : content.aborted_transactions)
    transaction(id, no_checksum);
}

} // namespace

quorum_maker::quorum_maker(chain_options options, const genesis_parts& genesis,
                           const std::vector<account>& candidates)
    : options_(with_accounts(std::move(options), genesis)), keys_(all_keys(genesis, candidates)),
      chain_(options_), genesis_(make_genesis(options_.net, genesis)) {
  chain_.follow(genesis_);
}

quorum_maker::quorum_maker(chain_options options, std::vector<validator> validators)
    : quorum_maker(std::move(options), genesis_of(std::move(validators))) {}

std::int64_t quorum_maker::timestamp_of(std::uint64_t round) const {
  return options_.net.genesis_timestamp +
         static_cast<std::int64_t>(round) * std::max<std::int64_t>(options_.block_seconds / 2, 1);
}

std::vector<std::size_t> quorum_maker::members_of(std::uint64_t round) const {
  const auto& in_force = options_.accounts->committee_for(round);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (in_force.stake_of(keys_[i].address()))
      out.push_back(i);
  return out;
}

/// `head` is what follows the author in what the id hashes, up to the last transmission.
quorum_maker::certificate
quorum_maker::make_certificate(std::size_t author, chain::byte_view head,
                               std::span<const std::size_t> members,
                               const round_of_certificates& previous) const {
  wire_writer edges;
  for (const auto& one : previous)
    edges.field(one.id);
  wire_writer hashed;
  hashed.field(keys_[author].address());
  hashed.raw(head);
  const auto whole_head = hashed.bytes();
  hashed.u32(static_cast<std::uint32_t>(previous.size()));
  hashed.raw(edges.bytes());

  certificate made{author, hash1024_of_bytes(hashed.bytes()), {}};
  wire_writer out;
  out.u8(1);
  out.u8(1);
  out.field(made.id);
  out.raw(whole_head);
  out.u16(static_cast<std::uint16_t>(previous.size()));
  out.raw(edges.bytes());
  out.raw(keys_[author].sign(made.id));
  out.u16(static_cast<std::uint16_t>(members.size() - 1));
  for (const auto one : members)
    if (one != author)
      out.raw(keys_[one].sign(made.id));
  made.wire = out.take();
  return made;
}

quorum_maker::round_of_certificates quorum_maker::make_round(std::uint64_t round,
                                                             const round_of_certificates& previous,
                                                             const block_content& carried) const {
  const auto members = members_of(round);
  const auto committee_id = options_.accounts->committee_for(round).id();
  round_of_certificates out;
  for (const auto author : members) {
    wire_writer head;
    head.u64(round);
    head.i64(timestamp_of(round));
    head.field(committee_id);
    append_transmissions(head, out.empty() ? carried : block_content{});
    out.push_back(make_certificate(author, head.bytes(), members, previous));
  }
  return out;
}

const quorum_maker::certificate& quorum_maker::leader_of(const round_of_certificates& round,
                                                         std::uint64_t number) const {
  const auto leader = options_.accounts->committee_for(number).leader(number);
  return *std::ranges::find_if(
      round, [&](const certificate& one) { return keys_[one.author].address() == leader; });
}

byte_buffer quorum_maker::next() {
  const auto anchor = anchor_ + 2;
  const auto middle = make_round(anchor - 1, anchor_round_, chain_.next_content());
  const auto last = make_round(anchor, middle, {});
  const auto& leader = leader_of(last, anchor);

  round_of_certificates first = anchor_round_; // but the one that is in the block before
  std::erase_if(first, [&](const certificate& one) { return one.author == anchor_leader_; });
  std::vector<std::pair<std::uint64_t, round_of_certificates>> rounds;
  if (!first.empty())
    rounds.emplace_back(anchor - 2, first);
  rounds.emplace_back(anchor - 1, middle);
  rounds.emplace_back(anchor, round_of_certificates{leader});

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
  auto block = chain_.next_by({.kind = quorum,
                               .round = anchor,
                               .timestamp = timestamp_of(anchor - 1),
                               .subdag_root = chain::merkle_root(views, subdag_depth),
                               .wire = [&](const hash&) { return subdag.bytes(); }});
  anchor_ = anchor;
  anchor_leader_ = leader.author;
  anchor_round_ = last;
  return block;
}

} // namespace blockferry::kit
