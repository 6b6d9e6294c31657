#pragma once

#include "chain/bytes.hpp"

namespace blockferry::chain {

/// Unsigned 128-bit, as two halves: a plain value that every message and codec can carry.
struct uint128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const uint128&, const uint128&) = default;
};

/// A header's metadata (specification 2.1, offsets 258 to 344).
struct metadata {
  std::uint16_t network_id = 0;
  std::uint64_t round = 0;
  height_t height = 0;
  uint128 cumulative_weight;
  uint128 cumulative_proof_target;
  std::uint64_t coinbase_target = 0;
  std::uint64_t proof_target = 0;
  std::uint64_t last_coinbase_target = 0;
  std::int64_t last_coinbase_timestamp = 0; ///< Unix seconds
  std::int64_t timestamp = 0;               ///< Unix seconds
  friend bool operator==(const metadata&, const metadata&) = default;
};

} // namespace blockferry::chain
