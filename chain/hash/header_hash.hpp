#pragma once

#include "chain/bytes.hpp"

#include <cstddef>
#include <span>

namespace blockferry::chain {

/// Bytes of a block that its hash depends on (specification 2.1): everything before the authority.
constexpr std::size_t front_bytes = 346;

/// Block hashes recomputed from headers (specification 4.1), `out` as long as `fronts`.  Each front
/// has at least `front_bytes` bytes, and its fields are below the modulus.
void block_hashes(std::span<const byte_view> fronts, std::span<hash> out);

} // namespace blockferry::chain
