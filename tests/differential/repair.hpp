#pragma once

#include "chain/bytes.hpp"

namespace blockferry::differential {

/// How much of what commits to a changed part is made right again, so that the change itself is
/// what the checks meet.
enum class repair : std::uint8_t {
  nothing,
  block_hash,
  roots, ///< and the block hash
  ids,   ///< transition, transaction and batch ids, then roots and block hash
};

/// Does it in place, as far as the block can still be read.
void repair_block(chain::byte_buffer& block, repair depth);

/// Transition and transaction ids alone.
void repair_transaction_ids(chain::byte_buffer& block);

} // namespace blockferry::differential
