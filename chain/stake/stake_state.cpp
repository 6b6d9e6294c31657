#include "chain/stake/stake_state.hpp"

#include <functional>

namespace blockferry::chain::stake {

namespace {

credits_value amount_of(std::uint64_t amount) {
  credits_value value;
  value.amount = amount;
  return value;
}

credits_value count_of(std::uint32_t count) {
  credits_value value;
  value.height = count;
  return value;
}

template <class Range>
std::optional<std::size_t> position_in(const Range& sorted, const address& key, auto projection) {
  const auto at = std::ranges::lower_bound(sorted, key, {}, projection);
  if (at == sorted.end() || std::invoke(projection, *at) != key)
    return std::nullopt;
  return static_cast<std::size_t>(at - sorted.begin());
}

std::optional<std::size_t> validator_position(const stake_register& who, const address& key) {
  return position_in(who.validators, key, &validator::who);
}

std::optional<std::size_t> staker_position(const stake_register& who, const address& key) {
  return position_in(who.stakers, key, std::identity{});
}

void complete(stake_register& who) {
  who.member_order = members_by_first_staker(who.validators, who.validator_of);
  who.own_bond.assign(who.validators.size(), no_bond);
  for (std::size_t v = 0; v < who.validators.size(); ++v)
    if (const auto own = staker_position(who, who.validators[v].who);
        own && who.validator_of[*own] == v)
      who.own_bond[v] = static_cast<std::uint32_t>(*own);
}

} // namespace

std::vector<std::uint32_t> members_by_first_staker(std::span<const validator> validators,
                                                   std::span<const std::uint32_t> validator_of) {
  std::vector<bool> listed(validators.size());
  std::vector<std::uint32_t> order;
  for (const std::uint32_t v : validator_of)
    if (!listed[v] && validators[v].is_member) {
      listed[v] = true;
      order.push_back(v);
    }
  return order;
}

std::optional<stake_state> stake_state::make(stake_register who,
                                             std::vector<std::uint64_t> amounts) {
  complete(who);
  stake_state made;
  made.who_ = std::make_shared<const stake_register>(std::move(who));
  made.amounts_ = std::move(amounts);
  made.delegated_.assign(made.who_->validators.size(), 0);
  bool overflow = false;
  for (std::size_t i = 0; i < made.amounts_.size(); ++i) {
    std::uint64_t& sum = made.delegated_[made.who_->validator_of[i]];
    overflow |= __builtin_add_overflow(sum, made.amounts_[i], &sum);
  }
  return overflow ? std::nullopt : std::optional{std::move(made)};
}

std::optional<credits_value> stake_state::entry(mapping which, const address& key) const {
  switch (which) {
  case mapping::committee:
    if (const auto v = validator_position(*who_, key); v && who_->validators[*v].is_member) {
      credits_value value;
      value.is_open = who_->validators[*v].is_open;
      value.commission = who_->validators[*v].commission;
      return value;
    }
    break;
  case mapping::delegated:
    if (const auto v = validator_position(*who_, key))
      return amount_of(delegated_[*v]);
    break;
  case mapping::bonded:
    if (const auto s = staker_position(*who_, key)) {
      credits_value value = amount_of(amounts_[*s]);
      value.who = who_->validators[who_->validator_of[*s]].who;
      return value;
    }
    break;
  case mapping::unbonding:
    if (const unbonding_entry* found = find_in(who_->unbonding, key)) {
      credits_value value = amount_of(found->amount);
      value.height = found->height;
      return value;
    }
    break;
  case mapping::withdraw:
    if (const address* found = find_in(who_->withdraw, key)) {
      credits_value value;
      value.who = *found;
      return value;
    }
    break;
  case mapping::metadata:
    if (key == small_address(members_key))
      return who_->member_count ? std::optional{count_of(*who_->member_count)} : std::nullopt;
    if (key == small_address(delegators_key))
      return who_->delegator_count ? std::optional{count_of(*who_->delegator_count)} : std::nullopt;
    break;
  case mapping::pool:
    if (key == small_address(pool_key) && who_->pool)
      return amount_of(*who_->pool);
    break;
  case mapping::account:
    break;
  }
  return std::nullopt;
}

std::optional<committee> stake_state::committee_at(std::uint64_t round,
                                                   std::span<const std::uint32_t> order) const {
  std::vector<committee_member> members;
  members.reserve(order.size());
  for (const std::uint32_t v : order) {
    const validator& one = who_->validators[v];
    members.push_back({one.who, delegated_[v], one.is_open, one.commission});
  }
  return committee::make(round, std::move(members));
}

} // namespace blockferry::chain::stake
