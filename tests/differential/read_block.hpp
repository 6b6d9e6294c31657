#pragma once

#include "chain/body/body.hpp"
#include "chain/front.hpp"
#include "chain/transactions/transaction.hpp"

#include <optional>

namespace blockferry::differential {

/// A block as views into its bytes.
struct read_block {
  chain::block_front front;
  chain::body_head head;
  chain::transactions_area transactions;
  chain::byte_view aborted; ///< transaction ids
};

/// None if it is no block.
[[nodiscard]] std::optional<read_block> read(chain::byte_view block);

} // namespace blockferry::differential
