#pragma once

#include "chain/stake/committee.hpp"
#include "chain/stake/credits_ids.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace blockferry::chain::stake {

/// Addresses rising, each with its value.
template <class Value>
using sorted_table = std::vector<std::pair<address, Value>>;

/// The entry of `key`, or null.
template <class Value>
[[nodiscard]] const Value* find_in(const sorted_table<Value>& table, const address& key) {
  const auto at = std::ranges::lower_bound(
      table, key, {}, [](const auto& one) -> const address& { return one.first; });
  return at != table.end() && at->first == key ? &at->second : nullptr;
}

/// One to whom stakers are bonded: a member of the committee, one who left it, or one to come.
struct validator {
  address who;
  bool is_member = false; ///< has an entry in `committee`
  bool is_open = false;
  std::uint8_t commission = 0; ///< percent
  friend bool operator==(const validator&, const validator&) = default;
};

/// microcredits and the height from which they can be claimed
struct unbonding_entry {
  std::uint64_t amount = 0;
  std::uint32_t height = 0;
  friend bool operator==(const unbonding_entry&, const unbonding_entry&) = default;
};

constexpr std::uint32_t no_bond = 0xffffffff;

/// What only staking transactions change, of the mappings of specification 7.5.
struct stake_register {
  std::vector<validator>
      validators;               ///< rising by address; all that a staker names, and all members
  std::vector<address> stakers; ///< keys of `bonded`, rising
  std::vector<std::uint32_t> validator_of; ///< per staker, position in `validators`
  std::vector<std::uint32_t> member_order; ///< members in the order of their first staker
  std::vector<std::uint32_t>
      own_bond; ///< per validator, position of its bond to itself, or `no_bond`
  sorted_table<address> withdraw;
  sorted_table<unbonding_entry> unbonding;
  std::optional<std::uint32_t> member_count;    ///< metadata[A0]
  std::optional<std::uint32_t> delegator_count; ///< metadata[A2]
  std::optional<std::uint64_t> pool;
  friend bool operator==(const stake_register&, const stake_register&) = default;
};

/// The mappings of credits.aleo but for `account`, between two blocks.  The register is shared by
/// the states of all blocks until a staking transaction changes it; rewards change the amounts
/// alone.
class stake_state {
public:
  stake_state() : who_(std::make_shared<const stake_register>()) {}
  /// Completes `member_order` and `own_bond`.  `amounts` has one entry per staker.  None where a
  /// sum exceeds 64 bits.
  [[nodiscard]] static std::optional<stake_state> make(stake_register who,
                                                       std::vector<std::uint64_t> amounts);

  [[nodiscard]] const stake_register& who() const noexcept { return *who_; }
  /// Bonded microcredits, per staker.
  [[nodiscard]] const std::vector<std::uint64_t>& amounts() const noexcept { return amounts_; }
  /// Sum of what is bonded, per validator: the mapping `delegated`.
  [[nodiscard]] const std::vector<std::uint64_t>& delegated() const noexcept { return delegated_; }

  /// The entry of a mapping other than `account`; none if there is none.
  [[nodiscard]] std::optional<credits_value> entry(mapping which, const address& key) const;

  /// Adds the block reward (specification 7.3).  False where a sum exceeds 64 bits.
  [[nodiscard]] bool reward(std::uint64_t block_reward);

  /// The committee that a block of this round stores; members in `order` (positions in
  /// `validators`).
  [[nodiscard]] std::optional<committee> committee_at(std::uint64_t round,
                                                      std::span<const std::uint32_t> order) const;

  friend bool operator==(const stake_state& a, const stake_state& b) {
    return a.amounts_ == b.amounts_ && (a.who_ == b.who_ || *a.who_ == *b.who_);
  }

private:
  [[nodiscard]] bool sum_up();

  std::shared_ptr<const stake_register> who_;
  std::vector<std::uint64_t> amounts_;
  std::vector<std::uint64_t> delegated_;
};

/// Members of the committee in the order of their first staker; `validator_of` per staker.
[[nodiscard]] std::vector<std::uint32_t>
members_by_first_staker(std::span<const validator> validators,
                        std::span<const std::uint32_t> validator_of);

/// The keys of `metadata` and `pool`: addresses whose x is 0 and 2.
[[nodiscard]] inline address small_address(std::uint8_t x) {
  address made;
  made.bytes[0] = x;
  return made;
}
constexpr std::uint8_t members_key = 0, delegators_key = 2, pool_key = 0;

} // namespace blockferry::chain::stake
