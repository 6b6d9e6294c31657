#pragma once

#include "tests/kit/transactions.hpp"

#include <initializer_list>

namespace blockferry::kit {

/// Calls of credits.aleo (specification 4.5 and 7.5): the functions that leave a future.
enum class credits_name : std::uint8_t {
  transfer_public,
  transfer_public_as_signer,
  transfer_public_to_private,
  transfer_private_to_public,
  bond_validator,
  bond_public,
  unbond_public,
  claim_unbond_public,
  set_validator_state,
};

/// What a call is made of; each function uses the parts that it has.
struct credits_arguments {
  std::vector<chain::hash> who; ///< in the order of the future's arguments
  std::uint64_t amount = 0;     ///< microcredits
  std::uint8_t commission = 0;  ///< percent
  bool is_open = false;
};

/// An execution of one call.
[[nodiscard]] made_execution credits_execution(std::uint16_t network_id, credits_name name,
                                               const credits_arguments& with,
                                               std::mt19937_64& random);

} // namespace blockferry::kit
