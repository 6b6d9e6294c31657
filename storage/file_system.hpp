#pragma once

#include "messages/errors.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace blockferry::storage {

template <class T>
using result = tl::expected<T, failure>;

/// Port: the SQLite VFS through which every file of a store is opened, read, synced and removed,
/// and the little that a VFS has no call for.  Implementations may be called from several threads.
class file_system {
public:
  virtual ~file_system() = default;

  /// A registered SQLite VFS by name; empty: the default one.
  [[nodiscard]] virtual std::string vfs() const = 0;
  /// Refuses (`invalid_argument`) a database that is a symbolic link or has several names: SQLite
  /// looks for its journal beside the name it was given.  Passes where there is no such file.
  [[nodiscard]] virtual result<void> check_names(const std::filesystem::path& path) const = 0;
  /// Readable and writable by its owner, readable by its group.
  [[nodiscard]] virtual result<void> set_mode(const std::filesystem::path& path) = 0;
  /// Atomic; durable once the folder is synced.
  [[nodiscard]] virtual result<void> rename(const std::filesystem::path& from,
                                            const std::filesystem::path& to) = 0;
  [[nodiscard]] virtual result<void> sync_folder(const std::filesystem::path& folder) = 0;
  /// What this user may still write; none if that cannot be told.
  [[nodiscard]] virtual std::optional<std::uint64_t>
  free_bytes(const std::filesystem::path& folder) const = 0;
};

/// The operating system's.
[[nodiscard]] std::shared_ptr<file_system> real_file_system();

} // namespace blockferry::storage
