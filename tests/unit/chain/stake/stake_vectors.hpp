#pragma once

#include "chain/stake/stake_facts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace blockferry::test {

/// A block of a vector file (the format is in make_vectors.py).
struct vector_block {
  chain::height_t height = 0;
  chain::stake::block_stakes stakes;
  chain::stake::block_votes votes;
  std::optional<chain::hash> committee_id; ///< of the leader's certificate
  chain::stake::address leader;
  std::int64_t timestamp = 0;
};

/// Reads a vector file; throws `std::runtime_error` where it cannot.
[[nodiscard]] std::vector<vector_block> read_stake_vectors(const std::string& path);

} // namespace blockferry::test
