#pragma once

#include "chain/body/body.hpp"
#include "chain/checked_blocks.hpp"
#include "chain/front.hpp"
#include "chain/metadata_rules.hpp"

#include <span>

namespace blockferry::chain {

/// Ratifications of one block (specification 2.3, 4.2): ids distinct, root, committee id; one
/// genesis ratification in genesis and none later.
[[nodiscard]] std::optional<broken_rule> check_ratifications(const block_front& front,
                                                             const body_head& body);

/// Solutions of one block (specification 2.4, 4.3): ids distinct, root.
[[nodiscard]] std::optional<broken_rule> check_solutions(const block_front& front,
                                                         std::span<const solution> solutions);

/// That a later block ratifies a block reward, then a puzzle reward, and nothing else: more would
/// be new money that no rule of 6.4 covers (specification 2.3: no others are produced).
[[nodiscard]] std::optional<broken_rule> check_reward_kinds(height_t height, const body_head& body);

/// What the checks against the block before need of this one.  `priority_fees` in microcredits.
[[nodiscard]] body_facts facts_of(const body_head& body, const uint128& priority_fees);

/// Solutions against the block before (specification 6.3): targets, their sum, and the epoch hash
/// where it is known.
[[nodiscard]] std::optional<broken_rule>
check_solution_targets(const metadata& previous, const metadata& header, const body_facts& body,
                       const std::optional<hash>& epoch_hash);

/// Block and puzzle reward (specification 6.4).
[[nodiscard]] std::optional<broken_rule> check_rewards(const network& net, const metadata& previous,
                                                       const metadata& header,
                                                       const body_facts& body);

/// The anchor reward and what follows from it, for tests against the reference: microcredits.
struct block_rewards {
  uint128 block; ///< with the priority fees
  uint128 puzzle;
};
[[nodiscard]] block_rewards rewards_of(const network& net, const metadata& previous,
                                       const metadata& header, const uint128& weight,
                                       const uint128& priority_fees);

} // namespace blockferry::chain
