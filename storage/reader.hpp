#pragma once

#include "storage/file_system.hpp"
#include "storage/store_rows.hpp"

#include <filesystem>
#include <functional>

namespace blockferry::storage {

/// The record of one file.
struct bundle_record {
  height_t file_start = 0;
  height_range taken;
  std::uint32_t file_blocks = 0;
  std::uint64_t file_bytes = 0;
  chain::hash file_sha256;
  chain::hash blocks_sha256;
  std::string url;
  std::int64_t fetched_at_ms = 0;
  std::int64_t committed_at_ms = 0;
};

/// One stored block.
struct stored_block {
  height_t height = 0;
  chain::hash block_hash;
  std::int64_t timestamp = 0;
  chain::check_record record;
  chain::byte_buffer bytes; ///< exactly as fetched
};

/// The record of the file that has this height, if some of it is there.
[[nodiscard]] result<std::optional<bundle_record>> read_bundle(connection& database,
                                                               height_t height);

/// Reads a store, live or at rest, without changing it.  Every call is a read transaction of its
/// own, far below 100 ms, so that the writer's commits are not held up.  One thread at a time.
class reader {
public:
  /// After a SIGKILL or a power cut, with no node running, this takes the lock for a moment and
  /// lets SQLite recover.
  [[nodiscard]] static result<reader> open(const std::filesystem::path& folder,
                                           const file_system& files = *real_file_system());

  [[nodiscard]] const store_identity& identity() const noexcept { return identity_; }
  [[nodiscard]] result<state_row> state();
  /// With the committees, as a start file has it.
  [[nodiscard]] result<chain::chain_state> whole_state();
  [[nodiscard]] result<std::optional<drain_receipt>> last_receipt();
  [[nodiscard]] result<std::optional<stored_block>> block_at(height_t height);
  [[nodiscard]] result<std::optional<stored_block>> block_of(const chain::hash& block_hash);
  [[nodiscard]] result<std::optional<bundle_record>> bundle_of(height_t height);

private:
  reader(connection database, store_identity identity)
      : database_(std::move(database)), identity_(std::move(identity)) {}

  connection database_;
  store_identity identity_;
};

} // namespace blockferry::storage
