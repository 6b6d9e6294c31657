#include "tests/kit/genesis.hpp"

#include "chain/hash/hash_to_group.hpp"
#include "tests/kit/chain_maker.hpp"

#include <algorithm>
#include <numeric>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;

/// Below as numbers: the last byte weighs most.
bool address_less(const hash& a, const hash& b) {
  return std::ranges::lexicographical_compare(a.bytes.rbegin(), a.bytes.rend(), b.bytes.rbegin(),
                                              b.bytes.rend());
}

byte_buffer genesis_ratification(const committee& members) {
  wire_writer out;
  out.u8(1);
  out.u8(0);
  out.u8(1);
  out.field(members.id());
  out.raw(members.wire());
  out.u16(static_cast<std::uint16_t>(members.members.size())); // public balances
  for (const auto& one : members.members) {
    out.field(one.address);
    out.u64(1'000'000'000);
  }
  out.u16(static_cast<std::uint16_t>(members.members.size())); // bonded
  for (const auto& one : members.members) {
    for (int i = 0; i < 3; ++i)
      out.field(one.address); // staker, validator, withdrawal
    out.u64(one.stake);
  }
  return out.take();
}

} // namespace

std::vector<validator> make_validators(std::size_t count, std::uint64_t seed) {
  std::vector<validator> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({.keys = account{seed * 1000 + i}});
  return out;
}

std::uint64_t committee::total_stake() const {
  return std::accumulate(members.begin(), members.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const member& one) { return sum + one.stake; });
}

byte_buffer committee::wire() const {
  wire_writer out;
  out.u64(starting_round);
  out.u16(static_cast<std::uint16_t>(members.size()));
  for (const auto& one : members) {
    out.field(one.address);
    out.u64(one.stake);
    out.u8(one.is_open ? 1 : 0);
    out.u8(one.commission);
  }
  out.u64(total_stake());
  return out.take();
}

hash committee::id() const {
  return hash1024_of_bytes(wire());
}

std::size_t committee::leader(std::uint64_t round) const {
  const auto input = chain::field::from(round);
  const auto place = chain::hash_to_group({&input, 1});
  const auto x = chain::x_coordinates({&place, 1}).front().wire();
  const auto index = chain::load_le<std::uint64_t>(x.bytes) % total_stake();
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return address_less(members[b].address, members[a].address);
  });
  std::uint64_t upto = 0;
  for (const auto one : order)
    if ((upto += members[one].stake) >= index)
      return one;
  return order.back();
}

committee genesis_committee(const std::vector<validator>& validators) {
  committee out;
  for (const auto& one : validators)
    out.members.push_back({one.keys.address(), one.stake, one.is_open, one.commission});
  std::ranges::sort(out.members, {},
                    [](const committee::member& one) { return one.address.bytes; });
  return out;
}

byte_buffer make_genesis(const chain::network& net, const std::vector<validator>& validators) {
  const std::vector<byte_buffer> ratifications = {
      genesis_ratification(genesis_committee(validators))};
  chain::block_front front;
  front.transactions_root = transactions_root({});
  front.finalize_root =
      finalize_root({}, genesis_operations(static_cast<std::uint32_t>(validators.size()), 0));
  front.ratifications_root = ratifications_root(ratifications);
  front.header.network_id = net.id;
  front.header.coinbase_target = net.genesis_coinbase_target;
  front.header.proof_target = net.genesis_proof_target;
  front.header.last_coinbase_target = net.genesis_coinbase_target;
  front.header.last_coinbase_timestamp = net.genesis_timestamp;
  front.header.timestamp = net.genesis_timestamp;
  wire_writer out;
  out.raw(front_bytes_of(front));
  out.raw(validators.front().keys.sign(front.block_hash));
  append_tail(out, ratifications, wire_of({}));
  return out.take();
}

} // namespace blockferry::kit
