#pragma once

#include "chain/stake/stake_facts.hpp"

#include <optional>
#include <span>
#include <string>

namespace blockferry::chain::stake {

/// Least stake of a member, in microcredits.
constexpr std::uint64_t member_stake_min = 10'000'000'000'000;
constexpr std::size_t members_min = 3;
/// A committee is in force this many rounds after it was stored.
constexpr std::uint64_t lookback_rounds = 100;

/// Validators with their stakes (specification 7.3).
class committee {
public:
  /// None where the members are too few, one has too little, or the total exceeds 64 bits.
  [[nodiscard]] static std::optional<committee> make(std::uint64_t starting_round,
                                                     std::vector<committee_member> members);

  [[nodiscard]] std::uint64_t starting_round() const noexcept { return starting_round_; }
  /// In the stored order, on which the id depends.
  [[nodiscard]] const std::vector<committee_member>& members() const noexcept { return members_; }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  /// None for an address that is no member.
  [[nodiscard]] std::optional<std::uint64_t> stake_of(const address& who) const noexcept;
  /// Stake that makes a certificate genuine: floor(2 total / 3) + 1.
  [[nodiscard]] std::uint64_t quorum_threshold() const noexcept;
  /// Stake that makes a leader due: floor((total + 2) / 3).
  [[nodiscard]] std::uint64_t availability_threshold() const noexcept;
  /// Specification 7.4.  Costs two square roots.
  [[nodiscard]] address leader(std::uint64_t round) const;
  /// The member that a draw (any 64 bits) falls on.
  [[nodiscard]] address member_drawn(std::uint64_t draw) const;
  /// Specification 4.2.  Costs a hash over all members.
  [[nodiscard]] hash id() const;

  friend bool operator==(const committee&, const committee&) = default;

private:
  committee() = default;

  std::uint64_t starting_round_ = 0;
  std::vector<committee_member> members_;
  std::uint64_t total_ = 0;
};

/// The round whose committee counts for `round` (specification 7.3).
[[nodiscard]] std::uint64_t lookback_round(std::uint64_t round) noexcept;

/// A timestamp with the stake behind it.
struct weighted_timestamp {
  std::int64_t timestamp = 0;
  std::uint64_t stake = 0;
  friend auto operator<=>(const weighted_timestamp&, const weighted_timestamp&) = default;
};

/// The first timestamp at which half of the stakes are reached (specification 6.3); none of none.
[[nodiscard]] std::optional<std::int64_t> weighted_median(std::vector<weighted_timestamp> stamps);

} // namespace blockferry::chain::stake
