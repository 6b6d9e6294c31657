#pragma once

#include "storage/store_walk.hpp"

namespace blockferry::storage {

/// A block's record as it is to stand.
struct raised_record {
  height_t height = 0;
  chain::check_record record;
  chain::byte_buffer stakes;
};

/// Replaces records of committed blocks by higher ones, in groups of one transaction each.  Until
/// `finish`, the state row says less than the records and the store says that it is being raised;
/// the store is whole at any moment, for a node too.  Used under the lock of a `store_walk`.
class record_raise {
public:
  [[nodiscard]] static result<record_raise> open(const std::filesystem::path& folder,
                                                 const file_system& files = *real_file_system());

  /// Adds records in the order of heights; commits the group before them when it is large enough.
  [[nodiscard]] result<void> add(std::vector<raised_record> records);
  /// Commits the last group with the state that the records give.
  [[nodiscard]] result<void> finish(const state_row& row);

private:
  explicit record_raise(connection database) : database_(std::move(database)) {}
  [[nodiscard]] result<void> write_group();
  [[nodiscard]] result<void> commit_group();

  connection database_;
  std::vector<raised_record> group_;
};

} // namespace blockferry::storage
