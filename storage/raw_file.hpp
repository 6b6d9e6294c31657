#pragma once

#include "storage/sqlite.hpp"

#include <optional>
#include <span>
#include <string>

struct sqlite3_file;
struct sqlite3_vfs;

namespace blockferry::storage {

/// A file of a store as bytes, through its SQLite VFS.  Never `open` such a file in another way: to
/// close any descriptor of it drops every POSIX lock that this process holds on it, and with them
/// the protection of a node in the same process (https://sqlite.org/howtocorrupt.html, 2.2).
class raw_file {
public:
  /// None if there is no such file.
  [[nodiscard]] static result<std::optional<raw_file>> open(const std::string& path,
                                                            const std::string& vfs);
  [[nodiscard]] result<std::uint64_t> size();
  /// Fills `out` from `offset` on, with zeros behind the end of the file.
  [[nodiscard]] result<void> read(std::uint64_t offset, std::span<std::uint8_t> out);
  /// What was written to the file survives power loss.
  [[nodiscard]] result<void> sync();

private:
  struct name_closer {
    void operator()(const char* name) const noexcept;
  };
  struct closer {
    void operator()(sqlite3_file* file) const noexcept;
  };
  raw_file() = default;
  [[nodiscard]] failure error(int code, const char* doing) const;

  std::unique_ptr<const char, name_closer> name_; ///< the VFS keeps the pointer
  std::unique_ptr<sqlite3_file, closer> file_;
  sqlite3_vfs* vfs_ = nullptr;
};

/// Removes a file; one that is not there is fine.
[[nodiscard]] result<void> remove_file(const std::string& path, const std::string& vfs);

} // namespace blockferry::storage
