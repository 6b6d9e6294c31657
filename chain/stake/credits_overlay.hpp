#pragma once

#include "chain/stake/stake_state.hpp"

#include <map>

namespace blockferry::chain::stake {

/// One write of a finalize block; no value means removal.
struct credits_write {
  mapping which = mapping::committee;
  address key;
  std::optional<credits_value> value;
  friend bool operator==(const credits_write&, const credits_write&) = default;
};

/// The mappings while the transactions of one block change them: the state before the block, and
/// what was written since.
class credits_overlay {
public:
  explicit credits_overlay(const stake_state& before) : before_(&before) {}

  [[nodiscard]] std::optional<credits_value> entry(mapping which, const address& key) const;
  /// What takes one write back.
  struct undo_step {
    std::pair<mapping, address> key;
    bool was_changed = false; ///< this block had written the key before, namely `changed_to`
    std::optional<credits_value> changed_to{};
    std::optional<std::size_t> erased_at{}; ///< place in `inserted` that the key had
    bool was_inserted = false;              ///< the key was added to `inserted`
  };
  /// Writes to `account` are passed over: it is not followed.
  std::vector<undo_step> apply(const std::vector<credits_write>& writes);
  /// Takes back what `apply` returned; the latest first.
  void take_back(const std::vector<undo_step>& steps);
  [[nodiscard]] bool untouched() const noexcept { return changed_.empty(); }

  /// Stakers inserted by this block that are still there, in that order; they stand last in
  /// `bonded` until the block ends (specification 7.5).
  [[nodiscard]] const std::vector<address>& inserted() const noexcept { return inserted_; }

  /// The state after the block's transactions, and the order of the committee that this block
  /// stores.  None where a sum exceeds 64 bits.
  struct merged {
    stake_state state;
    std::vector<std::uint32_t> member_order;
  };
  [[nodiscard]] std::optional<merged> merge() const;

private:
  using changes = std::map<std::pair<mapping, address>, std::optional<credits_value>>;

  const stake_state* before_;
  changes changed_;
  std::vector<address> inserted_;
};

} // namespace blockferry::chain::stake
