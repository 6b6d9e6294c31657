#pragma once

#include "chain/network.hpp"
#include "tests/kit/account.hpp"

#include <utility>
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

/// One who has bonded to a validator.
struct delegator {
  account keys;
  std::size_t validator = 0;            ///< which
  std::uint64_t stake = 10'000'000'000; ///< microcredits, at least that
};

/// What genesis gives to whom.
struct genesis_parts {
  std::vector<validator> validators;
  std::vector<delegator> delegators;
  std::vector<std::pair<chain::hash, std::uint64_t>> balances; ///< public, microcredits
};

/// These validators, bonded to themselves, with a thousand credits each.
[[nodiscard]] genesis_parts genesis_of(std::vector<validator> validators);

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
};

/// Committee at genesis: validators by address, starting round 0, stakes with the delegators'.
[[nodiscard]] committee committee_at(const genesis_parts& genesis);

/// A bond; what is unbonded goes to the staker.
struct bond {
  chain::hash staker;
  chain::hash validator;
  std::uint64_t amount = 0; ///< microcredits
};
/// Those at genesis: the validators' by address, then the delegators'.
[[nodiscard]] std::vector<bond> bonds_at(const genesis_parts& genesis);

/// Block 0 of a network of one's own, signed by the first validator: bonds and public balances, no
/// transaction.
[[nodiscard]] chain::byte_buffer make_genesis(const chain::network& net,
                                              const genesis_parts& genesis);
[[nodiscard]] chain::byte_buffer make_genesis(const chain::network& net,
                                              std::vector<validator> validators);

} // namespace blockferry::kit
