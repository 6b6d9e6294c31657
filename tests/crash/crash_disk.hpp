#pragma once

#include "storage/file_system.hpp"
#include "tests/crash/disk_model.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace blockferry::crash {

/// What goes wrong with an operation that changes the disk, or with a read.
enum class fault_kind : std::uint8_t { io_error, no_space, short_write, failed_sync, failed_read };
constexpr std::size_t changing_fault_kinds = 4; ///< the first ones
[[nodiscard]] const char* to_string(fault_kind one);

/// At which operation (or read), counted from 0, and whether at every later one as well.
struct fault {
  fault_kind what{};
  std::size_t at = 0;
  bool sticky = false;
};

/// A disk in memory, as an SQLite VFS and the store's port to names: the store and everything above
/// it run on it unchanged.  Behaves as the `unix` VFS does towards SQLite (sector size, power-safe
/// overwrite, the folder synced with a new journal).  Records every operation that changes the
/// disk, can stop before any of them, and can make any of them fail, and any read: of bytes, of a
/// size, of a name that is looked for or opened.  One thread at a time; any number of disks at
/// once.
///
///     crash_disk disk;
///     options.files = disk.files();             // then open_store, sync, ...
///     disk_image left = disk.power_cut(damage::garbage, random);
///     crash_disk next{left};                    // and start again on what is left
class crash_disk {
public:
  explicit crash_disk(disk_image start = {});
  ~crash_disk();
  crash_disk(const crash_disk&) = delete;
  crash_disk& operator=(const crash_disk&) = delete;

  /// For `store_options::files`.  Keeps the disk's VFS registered while it lives.
  [[nodiscard]] std::shared_ptr<storage::file_system> files() const;

  /// What was done, from the first operation on.  Grows only.
  [[nodiscard]] const std::vector<operation>& log() const;
  [[nodiscard]] const disk_image& start() const noexcept { return start_; }
  /// How many reads there were, those that failed included.
  [[nodiscard]] std::size_t reads() const;

  /// From the operation `at` on, nothing is done any more: each fails as an I/O error.
  void stop_before(std::size_t at);
  void stop_now();
  void inject(fault one);
  /// Syncs say that they were done, and are not: a disk that lies.
  void lie_about_syncs();
  /// Called before each operation, with its number; for whoever wants to know where he is.
  void on_operation(std::function<void(std::size_t)> hook);

  /// What the running system sees.
  [[nodiscard]] disk_image current() const;
  /// What a power cut at this moment leaves.
  [[nodiscard]] disk_image power_cut(damage how, random_source& random) const;

  class state; // the VFS, for the implementation alone

private:
  disk_image start_;
  std::shared_ptr<state> state_;
};

/// Whether this thread is inside a disk: for those who let allocations fail, but not a disk's.
[[nodiscard]] bool in_disk() noexcept;

} // namespace blockferry::crash
