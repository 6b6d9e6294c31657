#pragma once

#include "storage/file_system.hpp"
#include "storage/store_rows.hpp"

#include <filesystem>

namespace blockferry::storage {

/// The fixed bytes of the header alone: `store_damaged`, `store_foreign`, `store_newer`, or passes.
/// With a journal that SQLite has yet to recover from, the bytes are those that recovery will
/// leave, and what only recovery can tell passes.  `invalid_argument` for a link.
[[nodiscard]] result<void> check_header(const std::filesystem::path& path,
                                        const file_system& files);

/// What an opened store is asked to be.
struct wanted_store {
  const store_identity& identity;
  bool start_given = false; ///< an existing store must begin where the identity says
};

/// `store_other_network` or `store_other_start`.
[[nodiscard]] result<void> check_identity(const std::filesystem::path& path,
                                          const store_identity& found, const wanted_store& wanted);

/// That there is a store to read in the folder, by the header alone; `invalid_argument` where
/// there is none.
[[nodiscard]] result<void> check_store_there(const std::filesystem::path& folder,
                                             const file_system& files);

/// Refuses (`store_damaged`) a journal that was begun on another state of the database, or on
/// another database: SQLite would play it back all the same, over blocks that are committed.  Also
/// passes where the journal or a torn first page does not tell.  The caller holds the lock.
[[nodiscard]] result<void> check_journal(const std::filesystem::path& folder,
                                         const file_system& files);

/// Lets SQLite recover what a dead node left, if it left something.  The caller holds the lock.
[[nodiscard]] result<void> recover(const std::filesystem::path& folder, const file_system& files);
/// Whether it left something.
[[nodiscard]] result<bool> recovery_pending(const std::filesystem::path& folder,
                                            const file_system& files);

/// What can refuse a start without a lock and without recovery: fixed bytes of the file's header,
/// and an immutable read of the identity, which never changes.  Passes where there is no database
/// yet, but not where one is missing beside its journal.
[[nodiscard]] result<void> check_before_lock(const std::filesystem::path& folder,
                                             const wanted_store& wanted, const file_system& files);

/// `store_below_floor` if some block's record does not reach the floor.
[[nodiscard]] result<void> check_floor(const state_row& row, chain::level floor);

/// The level that every block of the store has.
[[nodiscard]] chain::level level_of_store(const state_row& row);

} // namespace blockferry::storage
