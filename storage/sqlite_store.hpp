#pragma once

#include "storage/store.hpp"

#include <filesystem>
#include <memory>

namespace blockferry::storage {

/// How a node opens its store.
struct store_options {
  std::filesystem::path folder;
  /// What a new store becomes, and what an existing one must agree with (its id aside).
  store_identity identity;
  /// Where a new store's chain begins, if it is neither genesis nor the identity's pin: the state
  /// of a start file, its `start_height` the identity's.
  std::optional<chain::chain_state> begin;
  /// An existing store must begin at genesis, although the identity has no pin to say so.
  bool from_genesis = false;
  /// Blocks whose records do not reach this level refuse the start.
  chain::level floor = chain::level::header;
  /// A group is not begun when less than this would be left on the disk after it.
  std::uint64_t disk_reserve_bytes = 64ULL << 20;
  std::shared_ptr<file_system> files = real_file_system();
};

/// Opens the store for writing, creating the folder and the database where there are none.  Errors:
/// `store_foreign`, `store_newer`, `store_other_network`, `store_other_start`, `store_locked`,
/// `store_damaged`, `store_below_floor`, `store_full`, `store_io`, `invalid_argument` for a link in
/// place of the database.  A refusal changes no byte and no name, but that SQLite may have
/// recovered a hot journal before a damage or a floor was seen.
[[nodiscard]] result<std::unique_ptr<store>> open_store(const store_options& options);

} // namespace blockferry::storage
