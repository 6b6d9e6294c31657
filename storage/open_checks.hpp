#pragma once

#include "storage/store_rows.hpp"

#include <filesystem>

namespace blockferry::storage {

/// The fixed bytes of the header alone: `store_damaged`, `store_foreign`, `store_newer`, or passes.
[[nodiscard]] result<void> check_header(const std::filesystem::path& path);

/// That there is a store to read in the folder, by the header alone; `invalid_argument` where
/// there is none.
[[nodiscard]] result<void> check_store_there(const std::filesystem::path& folder);

/// Lets SQLite recover what a dead node left, if it left something.  The caller holds the lock.
[[nodiscard]] result<void> recover(const std::filesystem::path& folder);
/// Whether it left something.
[[nodiscard]] bool recovery_pending(const std::filesystem::path& folder);

/// What can refuse a start without a lock and without recovery: fixed bytes of the file's header,
/// and an immutable read of the identity, which never changes.  Passes where there is no database
/// yet.
[[nodiscard]] result<void> check_before_lock(const std::filesystem::path& folder,
                                             const store_identity& wanted, const std::string& vfs);

/// `store_below_floor` if some block's record does not reach the floor.
[[nodiscard]] result<void> check_floor(const state_row& row, chain::level floor);

/// The level that every block of the store has.
[[nodiscard]] chain::level level_of_store(const state_row& row);

} // namespace blockferry::storage
