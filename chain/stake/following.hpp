#pragma once

#include "chain/stake/certificate_window.hpp"
#include "chain/stake/committee.hpp"
#include "chain/stake/stake_state.hpp"

#include <memory>
#include <string>
#include <variant>

namespace blockferry::chain::stake {

/// Committees and the stakes they follow from, block by block since genesis.
class committee_following {
public:
  /// Unknown from the start, for a chain entered after genesis.
  [[nodiscard]] static committee_following unknown(std::string why);
  /// Before genesis.
  committee_following() = default;

  /// Follows the next block.  Where an effect cannot be explained, the committees of this and later
  /// blocks are unknown, with the reason; nothing is guessed.
  void add(height_t height, const block_stakes& block);

  /// The committee that counts for `round` (its lookback round is applied here); null where it is
  /// unknown or no longer kept.
  [[nodiscard]] const committee* for_round(std::uint64_t round) const;

  /// The round of the last block.
  [[nodiscard]] std::uint64_t last_round() const noexcept { return last_round_; }
  /// The last round at which it is known which committee is in force.
  [[nodiscard]] std::uint64_t known_to() const noexcept { return known_to_; }
  /// Why the committees of later blocks will be unknown; empty while they are known.
  [[nodiscard]] const std::string& lost() const noexcept { return lost_; }
  /// Stakes after the last block, unless lost or before genesis.
  [[nodiscard]] const std::optional<stake_state>& stakes() const noexcept { return stakes_; }

  /// A committee and the first round at which it is in force.
  struct dated {
    std::uint64_t since = 0;
    std::shared_ptr<const committee> who;
    friend bool operator==(const dated& a, const dated& b) {
      return a.since == b.since && (a.who == b.who || *a.who == *b.who);
    }
  };
  /// Those that a later block may ask for, rising.
  [[nodiscard]] const std::vector<dated>& committees() const noexcept { return committees_; }

  /// As stored; none where the parts do not fit together.
  [[nodiscard]] static std::optional<committee_following>
  restore(std::uint64_t last_round, std::uint64_t known_to, std::string lost,
          std::optional<stake_state> stakes, std::vector<dated> committees);

  friend bool operator==(const committee_following&, const committee_following&) = default;

private:
  /// Each gives the reason why it could not, or nothing.
  std::string start(const genesis_stakes& genesis);
  std::string apply_transactions(height_t height, const block_stakes& block,
                                 std::vector<std::uint32_t>& member_order);
  std::string apply_reward(const block_stakes& block,
                           const std::vector<std::uint32_t>& member_order);
  void forget_old();

  std::uint64_t last_round_ = 0;
  std::uint64_t known_to_ = 0;
  std::string lost_;
  std::optional<stake_state> stakes_;
  std::vector<dated> committees_;
};

/// All that the checks against committees and earlier certificates need of the blocks so far.
struct following {
  committee_following committees;
  certificate_window certificates;
  void add(height_t height, const block_stakes& block) {
    committees.add(height, block);
    certificates.add(block.round, block.certificates);
  }
  friend bool operator==(const following&, const following&) = default;
};

/// Rounds back from a block's own that its certificates' committees may lie: the subdag's length,
/// the lookback, and the step to the even round before.
constexpr std::uint64_t committee_rounds_kept = subdag_rounds_max + lookback_rounds + 2;

} // namespace blockferry::chain::stake
