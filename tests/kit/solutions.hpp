#pragma once

#include "chain/bytes.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace blockferry::kit {

/// A solution (specification 2.4).  Its target is what it says: that the puzzle gives it takes the
/// epoch's program, which neither a node without a VM nor the reference checker runs.
struct made_solution {
  chain::hash epoch_hash;
  chain::hash prover;
  std::uint64_t counter = 0;
  std::uint64_t target = 0;

  [[nodiscard]] std::uint64_t id() const;
};

/// `solutions` of a block, at most 4.
[[nodiscard]] chain::byte_buffer wire_of(std::span<const made_solution> solutions);
/// solutions_root (specification 4.3).
[[nodiscard]] chain::hash solutions_root(std::span<const made_solution> solutions);

} // namespace blockferry::kit
