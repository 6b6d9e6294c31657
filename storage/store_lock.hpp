#pragma once

#include "storage/store.hpp"

#include <filesystem>
#include <string_view>

namespace blockferry::storage {

/// Name of the lock file in a store's folder.
inline constexpr const char* lock_name = "lock";

/// The right to write to a store: an exclusive lock on a file in its folder, held by one node at a
/// time, in this process or another.  The file names its holder.  Released by the destructor, or by
/// the system when the process dies; the file of a node stays.
class store_lock {
public:
  /// `store_locked`, naming the holder, if somebody has it.  Changes no byte of an existing file.
  [[nodiscard]] static result<store_lock> acquire(const std::filesystem::path& folder);
  store_lock(store_lock&& other) noexcept;
  store_lock& operator=(store_lock&&) = delete;
  ~store_lock();

  /// Writes who holds it; called once nothing can refuse the start any more.  Without it, the
  /// destructor removes the file if `acquire` made it: a refused start leaves no name.
  void name_holder();

private:
  store_lock(int descriptor, std::filesystem::path path, bool created)
      : descriptor_(descriptor), path_(std::move(path)), created_(created) {}

  int descriptor_;
  std::filesystem::path path_;
  bool created_;
};

/// The holder as the lock file names it; empty if nobody holds it now.
[[nodiscard]] std::string lock_holder(const std::filesystem::path& folder);
/// Whether that is a node, which names itself; others hold the lock to read, or just start.
[[nodiscard]] bool is_node(std::string_view holder) noexcept;

} // namespace blockferry::storage
