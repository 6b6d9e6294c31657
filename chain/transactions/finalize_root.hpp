#pragma once

#include "chain/body/body.hpp"
#include "chain/transactions/transaction.hpp"

#include <optional>
#include <span>
#include <vector>

namespace blockferry::chain {

/// A block whose finalize root is asked for.
struct finalize_block {
  const transactions_area* transactions = nullptr;
  const body_head* head = nullptr;
};

/// The finalize root of each block (specification 4.5), of all in common; none where it takes
/// balances that the block does not have: with a puzzle reward.  A block with more ratified
/// operations than a tree has leaves gets a value that no header can have.
[[nodiscard]] std::vector<std::optional<hash>>
finalize_roots(std::span<const finalize_block> blocks);

} // namespace blockferry::chain
