#pragma once

#include "chain/body/body.hpp"
#include "chain/transactions/transaction.hpp"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace blockferry::chain {

/// A block whose finalize root is asked for.
struct finalize_block {
  const transactions_area* transactions = nullptr;
  const body_head* head = nullptr;
};

/// The finalize root of each block (specification 4.5), of all in common; none where it takes
/// balances that the block does not have: with a puzzle reward.  A block with more ratified
/// operations than a tree has leaves gets a value that no header can have.  No result at all where
/// `stop` asks, which is looked at between some thousand hashes.
[[nodiscard]] std::vector<std::optional<hash>>
finalize_roots(std::span<const finalize_block> blocks, const std::stop_token& stop = {});

} // namespace blockferry::chain
