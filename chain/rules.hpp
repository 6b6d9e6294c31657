#pragma once

#include "chain/chain_state.hpp"
#include "chain/checked_blocks.hpp"
#include "chain/failure.hpp"

#include <stop_token>

namespace blockferry::chain {

/// What one call of `rules::check_bundle` is to judge.
struct bundle_job {
  byte_view bytes;             ///< the whole file, as fetched
  height_t file_start;         ///< height that the file's first block must have
  height_range wanted;         ///< those of the file's blocks to judge; the file may end before
  level floor = level::header; ///< checks of this level and below are made
  check_set required;          ///< checks that must be made even where a floor excuses them
};

/// The seam between the pipeline and a chain's blocks: the actors know this interface and nothing
/// below it.  Implementations hold only constants and caches that never change a verdict; every
/// function is const, may be called from any number of threads at once, does no I/O and never
/// throws but for `std::bad_alloc`.
///
/// A bundle passes in three steps.  1 and 3 cost the time and run in parallel and out of order; 2
/// is cheap and runs in chain order:
///
///     1 check_bundle    everything that needs no block before the bundle
///     2 extend          links the bundle to the state before it and gives the state after it
///     3 check_history   everything that needs the state before the bundle
class rules {
public:
  virtual ~rules() = default;

  /// Step 1.  Gives up, with `failure_kind::cancelled`, between two blocks and inside one at least
  /// every 256 signatures or 1 MB of body.
  [[nodiscard]] virtual expected<checked_blocks, check_failure>
  check_bundle(const bundle_job& job, std::stop_token stop) const = 0;

  /// Step 2.  At most some dozen hashes a bundle.
  [[nodiscard]] virtual expected<chain_state, check_failure>
  extend(const chain_state& before, const checked_blocks& blocks) const = 0;

  /// Step 3.  One final record per block, in order: `blocks.blocks[i].record` and what history
  /// added. Refuses a block whose record lacks a check that the floor or `required` demands.
  [[nodiscard]] virtual expected<std::vector<check_record>, check_failure>
  check_history(const chain_state& before, const checked_blocks& blocks,
                std::stop_token stop) const = 0;
};

} // namespace blockferry::chain
