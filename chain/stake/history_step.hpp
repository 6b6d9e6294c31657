#pragma once

#include "chain/chain_state.hpp"
#include "chain/stake/committee_checks.hpp"

#include <stop_token>

namespace blockferry::chain::stake {

/// What is followed after the blocks (step 2 of chain/rules.hpp); nothing where they carry no
/// stakes, below the level `consensus`.
[[nodiscard]] followed follow(const chain_state& before, const checked_blocks& blocks);

/// Judges the blocks by the committees before them (step 3 of chain/rules.hpp), and adds what was
/// made and what could not be to `records`, one per block.  Nothing below the level `consensus`.
[[nodiscard]] expected<void, check_failure> judge_votes(const chain_state& before,
                                                        const checked_blocks& blocks,
                                                        std::stop_token stop,
                                                        std::span<check_record> records);

} // namespace blockferry::chain::stake
