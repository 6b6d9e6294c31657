#pragma once

#include "storage/sqlite.hpp"

namespace blockferry::storage {

/// Bytes written since the last snapshot of the committees, or since following began.
struct stake_progress {
  std::uint64_t block_bytes = 0;
  std::uint64_t stake_bytes = 0; ///< what is kept beside the blocks
};

/// Whether a snapshot of at most `snapshot_bytes` is to be written now: when all that the
/// committees cost stays below 5 % of the blocks' bytes, and where even what is kept beside the
/// blocks costs more, when the snapshots stay below 1 %.  So a start replays a bounded run of
/// blocks.
[[nodiscard]] bool snapshot_due(const stake_progress& since, std::uint64_t snapshot_bytes) noexcept;

/// Writes the snapshot of the state, in the place of the one before.
[[nodiscard]] result<void> write_snapshot(connection& database, const chain::chain_state& state);

struct followed_rows {
  chain::stake::followed followed;
  stake_progress since;
};

/// What is followed up to the last block: the snapshot and the rows after it, not yet replayed.
/// Time and memory are bounded by `snapshot_due`, not by the chain's length.
[[nodiscard]] result<followed_rows> read_followed(connection& database,
                                                  const chain::chain_state& state);

} // namespace blockferry::storage
