#pragma once

#include "chain/stake/credits_overlay.hpp"

#include <span>

namespace blockferry::chain::stake {

/// Most calls tried for one transaction; an honest one needs few more than it has futures, because
/// the operations leave no choice.
constexpr std::size_t settle_tries_max = 10'000;

/// Applies one transaction's calls in an order whose writes are exactly the listed operations, the
/// fee's last (specification 7.5, Order and Operations).  False, and nothing applied, where there
/// is none: then something is not as the specification describes it.
[[nodiscard]] bool settle(credits_overlay& now, const staking_transaction& transaction,
                          height_t height, id_memo& ids);

/// Whether `writes` are the operations at the front of `listed`: kind, mapping, key and value;
/// of `account` the value is not known.
[[nodiscard]] bool are_listed(std::span<const credits_write> writes,
                              std::span<const credits_operation> listed, id_memo& ids);

} // namespace blockferry::chain::stake
