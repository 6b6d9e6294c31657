#pragma once

#include "chain/metadata_rules.hpp"
#include "chain/network.hpp"
#include "chain/transactions/ids.hpp"

#include <optional>

namespace blockferry::chain {

/// The owner's signature over the deployment id, and the owner that a deployment of version 2
/// names (specification 4.4), of each deployment, rejected ones too.
[[nodiscard]] std::optional<broken_rule> check_owners(const transactions_area& block,
                                                      const transactions_ids& ids);

/// Each deployment, rejected ones too, against the consensus version of the block before (10.3);
/// the checksum over its text; the mappings that an accepted one initializes; the size of every
/// transaction.
[[nodiscard]] std::optional<broken_rule> check_deployments(const network& net, height_t height,
                                                           const transactions_area& block);

/// Each fee names the deployment or execution that it pays for (6.1).
[[nodiscard]] std::optional<broken_rule> check_fees(const transactions_area& block,
                                                    const transactions_ids& ids);

} // namespace blockferry::chain
