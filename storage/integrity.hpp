#pragma once

#include "storage/sqlite.hpp"
#include "storage/store_lock.hpp"

#include <filesystem>

namespace blockferry::storage {

/// What an offline check of the store's own structure needs besides the chain's rules: SQLite's
/// integrity check, and records against each other: heights without a gap, bundles against blocks,
/// hash index against blocks, tip and counts.  Takes the lock: on a live store it is
/// `store_locked`.
class offline_check {
public:
  [[nodiscard]] static result<offline_check> open(const std::filesystem::path& folder,
                                                  const file_system& files = *real_file_system());

  /// SQLite's own check of the file.
  [[nodiscard]] result<void> check_file();
  /// Records against each other.
  [[nodiscard]] result<void> check_records();
  /// SHA-256 over the content in the order of keys: equal for equal content, however it was
  /// written.
  [[nodiscard]] result<chain::hash> content_digest();

private:
  offline_check(store_lock lock, connection database)
      : lock_(std::move(lock)), database_(std::move(database)) {}

  store_lock lock_;
  connection database_;
};

} // namespace blockferry::storage
