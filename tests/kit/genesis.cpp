#include "tests/kit/genesis.hpp"

#include "tests/kit/chain_maker.hpp"

#include <algorithm>
#include <numeric>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::hash;

byte_buffer genesis_ratification(const genesis_parts& genesis) {
  const auto members = committee_at(genesis);
  const auto bonds = bonds_at(genesis);
  wire_writer out;
  out.u8(1);
  out.u8(0);
  out.u8(1);
  out.field(members.id());
  out.raw(members.wire());
  out.u16(static_cast<std::uint16_t>(genesis.balances.size()));
  for (const auto& [who, amount] : genesis.balances) {
    out.field(who);
    out.u64(amount);
  }
  out.u16(static_cast<std::uint16_t>(bonds.size()));
  for (const auto& one : bonds) {
    out.field(one.staker);
    out.field(one.validator);
    out.field(one.staker); // withdrawal
    out.u64(one.amount);
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

genesis_parts genesis_of(std::vector<validator> validators) {
  constexpr std::uint64_t balance = 1'000'000'000;
  genesis_parts out{std::move(validators), {}, {}};
  for (const auto& one : committee_at(out).members)
    out.balances.emplace_back(one.address, balance);
  return out;
}

committee committee_at(const genesis_parts& genesis) {
  committee out;
  for (std::size_t i = 0; i < genesis.validators.size(); ++i) {
    const auto& one = genesis.validators[i];
    auto stake = one.stake;
    for (const auto& other : genesis.delegators)
      stake += other.validator == i ? other.stake : 0;
    out.members.push_back({one.keys.address(), stake, one.is_open, one.commission});
  }
  std::ranges::sort(out.members, {},
                    [](const committee::member& one) { return one.address.bytes; });
  return out;
}

std::vector<bond> bonds_at(const genesis_parts& genesis) {
  std::vector<bond> out;
  for (const auto& one : genesis.validators)
    out.push_back({one.keys.address(), one.keys.address(), one.stake});
  std::ranges::sort(out, {}, [](const bond& one) { return one.staker.bytes; });
  for (const auto& one : genesis.delegators)
    out.push_back(
        {one.keys.address(), genesis.validators.at(one.validator).keys.address(), one.stake});
  return out;
}

byte_buffer make_genesis(const chain::network& net, const genesis_parts& genesis) {
  const std::vector<byte_buffer> ratifications = {genesis_ratification(genesis)};
  chain::block_front front;
  front.transactions_root = transactions_root({});
  front.finalize_root =
      finalize_root({}, genesis_operations(static_cast<std::uint32_t>(genesis.validators.size()),
                                           static_cast<std::uint32_t>(genesis.delegators.size())));
  front.ratifications_root = ratifications_root(ratifications);
  front.header.network_id = net.id;
  front.header.coinbase_target = net.genesis_coinbase_target;
  front.header.proof_target = net.genesis_proof_target;
  front.header.last_coinbase_target = net.genesis_coinbase_target;
  front.header.last_coinbase_timestamp = net.genesis_timestamp;
  front.header.timestamp = net.genesis_timestamp;
  wire_writer out;
  out.raw(front_bytes_of(front));
  out.raw(genesis.validators.front().keys.sign(front.block_hash));
  append_tail(out, ratifications, {});
  return out.take();
}

byte_buffer make_genesis(const chain::network& net, std::vector<validator> validators) {
  return make_genesis(net, genesis_of(std::move(validators)));
}

} // namespace blockferry::kit
