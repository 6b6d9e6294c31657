#pragma once

#include "chain/stake/credits_overlay.hpp"
#include "chain/stake/following.hpp"
#include "tests/kit/genesis.hpp"
#include "tests/kit/solutions.hpp"
#include "tests/kit/transactions.hpp"

#include <map>
#include <span>

namespace blockferry::kit {

/// The mappings of credits.aleo of a made chain: public balances, and by the rules of chain/stake
/// all that committees follow from.  The reference checker judges both by rules of its own.
class ledger {
public:
  explicit ledger(const genesis_parts& genesis);

  [[nodiscard]] std::uint64_t balance(const chain::hash& who) const;
  [[nodiscard]] const chain::stake::stake_state& stakes() const;
  /// The committee whose stakes count in `round`, at most two rounds beyond the last block's.
  [[nodiscard]] const chain::stake::committee& committee_for(std::uint64_t round) const;

  /// Appends the finalize operations of the next block's calls and fees to its transactions, in
  /// their order.  Throws std::logic_error for a call that no block could have accepted.
  void execute(chain::height_t height, std::vector<made_transaction>& transactions);

  /// Pays the rewards of that block; gives the operations of the puzzle reward.
  struct block_end {
    chain::height_t height = 0;
    std::uint64_t round = 0;
    std::uint64_t block_reward = 0;
    std::uint64_t puzzle_reward = 0;
    std::span<const made_solution> solutions;
  };
  [[nodiscard]] std::vector<finalize_operation> end_block(const block_end& block);

private:
  [[nodiscard]] finalize_operation balance_update(const chain::hash& who);
  void apply(const chain::stake::credits_call& call, chain::stake::credits_overlay& now,
             chain::height_t height, std::vector<finalize_operation>& out);

  std::map<chain::hash, std::uint64_t> balances_;
  chain::stake::committee_following following_;
  std::vector<chain::stake::staking_transaction> staking_; ///< of the block that is being made
};

} // namespace blockferry::kit
