#pragma once

#include "chain/checks.hpp"
#include "signed_chain.hpp"

#include <functional>
#include <map>

namespace blockferry::differential {

/// Alters the block of `signed_chain::with_transactions` so that one check alone refuses it: what
/// else sees the change is bound and signed anew.
using breaker = std::function<void(const signed_chain& made, chain::byte_buffer& block)>;

/// The height whose block they expect: two executions with fees, a deployment, a known committee.
constexpr chain::height_t broken_height = 54;

/// For each check of `header` and above that one block after right ones can break.
[[nodiscard]] const std::map<chain::check, breaker>& breakers();

/// Seeds of mutants from here on stand for the breaker of the check whose bit they add, so that the
/// reference checker judges these blocks too; with none, for the block itself.
constexpr std::uint64_t first_breaker_seed = 90'000'000;
[[nodiscard]] mutant broken_block(const signed_chain& made, std::uint64_t seed);

/// An input has an id and no value: readers take it, verification does not (specification 2.6).
[[nodiscard]] breaker leaves_out_a_value();

} // namespace blockferry::differential
