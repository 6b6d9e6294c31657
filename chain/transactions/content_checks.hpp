#pragma once

#include "chain/body/body.hpp"
#include "chain/front.hpp"
#include "chain/transactions/ids.hpp"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace blockferry::chain {

/// The checks of level `content` alone.
[[nodiscard]] check_set content_checks();

/// A block whose ids were computed and compared.
struct content_block {
  const block_front* front = nullptr;
  const body_head* head = nullptr;
  const transactions_area* transactions = nullptr;
  const transactions_ids* ids = nullptr;
  byte_view aborted_transactions; ///< ids of 32 bytes
};

/// What the checks of level `content` found in one block.
struct content_verdict {
  std::optional<broken_rule> broken; ///< what breaks first
  check_record record;               ///< those of level `content` alone
};

/// All checks of level `content` (values, owners, fees, finalize root, deployments, duplicates) of
/// many blocks in common; one verdict each.  Stops early, with fewer verdicts, where `stop` asks.
[[nodiscard]] std::vector<content_verdict>
check_content(const network& net, std::span<const content_block> blocks, std::stop_token stop = {});

} // namespace blockferry::chain
