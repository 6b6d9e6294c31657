#include "tests/kit/ledger.hpp"

#include "chain/stake/credits_writes.hpp"

#include <algorithm>
#include <stdexcept>

namespace blockferry::kit {
namespace {

using chain::hash;
using chain::stake::credits_function;
using chain::stake::credits_write;
using chain::stake::mapping;

__extension__ typedef unsigned __int128 wide;

constexpr std::uint8_t update_kind = 2, remove_kind = 3;
/// No single reward is larger (specification 4.5).
constexpr std::uint64_t share_max = 190258739;

finalize_operation operation_of(const credits_write& write) {
  const hash key = chain::stake::key_id(write.which, write.key);
  const hash& which = chain::stake::mapping_id(write.which);
  if (!write.value)
    return {remove_kind, {which, key}};
  return {update_kind, {which, key, chain::stake::value_id(write.which, key, *write.value)}};
}

chain::stake::genesis_stakes stakes_at(const genesis_parts& genesis) {
  chain::stake::genesis_stakes out;
  for (const auto& one : committee_at(genesis).members)
    out.members.push_back({one.address, one.stake, one.is_open, one.commission});
  for (const auto& one : bonds_at(genesis))
    out.bonded.push_back({one.staker, one.validator, one.staker, one.amount});
  return out;
}

/// As a block lists it, for those who follow stakes.
chain::stake::credits_operation listed(const finalize_operation& one) {
  return {one.kind, *chain::stake::mapping_of(one.fields[0]), one.fields[1],
          one.kind == update_kind ? one.fields[2] : hash{}};
}

} // namespace

ledger::ledger(const genesis_parts& genesis) {
  for (const auto& [who, amount] : genesis.balances)
    balances_[who] += amount;
  chain::stake::block_stakes first;
  first.genesis = stakes_at(genesis);
  following_.add(0, first);
}

std::uint64_t ledger::balance(const hash& who) const {
  const auto found = balances_.find(who);
  return found == balances_.end() ? 0 : found->second;
}

const chain::stake::stake_state& ledger::stakes() const {
  return following_.stakes().value();
}

const chain::stake::committee& ledger::committee_for(std::uint64_t round) const {
  const auto* const found = following_.for_round(round);
  if (found == nullptr)
    throw std::logic_error{"no committee for round " + std::to_string(round) + ": " +
                           following_.lost()};
  return *found;
}

/// Both mappings hold a u64, so that the ids of `delegated` serve `account` as well.
finalize_operation ledger::balance_update(const hash& who) {
  const hash key = chain::stake::key_id(mapping::account, who);
  return {update_kind,
          {chain::stake::mapping_id(mapping::account), key,
           chain::stake::value_id(mapping::delegated, key, {.amount = balances_[who]})}};
}

void ledger::apply(const chain::stake::credits_call& call, chain::stake::credits_overlay& now,
                   chain::height_t height, std::vector<finalize_operation>& out) {
  const auto writes = chain::stake::writes_of(call, now, height);
  if (!writes)
    throw std::logic_error{"a call that no block could accept"};
  // What a claim pays stands in the mapping that it empties.
  std::uint64_t amount = call.amount;
  if (call.function == credits_function::claim_unbond_public)
    amount = now.entry(mapping::unbonding, call.who[0]).value().amount;
  bool gains = call.function == credits_function::claim_unbond_public ||
               call.function == credits_function::move_in;
  for (const auto& write : *writes) {
    if (write.which != mapping::account) {
      out.push_back(operation_of(write));
      continue;
    }
    auto& balance = balances_[write.key];
    if (!gains && balance < amount)
      throw std::logic_error{"a payer without the means"};
    balance = gains ? balance + amount : balance - amount;
    gains = true; // behind a payer there can only stand the payee
    out.push_back(balance_update(write.key));
  }
  now.apply(*writes);
}

void ledger::execute(chain::height_t height, std::vector<made_transaction>& transactions) {
  staking_.clear();
  chain::stake::credits_overlay now{stakes()};
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    auto& one = transactions[i];
    std::vector<finalize_operation> made;
    for (const auto& call : one.calls)
      apply(call, now, height, made);
    if (one.fee)
      apply(*one.fee, now, height, made);
    if (std::ranges::any_of(one.calls, [](const auto& call) {
          return chain::stake::changes_stakes(call.function);
        })) {
      auto& staking = staking_.emplace_back();
      staking.index = static_cast<std::uint32_t>(i);
      staking.calls = one.calls;
      if (one.fee)
        staking.fee = {*one.fee};
      for (const auto& operation : made)
        staking.operations.push_back(listed(operation));
    }
    one.operations.insert(one.operations.end(), made.begin(), made.end());
  }
}

std::vector<finalize_operation> ledger::end_block(const block_end& block) {
  chain::stake::block_stakes stakes;
  stakes.round = block.round;
  stakes.reward = block.block_reward;
  stakes.transactions = std::move(staking_);
  staking_.clear();
  following_.add(block.height, stakes);

  wide all = 0;
  for (const auto& one : block.solutions)
    all += one.target;
  std::vector<std::pair<hash, std::uint64_t>> shares; // in the order of the first solutions
  for (const auto& one : block.solutions) {
    const auto share = static_cast<std::uint64_t>(wide{block.puzzle_reward} * one.target / all);
    const auto known =
        std::ranges::find(shares, one.prover, [](const auto& entry) { return entry.first; });
    if (share == 0 || share > share_max)
      continue;
    if (known == shares.end())
      shares.emplace_back(one.prover, share);
    else
      known->second += share;
  }
  std::vector<finalize_operation> out;
  for (const auto& [who, share] : shares) {
    balances_[who] += share;
    out.push_back(balance_update(who));
  }
  return out;
}

} // namespace blockferry::kit
