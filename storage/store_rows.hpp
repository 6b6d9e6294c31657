#pragma once

#include "storage/sqlite.hpp"
#include "storage/stake_rows.hpp"

namespace blockferry::storage {

/// The row that every commit rewrites.
struct state_row {
  chain::chain_state state; ///< after the last block
  std::uint64_t block_count = 0;
  chain::check_set covered{~std::uint64_t{0}}; ///< in every block made, or excused
  chain::check_set unmade;                     ///< in some block not made
  bool clean = true;
  stake_progress since_snapshot; ///< counted while the store is open
};

struct store_rows {
  state_row state;
  resume_point resume;
};

/// Reads what a start needs, and checks that it fits together.
[[nodiscard]] result<store_rows> read_rows(connection& database);
[[nodiscard]] result<state_row> read_state(connection& database);
[[nodiscard]] result<void> write_state(connection& database, const state_row& row);

/// Brings `next` up to date with the bundle's blocks.
void advance(state_row& next, const verified_bundle& bundle);
/// Inserts the bundle's blocks.
[[nodiscard]] result<void> write_blocks(connection& database, const verified_bundle& bundle);
/// Inserts the record of where the blocks came from, or extends that of the same file.
[[nodiscard]] result<void> write_bundle(connection& database, const verified_bundle& bundle);

/// The part of its file that the store has once `last` is in; none when it is whole.
[[nodiscard]] std::optional<known_part> known_after(const verified_bundle& last);

/// What one block adds to `state_row::covered`.
[[nodiscard]] chain::check_set covered_by(const chain::check_record& record);

} // namespace blockferry::storage
