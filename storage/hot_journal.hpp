#pragma once

#include "storage/raw_file.hpp"

#include <array>

namespace blockferry::storage {

/// The first bytes of a database file (https://sqlite.org/fileformat2.html, section 1.3).
using file_header = std::array<std::uint8_t, 100>;

/// What the journal of a database that was not closed says about it.
struct hot_journal {
  bool present = false; ///< there is a journal with bytes in it: SQLite may first recover
  /// The database's first bytes as recovery will leave them, where the journal holds their page.
  /// In the file itself a power cut may have torn them.
  std::optional<file_header> first_bytes;
  /// Pages of the database when the transaction began: recovery cuts it back to that.
  std::optional<std::uint32_t> pages;
};

/// Reads the rollback journal beside a database; recovers nothing.
[[nodiscard]] result<hot_journal> read_hot_journal(const std::string& database,
                                                   const std::string& vfs);

} // namespace blockferry::storage
