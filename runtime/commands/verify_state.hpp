#pragma once

#include "runtime/commands/recheck.hpp"

namespace blockferry::runtime {

/// What the state row must say once every block is judged again.
class state_tally {
public:
  explicit state_tally(chain::chain_state begin) : state_(std::move(begin)) {}

  /// The next block's record, as it is to stand in the store.
  void add(const chain::check_record& record);
  void set_state(chain::chain_state after) { state_ = std::move(after); }

  [[nodiscard]] std::uint64_t blocks() const noexcept { return blocks_; }
  [[nodiscard]] const chain::chain_state& state() const noexcept { return state_; }
  /// The row that the blocks give.
  [[nodiscard]] storage::state_row row() const;
  /// Where the stored row says something else; each difference has its own words.  While records
  /// are raised, the row may say less of history, committees and checks than the blocks give.
  [[nodiscard]] std::optional<finding> compare(const storage::state_row& stored,
                                               bool may_say_less) const;

private:
  chain::chain_state state_;
  std::uint64_t blocks_ = 0;
  chain::check_set covered_{~std::uint64_t{0}};
  chain::check_set unmade_;
};

} // namespace blockferry::runtime
