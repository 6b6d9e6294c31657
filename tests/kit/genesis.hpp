#pragma once

#include "chain/network.hpp"
#include "tests/kit/account.hpp"

#include <vector>

namespace blockferry::kit {

/// A validator and what it has bonded to itself.
struct validator {
  account keys;
  std::uint64_t stake = 10'000'000'000'000; ///< microcredits, at least that
  bool is_open = true;
  std::uint8_t commission = 0; ///< percent
};

/// `count` validators with different keys.
[[nodiscard]] std::vector<validator> make_validators(std::size_t count, std::uint64_t seed);

/// A committee as it stands in blocks (specification 2.3): members in the order given.
struct committee {
  struct member {
    chain::hash address;
    std::uint64_t stake = 0;
    bool is_open = true;
    std::uint8_t commission = 0;
  };
  std::uint64_t starting_round = 0;
  std::vector<member> members;

  [[nodiscard]] std::uint64_t total_stake() const;
  /// Wire bytes from starting round to total stake, and the id over them.
  [[nodiscard]] chain::byte_buffer wire() const;
  [[nodiscard]] chain::hash id() const;
  /// Index of the leader of `round` (specification 7.4).
  [[nodiscard]] std::size_t leader(std::uint64_t round) const;
};

/// Committee at genesis: validators by address, starting round 0.
[[nodiscard]] committee genesis_committee(const std::vector<validator>& validators);

/// Block 0 of a network of one's own, signed by the first validator: the committee bonded to
/// itself, some public balances, no transaction.
[[nodiscard]] chain::byte_buffer make_genesis(const chain::network& net,
                                              const std::vector<validator>& validators);

} // namespace blockferry::kit
