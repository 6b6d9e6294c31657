#include "chain/stake/following.hpp"

#include "chain/stake/credits_overlay.hpp"
#include "chain/stake/credits_writes.hpp"
#include "chain/stake/settle.hpp"

namespace blockferry::chain::stake {

namespace {

/// Why one transaction's effects do not follow; empty where they do.
std::string apply_transaction(credits_overlay& now, const staking_transaction& transaction,
                              height_t height, id_memo& ids) {
  const std::string where = "transaction " + std::to_string(transaction.index);
  const auto staking = [](const credits_call& call) { return changes_stakes(call.function); };
  if (std::ranges::any_of(transaction.calls, staking))
    return settle(now, transaction, height, ids)
               ? ""
               : "the listed operations of " + where + " do not follow from its calls";
  // Sums of balances, which need no order.
  for (const auto* calls : {&transaction.calls, &transaction.fee})
    for (const credits_call& call : *calls) {
      const auto writes = writes_of(call, now, height);
      if (!writes)
        return where + " calls credits.aleo in a way that is not known";
      now.apply(*writes);
    }
  return "";
}

std::optional<stake_state> genesis_state(const genesis_stakes& genesis) {
  // As if everything had been written by the block itself.
  const stake_state nothing;
  credits_overlay all{nothing};
  std::vector<credits_write> writes;
  for (const committee_member& one : genesis.members)
    writes.push_back({mapping::committee, one.who,
                      credits_value{.commission = one.commission, .is_open = one.is_open}});
  for (const genesis_bond& one : genesis.bonded) {
    writes.push_back(
        {mapping::bonded, one.staker, credits_value{.who = one.validator, .amount = one.amount}});
    writes.push_back({mapping::withdraw, one.staker, credits_value{.who = one.withdrawal}});
  }
  const std::size_t members = genesis.members.size();
  const std::size_t delegators =
      genesis.bonded.size() > members ? genesis.bonded.size() - members : 0;
  writes.push_back({mapping::metadata, small_address(members_key),
                    credits_value{.height = static_cast<std::uint32_t>(members)}});
  writes.push_back({mapping::metadata, small_address(delegators_key),
                    credits_value{.height = static_cast<std::uint32_t>(delegators)}});
  all.apply(writes);
  auto made = all.merge();
  return made ? std::optional{std::move(made->state)} : std::nullopt;
}

} // namespace

committee_following committee_following::unknown(std::string why) {
  committee_following made;
  made.lost_ = std::move(why);
  return made;
}

void committee_following::add(height_t height, const block_stakes& block) {
  if (lost_.empty()) {
    std::string why;
    std::vector<std::uint32_t> member_order;
    if (block.genesis)
      why = start(*block.genesis);
    else if (!stakes_)
      why = "no genesis ratification";
    if (why.empty())
      why = apply_transactions(height, block, member_order);
    if (why.empty())
      why = apply_reward(block, member_order);
    if (!why.empty()) {
      lost_ = "block " + std::to_string(height) + ": " + why;
      stakes_.reset();
      // Up to the round of this block, the committee of the block before stays in force.
      known_to_ = block.round > 0 ? block.round - 1 : 0;
    }
  }
  last_round_ = block.round;
  if (lost_.empty())
    known_to_ = last_round_;
  forget_old();
}

std::string committee_following::start(const genesis_stakes& genesis) {
  auto first = committee::make(genesis.starting_round, genesis.members);
  stakes_ = genesis_state(genesis);
  if (!first || !stakes_)
    return "no committee in the genesis ratification";
  committees_ = {{0, std::make_shared<const committee>(std::move(*first))}};
  return "";
}

std::string committee_following::apply_transactions(height_t height, const block_stakes& block,
                                                    std::vector<std::uint32_t>& member_order) {
  if (!block.readable)
    return "its transactions are of a format that is not known";
  if (block.transactions.empty()) {
    member_order = stakes_->who().member_order;
    return "";
  }
  credits_overlay now{*stakes_};
  id_memo ids;
  for (const staking_transaction& one : block.transactions)
    if (std::string why = apply_transaction(now, one, height, ids); !why.empty())
      return why;
  auto merged = now.merge();
  if (!merged)
    return "a sum of stakes exceeds 64 bits";
  stakes_ = std::move(merged->state);
  member_order = std::move(merged->member_order);
  return "";
}

std::string committee_following::apply_reward(const block_stakes& block,
                                              const std::vector<std::uint32_t>& member_order) {
  if (block.genesis)
    return "";
  if (!block.reward)
    return "it has no block reward";
  if (!stakes_->reward(*block.reward))
    return "a sum of stakes exceeds 64 bits";
  auto next = stakes_->committee_at(block.round, member_order);
  if (!next)
    return "it leaves no committee";
  committees_.push_back({block.round, std::make_shared<const committee>(std::move(*next))});
  return "";
}

void committee_following::forget_old() {
  const std::uint64_t oldest =
      last_round_ > committee_rounds_kept ? last_round_ - committee_rounds_kept : 0;
  const auto first_later =
      std::ranges::upper_bound(committees_, oldest, {}, [](const dated& one) { return one.since; });
  if (first_later - committees_.begin() > 1)
    committees_.erase(committees_.begin(), first_later - 1);
}

const committee* committee_following::for_round(std::uint64_t round) const {
  const std::uint64_t wanted = lookback_round(round);
  const auto later =
      std::ranges::upper_bound(committees_, wanted, {}, [](const dated& one) { return one.since; });
  return later == committees_.begin() || wanted > known_to_ ? nullptr : (later - 1)->who.get();
}

std::optional<committee_following>
committee_following::restore(std::uint64_t last_round, std::uint64_t known_to, std::string lost,
                             std::optional<stake_state> stakes, std::vector<dated> committees) {
  const auto not_rising = [](const dated& a, const dated& b) { return a.since >= b.since; };
  if (std::ranges::adjacent_find(committees, not_rising) != committees.end() ||
      (!committees.empty() && committees.back().since > known_to) || known_to > last_round ||
      (!lost.empty() && stakes.has_value()))
    return std::nullopt;
  committee_following made;
  made.last_round_ = last_round;
  made.known_to_ = known_to;
  made.lost_ = std::move(lost);
  made.stakes_ = std::move(stakes);
  made.committees_ = std::move(committees);
  return made;
}

} // namespace blockferry::chain::stake
