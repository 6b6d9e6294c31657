#pragma once

#include "storage/hash_index.hpp"
#include "storage/reader.hpp"
#include "storage/store_lock.hpp"

#include <stop_token>

namespace blockferry::storage {

/// A block's row without its bytes.
struct walked_block {
  height_t height = 0;
  chain::hash block_hash;
  std::int64_t timestamp = 0;
  chain::check_record record;
  chain::byte_buffer stakes;
};

/// What the store has of one file: its record, the rows of its blocks, and their bytes framed as a
/// file that begins at `record.taken.first`.
struct walked_file {
  bundle_record record;
  std::vector<walked_block> blocks;
  chain::byte_buffer bytes;
};

/// Reads a store at rest from its first block to its last, once, under the lock.  One thread at a
/// time, but for `check_file`, which has a connection of its own.  A database error on the way
/// means damage at or behind `next_height()`.
class store_walk {
public:
  /// Takes the lock (`store_locked` on a live store) and lets SQLite recover.
  [[nodiscard]] static result<store_walk> open(const std::filesystem::path& folder,
                                               const file_system& files = *real_file_system());

  [[nodiscard]] const store_identity& identity() const noexcept { return identity_; }
  /// The state before the first block.
  [[nodiscard]] const chain::chain_state& begin() const noexcept { return begin_; }
  /// State, tip, committees, receipt: what a start reads, and whether it fits together.
  [[nodiscard]] result<store_rows> rows();

  /// Whether records are being raised: then the state row may say less than the records do.
  [[nodiscard]] result<bool> raising();

  /// Goes on with the file that holds `height`.
  void seek(height_t height);
  /// The next file, with its blocks without a gap; none behind the last.
  [[nodiscard]] result<std::optional<walked_file>> next();
  /// The height that the next block has.
  [[nodiscard]] height_t next_height() const noexcept { return next_height_; }

  /// For the blocks that `next` gave, from the first one on.
  [[nodiscard]] hash_index_check index_check() { return hash_index_check{database_}; }
  /// SQLite's own check of the file; ends early, and passes, when `stop` fires.
  [[nodiscard]] result<void> check_file(std::stop_token stop);

private:
  store_walk(store_lock lock, connection database, connection checker, store_identity identity,
             chain::chain_state begin)
      : lock_(std::move(lock)), database_(std::move(database)), checker_(std::move(checker)),
        identity_(std::move(identity)), begin_(std::move(begin)),
        next_height_(identity_.start_height) {}

  [[nodiscard]] result<void> read_blocks(walked_file& into);
  [[nodiscard]] result<void> expect_no_more_blocks();

  store_lock lock_;
  connection database_;
  connection checker_;
  store_identity identity_;
  chain::chain_state begin_;
  height_t next_height_;
};

} // namespace blockferry::storage
