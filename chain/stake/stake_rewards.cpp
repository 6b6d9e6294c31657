#include "chain/stake/stake_state.hpp"

namespace blockferry::chain::stake {

namespace {

__extension__ using wide = unsigned __int128;

/// Least stake of a delegator that gains, and most that one gains in a block, in microcredits.
constexpr std::uint64_t delegator_stake_min = 10'000'000'000;
constexpr std::uint64_t gain_max = 190'258'739;

/// a * reward / total for many a, without a division each.
///
/// With k = floor(2^64 reward / total), the high half of a k is the quotient or one less: what k
/// loses is below 1, so a k / 2^64 loses less than a / 2^64 < 1.  The remainder tells which.
class share_of_reward {
public:
  share_of_reward(std::uint64_t reward, std::uint64_t total)
      : reward_(reward), total_(total), fits_(reward < total && total < std::uint64_t{1} << 63),
        factor_(fits_ ? static_cast<std::uint64_t>((wide{reward} << 64) / total) : 0) {}

  std::uint64_t operator()(std::uint64_t amount) const {
    if (!fits_)
      return static_cast<std::uint64_t>(wide{amount} * reward_ / total_);
    const auto quotient = static_cast<std::uint64_t>((wide{amount} * factor_) >> 64);
    const std::uint64_t remainder = amount * reward_ - quotient * total_;
    return quotient + (remainder >= total_ ? 1 : 0);
  }

private:
  std::uint64_t reward_;
  std::uint64_t total_;
  bool fits_;
  std::uint64_t factor_;
};

/// Commission of each rewarded validator; `unrewarded` for one whose stakers gain nothing.
constexpr std::uint32_t unrewarded = 0xffffffff;

} // namespace

bool stake_state::reward(std::uint64_t block_reward) {
  const std::vector<validator>& validators = who_->validators;
  std::uint64_t total = 0;
  for (std::size_t v = 0; v < validators.size(); ++v)
    if (validators[v].is_member && __builtin_add_overflow(total, delegated_[v], &total))
      return false;
  if (block_reward == 0 || total == 0)
    return true;

  std::vector<std::uint32_t> commission(validators.size(), unrewarded);
  for (std::size_t v = 0; v < validators.size(); ++v)
    if (validators[v].is_member && delegated_[v] <= total / 4)
      commission[v] = validators[v].commission;

  const share_of_reward share{block_reward, total};
  // A validator's own bond gains by another rule; it is kept out of the loop over all stakers.
  std::vector<std::uint64_t> own(validators.size());
  for (std::size_t v = 0; v < validators.size(); ++v) {
    const std::uint32_t at = who_->own_bond[v];
    if (at == no_bond)
      continue;
    own[v] = amounts_[at];
    const std::uint64_t gain = share(own[v]);
    if (commission[v] == unrewarded || gain > gain_max)
      continue;
    const std::uint64_t others = share(delegated_[v] - own[v]);
    const wide sum = wide{own[v]} + gain + wide{others} * commission[v] / 100;
    if (sum >> 64 != 0)
      return false;
    own[v] = static_cast<std::uint64_t>(sum);
  }

  std::vector<std::uint64_t> sums(validators.size());
  bool overflow = false;
  for (std::size_t i = 0; i < amounts_.size(); ++i) {
    const std::uint32_t v = who_->validator_of[i];
    std::uint64_t amount = amounts_[i];
    if (commission[v] != unrewarded && amount >= delegator_stake_min) {
      const std::uint64_t gain = share(amount);
      if (gain <= gain_max) // 28 bits, so 32-bit products below do not overflow 64
        overflow |= __builtin_add_overflow(amount, gain - gain * commission[v] / 100, &amount);
    }
    if (who_->own_bond[v] == i)
      amount = own[v];
    amounts_[i] = amount;
    overflow |= __builtin_add_overflow(sums[v], amount, &sums[v]);
  }
  delegated_ = std::move(sums);
  return !overflow;
}

} // namespace blockferry::chain::stake
