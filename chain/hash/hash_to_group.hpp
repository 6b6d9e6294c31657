#pragma once

#include "chain/math/curve.hpp"

#include <span>

namespace blockferry::chain {

/// A point of the subgroup from fields (specification 3.6, hash to group): what chooses a leader.
[[nodiscard]] point hash_to_group(std::span<const field> input);

} // namespace blockferry::chain
