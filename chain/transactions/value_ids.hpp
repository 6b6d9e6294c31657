#pragma once

#include "chain/metadata_rules.hpp"
#include "chain/transactions/transaction.hpp"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace blockferry::chain {

/// Compares each value with the id that binds it (specification 4.4), and refuses one that a reader
/// may miss but verification demands (2.6), of all transitions, those of rejected executions too,
/// and of many blocks in common.  One result a block: what breaks first, or nothing.  Where `stop`
/// asks, which is looked at between values of about a megabyte and between the rounds of hashes,
/// the results mean nothing.
[[nodiscard]] std::vector<std::optional<broken_rule>>
check_value_ids(std::uint16_t network_id, std::span<const transactions_area* const> blocks,
                const std::stop_token& stop = {});

} // namespace blockferry::chain
