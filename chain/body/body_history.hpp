#pragma once

#include "chain/checked_blocks.hpp"
#include "chain/metadata_rules.hpp"

#include <optional>

namespace blockferry::chain {

/// What a body's checks need of the blocks before it; what is missing is not known.
struct body_context {
  const metadata* previous = nullptr;
  const hash* epoch_hash = nullptr;
};

/// Checks of one body, read before, against the block before it: solutions, rewards, rounds without
/// a gap (specification 6.3, 6.4).  Gives which of them were made; the rest are unmade.  To
/// `certificate_history` it can only add to what the certificates themselves show, so where that
/// one is unmade here, it is unmade.
[[nodiscard]] expected<check_record, broken_rule>
check_body_history(const network& net, const body_context& before, const metadata& header,
                   const body_facts& body, const stake::block_votes& votes);

/// The epoch hash after a block (specification 6.3): its previous hash where an epoch begins.
void follow_epoch(const network& net, const block_facts& block, std::optional<hash>& epoch_hash);

} // namespace blockferry::chain
