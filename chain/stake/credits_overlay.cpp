#include "chain/stake/credits_overlay.hpp"

#include <set>

namespace blockferry::chain::stake {

std::optional<credits_value> credits_overlay::entry(mapping which, const address& key) const {
  const auto found = changed_.find({which, key});
  return found != changed_.end() ? found->second : before_->entry(which, key);
}

std::vector<credits_overlay::undo_step>
credits_overlay::apply(const std::vector<credits_write>& writes) {
  std::vector<undo_step> steps;
  for (const credits_write& one : writes) {
    if (one.which == mapping::account)
      continue;
    undo_step step{.key = {one.which, one.key}};
    if (one.which == mapping::bonded) {
      const auto at = std::ranges::find(inserted_, one.key);
      if (!one.value && at != inserted_.end()) {
        step.erased_at = static_cast<std::size_t>(at - inserted_.begin());
        inserted_.erase(at);
      } else if (one.value && !entry(mapping::bonded, one.key)) {
        step.was_inserted = true;
        inserted_.push_back(one.key);
      }
    }
    const auto [place, is_new] = changed_.try_emplace(step.key);
    step.was_changed = !is_new;
    step.changed_to = std::exchange(place->second, one.value);
    steps.push_back(std::move(step));
  }
  return steps;
}

void credits_overlay::take_back(const std::vector<undo_step>& steps) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step->was_changed)
      changed_[step->key] = step->changed_to;
    else
      changed_.erase(step->key);
    if (step->was_inserted)
      inserted_.pop_back();
    if (step->erased_at)
      inserted_.insert(inserted_.begin() + static_cast<std::ptrdiff_t>(*step->erased_at),
                       step->key.second);
  }
}

namespace {

using change_map = std::map<std::pair<mapping, address>, std::optional<credits_value>>;

/// The table with the changes of one mapping merged in; `convert` makes its values.
template <class Value, class Convert>
sorted_table<Value> merge_table(const sorted_table<Value>& before, const change_map& changed,
                                mapping which, Convert convert) {
  std::map<address, Value> merged(before.begin(), before.end());
  for (auto at = changed.lower_bound({which, address{}});
       at != changed.end() && at->first.first == which; ++at)
    if (at->second)
      merged[at->first.second] = convert(*at->second);
    else
      merged.erase(at->first.second);
  return {merged.begin(), merged.end()};
}

struct bond {
  address validator;
  std::uint64_t amount = 0;
};

sorted_table<bond> bonds_of(const stake_state& state) {
  const stake_register& who = state.who();
  sorted_table<bond> bonds(who.stakers.size());
  for (std::size_t i = 0; i < bonds.size(); ++i)
    bonds[i] = {who.stakers[i], {who.validators[who.validator_of[i]].who, state.amounts()[i]}};
  return bonds;
}

std::vector<validator> validators_of(const sorted_table<bond>& bonds,
                                     const sorted_table<credits_value>& members) {
  std::set<address> named;
  for (const auto& [staker, one] : bonds)
    named.insert(one.validator);
  for (const auto& [member, state] : members)
    named.insert(member);
  std::vector<validator> made;
  for (const address& one : named) {
    const credits_value* member = find_in(members, one);
    made.push_back({one, member != nullptr, member && member->is_open,
                    member ? member->commission : std::uint8_t{0}});
  }
  return made;
}

sorted_table<credits_value> members_of(const stake_register& who) {
  sorted_table<credits_value> members;
  for (const validator& one : who.validators)
    if (one.is_member)
      members.push_back({one.who, {.commission = one.commission, .is_open = one.is_open}});
  return members;
}

std::uint32_t position_of(const std::vector<validator>& validators, const address& who) {
  const auto at = std::ranges::lower_bound(validators, who, {}, &validator::who);
  return static_cast<std::uint32_t>(at - validators.begin());
}

} // namespace

std::optional<credits_overlay::merged> credits_overlay::merge() const {
  const stake_register& old = before_->who();
  const auto as_it_is = [](const credits_value& value) { return value; };
  const sorted_table<bond> bonds =
      merge_table(bonds_of(*before_), changed_, mapping::bonded, [](const credits_value& value) {
        return bond{value.who, value.amount};
      });
  stake_register next;
  next.validators =
      validators_of(bonds, merge_table(members_of(old), changed_, mapping::committee, as_it_is));
  next.withdraw = merge_table(old.withdraw, changed_, mapping::withdraw,
                              [](const credits_value& value) { return value.who; });
  next.unbonding =
      merge_table(old.unbonding, changed_, mapping::unbonding, [](const credits_value& value) {
        return unbonding_entry{value.amount, value.height};
      });
  if (const auto count = entry(mapping::metadata, small_address(members_key)))
    next.member_count = count->height;
  if (const auto count = entry(mapping::metadata, small_address(delegators_key)))
    next.delegator_count = count->height;
  if (const auto amount = entry(mapping::pool, small_address(pool_key)))
    next.pool = amount->amount;

  std::vector<std::uint64_t> amounts;
  for (const auto& [staker, one] : bonds) {
    next.stakers.push_back(staker);
    next.validator_of.push_back(position_of(next.validators, one.validator));
    amounts.push_back(one.amount);
  }

  // The order of this block's committee: what it inserted stands last.
  std::vector<std::uint32_t> in_block;
  const std::set<address> is_new(inserted_.begin(), inserted_.end());
  for (std::size_t i = 0; i < next.stakers.size(); ++i)
    if (!is_new.contains(next.stakers[i]))
      in_block.push_back(next.validator_of[i]);
  for (const address& staker : inserted_)
    in_block.push_back(position_of(next.validators, find_in(bonds, staker)->validator));
  std::vector<std::uint32_t> order = members_by_first_staker(next.validators, in_block);

  auto state = stake_state::make(std::move(next), std::move(amounts));
  if (!state)
    return std::nullopt;
  return merged{std::move(*state), std::move(order)};
}

} // namespace blockferry::chain::stake
