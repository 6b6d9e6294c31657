#pragma once

#include "chain/body/body.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/transactions/transaction.hpp"

#include <optional>

namespace blockferry::chain {

/// What occurs twice in a block though it must not (specification 6.1), or nothing.
[[nodiscard]] std::optional<broken_rule> check_duplicates(const transactions_area& block,
                                                          const body_head& head,
                                                          byte_view aborted_transactions);

} // namespace blockferry::chain
