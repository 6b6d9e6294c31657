#pragma once

#include "chain/stake/credits_overlay.hpp"

namespace blockferry::chain::stake {

/// A validator's least stake in all, of its own, and a delegator's least, in microcredits.
constexpr std::uint64_t validator_own_min = 100'000'000;
constexpr std::uint64_t delegator_bond_min = 10'000'000'000;
/// Blocks until what was unbonded can be claimed.
constexpr std::uint32_t unbonding_blocks = 360;

/// The writes of one call in their order, at a block of this height (specification 7.5, Effects).
/// None where no accepted call can have these arguments in this state, or a sum leaves its type.
///
/// Whether it could be rejected is not asked: the block says that it was accepted.
[[nodiscard]] std::optional<std::vector<credits_write>>
writes_of(const credits_call& call, const credits_overlay& now, height_t height);

} // namespace blockferry::chain::stake
