#pragma once

#include "chain/stake/stake_facts.hpp"

namespace blockferry::chain::stake {

/// Rounds that a subdag may span, and for which earlier certificates must be known (specification
/// 2.2 and 6.3).
constexpr std::uint64_t subdag_rounds_max = 100;

/// The certificates of the latest rounds of all blocks so far: what previous ids that lead out of a
/// block may name.
class certificate_window {
public:
  /// Before genesis: complete from round 0 on.
  certificate_window() = default;
  /// Before a block that is not genesis: complete only from that block's own round on.
  [[nodiscard]] static certificate_window from_the_middle();

  enum class answer : std::uint8_t { known, missing, before_the_window };
  [[nodiscard]] answer look_up(std::uint64_t round, const hash& id) const;

  /// Adds a block's certificates and forgets the rounds that no later block can name.
  void add(std::uint64_t block_round, const std::vector<round_certificates>& certificates);

  /// Rounds below this one are not complete; none while nothing was added in the middle.
  [[nodiscard]] const std::optional<std::uint64_t>& complete_from() const noexcept {
    return complete_from_;
  }
  /// Rising, each round once, its ids rising.
  [[nodiscard]] const std::vector<round_certificates>& rounds() const noexcept { return rounds_; }
  /// As stored; none where the rounds or ids do not rise.
  [[nodiscard]] static std::optional<certificate_window>
  restore(std::optional<std::uint64_t> complete_from, std::vector<round_certificates> rounds);

  friend bool operator==(const certificate_window&, const certificate_window&) = default;

private:
  std::optional<std::uint64_t> complete_from_ = 0;
  std::vector<round_certificates> rounds_;
};

} // namespace blockferry::chain::stake
