#pragma once

#include "chain/front.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/transactions/transaction.hpp"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace blockferry::chain {

/// Ids of one block's transactions, computed from what they commit to (specification 4.4).
struct transactions_ids {
  std::vector<hash> transitions;  ///< one for each of the area's
  std::vector<hash> transactions; ///< one for each confirmed transaction, as the rest
  std::vector<hash> bodies;       ///< deployment or execution ids: what a fee pays for
  std::vector<hash> unconfirmed;  ///< of the transaction as it was sent (6.2)
  hash root;                      ///< transactions_root
};

/// Computes the ids of many blocks in common: one result for each; none at all where `stop` asks,
/// which is looked at between transactions of about a megabyte and between the rounds of hashes.
[[nodiscard]] std::vector<transactions_ids>
compute_ids(std::span<const transactions_area* const> blocks, const std::stop_token& stop = {});

/// Compares with the ids that the block carries, its index numbers, and the root in its header.
[[nodiscard]] std::optional<broken_rule> check_ids(const transactions_area& block,
                                                   const transactions_ids& computed,
                                                   const hash& transactions_root);

/// First 16 bytes of SHA3-256 over the transaction as it was sent, the checksum that a batch has
/// of it (specification 6.2).
[[nodiscard]] uint128 transmission_checksum(const confirmed_transaction& of,
                                            const transactions_area& block,
                                            const hash& unconfirmed_id);
/// Bytes of the transaction as it was sent.
[[nodiscard]] std::size_t unconfirmed_size(const confirmed_transaction& of,
                                           const transactions_area& block);
/// Base fee and what the sender added to it, in microcredits; none where one of them is no public
/// u64.  `of` has a fee.
[[nodiscard]] std::optional<uint128> whole_fee(const confirmed_transaction& of,
                                               const transactions_area& block);
/// What the sender added to the base fee, in microcredits (specification 6.4); 0 without a fee.
[[nodiscard]] std::uint64_t priority_fee(const confirmed_transaction& of,
                                         const transactions_area& block);

/// "at1..", "au1..": names of transaction and transition ids (specification 3.7).
[[nodiscard]] std::string transaction_name(const hash& id);
[[nodiscard]] std::string transition_name(const hash& id);

} // namespace blockferry::chain
