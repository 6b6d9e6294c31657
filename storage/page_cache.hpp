#pragma once

#include <string>

namespace blockferry::storage {

/// Drops a file's written pages from the page cache: a store that grows the cache is slowed down by
/// factors (measured: README.md).  The descriptor must stay open until after the database is
/// closed, for closing any descriptor of a file drops the process's POSIX locks on it.
class page_cache {
public:
  explicit page_cache(const std::string& path);
  /// Readers of the same process, if any, must be closed before it.
  page_cache(page_cache&& other) noexcept;
  page_cache& operator=(page_cache&&) = delete;
  ~page_cache();

  void drop() const noexcept;
  /// Has the disk begin with what was written so far, without waiting for it: the sync of a commit
  /// then finds little left to do.  A matter of time alone; nothing may rely on it.
  void begin_writing() const noexcept;

private:
  int descriptor_; ///< -1: there is nothing to drop (a file of no real file system)
};

} // namespace blockferry::storage
