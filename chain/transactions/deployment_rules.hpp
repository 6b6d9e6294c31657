#pragma once

#include "chain/metadata_rules.hpp"
#include "chain/network.hpp"
#include "chain/transactions/ids.hpp"

#include <optional>
#include <stop_token>

namespace blockferry::chain {

/// The owner's signature over the deployment id, and the owner that a deployment of version 2
/// names (specification 4.4), of each deployment, rejected ones too.  Gives up between two where
/// `stop` asks: nothing found then means nothing.
[[nodiscard]] std::optional<broken_rule> check_owners(const transactions_area& block,
                                                      const transactions_ids& ids,
                                                      const std::stop_token& stop = {});

/// Each deployment, rejected ones too, against the consensus version of the block before (10.3);
/// the checksum over its text; the mappings that an accepted one initializes, and how much else it
/// writes (2.5); the size of every transaction.  Gives up like `check_owners`.
[[nodiscard]] std::optional<broken_rule> check_deployments(const network& net, height_t height,
                                                           const transactions_area& block,
                                                           const std::stop_token& stop = {});

/// Each fee names the deployment or execution that it pays for (6.1), none is missing but of
/// genesis, of a lone `credits.aleo/split` and of a lone `credits.aleo/upgrade`, and that of a
/// rejected transaction is above zero (2.5).
[[nodiscard]] std::optional<broken_rule> check_fees(height_t height, const transactions_area& block,
                                                    const transactions_ids& ids);

} // namespace blockferry::chain
