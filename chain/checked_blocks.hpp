#pragma once

#include "chain/bytes.hpp"
#include "chain/checks.hpp"
#include "chain/metadata.hpp"
#include "chain/stake/stake_facts.hpp"

#include <string>
#include <vector>

namespace blockferry::chain {

/// What the pipeline and the store need of one block; its bytes stay in the bundle.
struct block_facts {
  height_t height = 0;
  hash block_hash;
  hash previous_hash;
  std::int64_t timestamp = 0; ///< Unix seconds, as the block says
  std::uint64_t offset = 0;   ///< of the block's first byte in the bundle
  std::uint32_t size = 0;     ///< bytes
  check_record record;
  /// What following the committees needs of it, encoded for the store; empty below `consensus`.
  byte_buffer stakes{};
  friend bool operator==(const block_facts&, const block_facts&) = default;
};

/// A perfect subtree of the block tree (specification 5).
struct subtree {
  std::uint8_t height = 0; ///< 2^height leaves
  hash root;
  friend bool operator==(const subtree&, const subtree&) = default;
};

/// What the checks of a body against the block before need (specification 6.3, 6.4); amounts in
/// microcredits.
struct body_facts {
  std::vector<hash> epoch_hashes;                 ///< of the solutions, each once
  std::uint64_t least_target = ~std::uint64_t{0}; ///< of the solutions
  uint128 weight;                                 ///< sum of their targets
  uint128 priority_fees;
  std::uint64_t block_reward = 0;
  std::uint64_t puzzle_reward = 0;
  std::string unread; ///< why the transactions were not read, and the fees are not known; or empty
  friend bool operator==(const body_facts&, const body_facts&) = default;
};

/// The result of `rules::check_bundle`: plain values, contiguous heights.
struct checked_blocks {
  std::uint32_t file_blocks = 0;   ///< blocks in the whole file
  std::vector<block_facts> blocks; ///< those of the wanted that the file has
  std::vector<metadata> headers;   ///< one per block; the rules between two blocks read them
  hash first_solutions_root;       ///< of blocks[0], for the same rules against the block before it
  std::vector<hash> previous_state_roots; ///< one per block, as claimed; step 3 recomputes them
  std::vector<hash> leaves;      ///< block tree leaves, one per block; empty below `header`
  std::vector<subtree> subtrees; ///< the leaves folded into maximal aligned subtrees, left to right
  /// One per block; empty below `consensus`.  Step 2 follows the committees by the first, step 3
  /// judges the second by them.
  std::vector<stake::block_stakes> stakes;
  std::vector<stake::block_votes> votes;
  std::vector<body_facts> bodies; ///< one per block; empty below `consensus`
  level floor = level::header;    ///< as asked for
  check_set required;             ///< as asked for
  friend bool operator==(const checked_blocks&, const checked_blocks&) = default;
};

} // namespace blockferry::chain
