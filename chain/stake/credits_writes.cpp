#include "chain/stake/credits_writes.hpp"

namespace blockferry::chain::stake {

namespace {

/// Collects the writes of one call.  What cannot be makes the whole list unfit and goes on with
/// zeros, so that the effects below read like their specification.
class write_list {
public:
  write_list(const credits_overlay& now, height_t height) : now_(now), height_(height) {}

  [[nodiscard]] bool has(mapping which, const address& key) const {
    return now_.entry(which, key).has_value();
  }
  [[nodiscard]] credits_value old(mapping which, const address& key) const {
    return now_.entry(which, key).value_or(credits_value{});
  }
  credits_value demand(mapping which, const address& key) {
    const auto found = now_.entry(which, key);
    fits_ = fits_ && found.has_value();
    return found.value_or(credits_value{});
  }
  void demand(bool condition) { fits_ = fits_ && condition; }

  template <class Number>
  Number plus(Number a, Number b) {
    Number sum{};
    fits_ = !__builtin_add_overflow(a, b, &sum) && fits_;
    return sum;
  }
  template <class Number>
  Number minus(Number a, Number b) {
    Number difference{};
    fits_ = !__builtin_sub_overflow(a, b, &difference) && fits_;
    return difference;
  }

  void set(mapping which, const address& key, const credits_value& value) {
    writes_.push_back({which, key, value});
  }
  void remove(mapping which, const address& key) { writes_.push_back({which, key, std::nullopt}); }
  void set_delegated(const address& v, std::uint64_t amount) {
    set(mapping::delegated, v, {.amount = amount});
  }
  void set_bonded(const address& s, const address& v, std::uint64_t amount) {
    set(mapping::bonded, s, {.who = v, .amount = amount});
  }
  /// The value is not followed.
  void touch_account(const address& who) { set(mapping::account, who, {}); }
  void count_up(std::uint8_t which) {
    const address key = small_address(which);
    const std::uint32_t count = old(mapping::metadata, key).height;
    set(mapping::metadata, key, {.height = plus(count, 1U)});
  }
  void count_down(std::uint8_t which) {
    const address key = small_address(which);
    const std::uint32_t count = demand(mapping::metadata, key).height;
    set(mapping::metadata, key, {.height = minus(count, 1U)});
  }
  void unbond(const address& who, std::uint64_t amount) {
    const std::uint64_t before = old(mapping::unbonding, who).amount;
    set(mapping::unbonding, who,
        {.amount = plus(before, amount), .height = plus(height_, unbonding_blocks)});
  }

  std::optional<std::vector<credits_write>> take() {
    return fits_ ? std::optional{std::move(writes_)} : std::nullopt;
  }

private:
  const credits_overlay& now_;
  height_t height_;
  std::vector<credits_write> writes_;
  bool fits_ = true;
};

/// The validator drops out with all its own stake; its delegators stay bonded to it.
void leave(write_list& list, const address& v, std::uint64_t total) {
  const std::uint64_t own = list.demand(mapping::bonded, v).amount;
  list.remove(mapping::committee, v);
  list.count_down(members_key);
  list.set_delegated(v, list.minus(total, own));
  list.remove(mapping::bonded, v);
  list.unbond(v, own);
}

void bond_validator(write_list& list, const credits_call& call) {
  const address &v = call.who[0], &withdrawal = call.who[1];
  const bool was_member = list.has(mapping::committee, v);
  if (!was_member) {
    list.demand(call.commission <= 100);
    list.set(mapping::withdraw, v, {.who = withdrawal});
    list.count_up(members_key);
  }
  list.set(mapping::committee, v,
           was_member ? list.old(mapping::committee, v)
                      : credits_value{.commission = call.commission, .is_open = true});
  list.set_delegated(v, list.plus(list.old(mapping::delegated, v).amount, call.amount));
  list.set_bonded(v, v, list.plus(list.old(mapping::bonded, v).amount, call.amount));
  list.touch_account(v);
}

void bond_public(write_list& list, const credits_call& call) {
  const address &s = call.who[0], &v = call.who[1], &withdrawal = call.who[2];
  if (!list.has(mapping::bonded, s)) {
    list.set(mapping::withdraw, s, {.who = withdrawal});
    list.count_up(delegators_key);
  }
  list.set_bonded(s, v, list.plus(list.old(mapping::bonded, s).amount, call.amount));
  list.touch_account(s);
  list.set_delegated(v, list.plus(list.old(mapping::delegated, v).amount, call.amount));
}

/// Whether taking `amount` from `have` leaves less than `least`.
bool leaves_less(std::uint64_t have, std::uint64_t amount, std::uint64_t least) {
  return have < amount || have - amount < least;
}

void unbond_validator(write_list& list, const address& v, std::uint64_t have, std::uint64_t n) {
  const std::uint64_t total = list.demand(mapping::delegated, v).amount;
  if (leaves_less(have, n, validator_own_min) || leaves_less(total, n, member_stake_min)) {
    leave(list, v, total);
    return;
  }
  list.unbond(v, n);
  list.set_delegated(v, total - n);
  list.set_bonded(v, v, have - n);
}

void unbond_delegator(write_list& list, const credits_call& call, const address& v,
                      std::uint64_t have) {
  const address &caller = call.who[0], &s = call.who[1];
  const bool forced =
      list.has(mapping::withdraw, v) && list.old(mapping::withdraw, v).who == caller;
  const bool all = forced || leaves_less(have, call.amount, delegator_bond_min);
  const std::uint64_t amount = all ? have : call.amount;
  const std::uint64_t total = list.minus(list.demand(mapping::delegated, v).amount, amount);
  list.unbond(s, amount);
  list.set_delegated(v, total);
  if (all) {
    list.remove(mapping::bonded, s);
    list.count_down(delegators_key);
  } else {
    list.set_bonded(s, v, have - amount);
  }
  if (total < member_stake_min && list.has(mapping::committee, v))
    leave(list, v, total);
}

void claim(write_list& list, const address& s) {
  list.touch_account(list.demand(mapping::withdraw, s).who);
  list.demand(list.has(mapping::unbonding, s));
  list.remove(mapping::unbonding, s);
  if (!list.has(mapping::bonded, s))
    list.remove(mapping::withdraw, s);
}

} // namespace

std::optional<std::vector<credits_write>> writes_of(const credits_call& call,
                                                    const credits_overlay& now, height_t height) {
  write_list list{now, height};
  switch (call.function) {
  case credits_function::bond_validator:
    bond_validator(list, call);
    break;
  case credits_function::bond_public:
    bond_public(list, call);
    break;
  case credits_function::unbond_public: {
    const credits_value bonded = list.demand(mapping::bonded, call.who[1]);
    if (bonded.who == call.who[1])
      unbond_validator(list, bonded.who, bonded.amount, call.amount);
    else
      unbond_delegator(list, call, bonded.who, bonded.amount);
    break;
  }
  case credits_function::claim_unbond_public:
    claim(list, call.who[0]);
    break;
  case credits_function::set_validator_state: {
    credits_value state = list.demand(mapping::committee, call.who[0]);
    state.is_open = call.is_open;
    list.set(mapping::committee, call.who[0], state);
    break;
  }
  case credits_function::upgrade: {
    const address key = small_address(pool_key);
    list.set(mapping::pool, key,
             {.amount = list.plus(list.old(mapping::pool, key).amount, call.amount)});
    break;
  }
  case credits_function::move_between:
    list.touch_account(call.who[0]);
    list.touch_account(call.who[1]);
    break;
  case credits_function::move_out:
    list.touch_account(call.who[0]);
    break;
  case credits_function::move_in:
    list.touch_account(call.who[1]);
    break;
  case credits_function::unknown:
    list.demand(false);
    break;
  }
  return list.take();
}

} // namespace blockferry::chain::stake
