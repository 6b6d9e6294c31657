#pragma once

#include "chain/body/subdag_links.hpp"
#include "chain/front.hpp"
#include "chain/metadata_rules.hpp"

namespace blockferry::chain {

/// Rules of specification 2.2, 6.1 and 10.2 on one subdag: ids distinct, leader, rounds, previous
/// ids, one committee id a round, certificates a round, all reached from the leader.
[[nodiscard]] std::optional<broken_rule> check_subdag(const network& net, const block_front& front,
                                                      const subdag& of, const subdag_links& links);

/// The order of certificates that consensus version 18 fixes (specification 10.5); earlier blocks
/// may have any.
[[nodiscard]] std::optional<broken_rule> check_certificate_order(const network& net,
                                                                 height_t height, const subdag& of,
                                                                 const subdag_links& links);

/// Every batch id recomputed (specification 4.6), for the certificates first .. first + count - 1.
[[nodiscard]] std::optional<broken_rule> check_batch_ids(const subdag& of, std::size_t first,
                                                         std::size_t count);

/// Recomputed over the ids (specification 4.6); zero without a subdag.
[[nodiscard]] std::optional<broken_rule> check_subdag_root(const block_front& front,
                                                           const subdag* of);

/// Previous ids that lead out of the subdag and must be in earlier blocks (specification 6.3), each
/// once.
[[nodiscard]] std::vector<stake::outside_certificate>
outside_certificates(const subdag& of, const subdag_links& links);

} // namespace blockferry::chain
