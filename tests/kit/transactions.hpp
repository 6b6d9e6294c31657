#pragma once

#include "chain/stake/stake_facts.hpp"
#include "tests/kit/account.hpp"
#include "tests/kit/commitments.hpp"
#include "tests/kit/transition_maker.hpp"

#include <optional>
#include <random>
#include <vector>

namespace blockferry::kit {

/// A transaction of a block: the confirmed one's bytes after its index, and what commits to it.
struct made_transaction {
  std::uint8_t confirmed_kind = 1;
  chain::byte_buffer transaction; ///< version byte to end
  chain::hash id;
  std::vector<finalize_operation> operations;
  chain::byte_buffer rejected;    ///< of kinds 2 and 3: what the fee transaction stands for
  chain::byte_buffer sent;        ///< likewise: the transaction as it was sent
  chain::hash sent_id;            ///< its id, of any kind
  std::uint64_t priority_fee = 0; ///< microcredits
  std::vector<chain::stake::credits_call> calls{}; ///< public ones of an accepted execution
  std::optional<chain::stake::credits_call> fee{}; ///< a public fee's

  /// The bytes whose checksum a batch has (specification 6.2).
  [[nodiscard]] const chain::byte_buffer& as_sent() const {
    return sent.empty() ? transaction : sent;
  }
};

/// An accepted `credits.aleo/split` without a fee, of about `bytes` bytes, at most 76,000: its
/// proof is as long as needed.
[[nodiscard]] made_transaction split_transaction(std::size_t bytes, std::mt19937_64& random);

/// Who pays what, in microcredits; a payer pays from a public balance, nobody with a record.
struct fee_terms {
  std::optional<chain::hash> payer;
  std::uint64_t base = 0;
  std::uint64_t priority = 0;
};

/// An execution to be: its transitions, and what of it changes public balances or stakes.
struct made_execution {
  std::vector<made_transition> transitions;
  std::vector<chain::stake::credits_call> calls;
};
[[nodiscard]] made_transaction execute_transaction(std::uint16_t network_id,
                                                   const made_execution& execution,
                                                   const fee_terms& fee, bool accepted,
                                                   std::mt19937_64& random);

/// A deployment as the consensus version `version` wants it, signed by its owner.
[[nodiscard]] made_transaction deploy_transaction(std::uint16_t network_id, std::uint8_t version,
                                                  std::string_view name, const account& owner,
                                                  const fee_terms& fee, bool accepted,
                                                  std::mt19937_64& random);

/// `transactions` of a block (specification 2.5).
[[nodiscard]] chain::byte_buffer wire_of(const std::vector<made_transaction>& transactions);

/// First 16 bytes of SHA3-256 (specification 6.2).
[[nodiscard]] chain::byte_buffer checksum_of(chain::byte_view bytes);

} // namespace blockferry::kit
