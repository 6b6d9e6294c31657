#pragma once

#include "chain/body/body.hpp"
#include "chain/metadata_rules.hpp"

#include <span>

namespace blockferry::chain {

/// What the walk leaves: whether every transmission is in the block or listed as aborted.  If not,
/// some must be known from earlier blocks (specification 6.2).
struct walked {
  bool all_explained = true;
};

/// The walk of specification 6.2, which binds a quorum block's solutions and transactions, with all
/// their bytes, to its subdag.  `aborted_transactions` holds ids of 32 bytes.
[[nodiscard]] expected<walked, broken_rule>
walk_transmissions(const body_head& body, std::span<const transaction_facts> transactions,
                   byte_view aborted_transactions);

} // namespace blockferry::chain
