#pragma once

#include "storage/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace blockferry::testing {

/// What an operation of a memory store is about to do.
enum class store_step : std::uint8_t { commit = 1, mark_clean };

/// What survives the end of a memory store, as a disk survives a process.
struct memory_disk {
  struct stored_block {
    chain::block_facts facts;
    chain::byte_buffer bytes;
  };
  struct stored_file {
    bundle_source source;
    chain::hash file_sha256;
    std::uint32_t file_blocks = 0;
  };

  storage::store_identity identity;
  chain::chain_state state; ///< after the last committed block
  std::map<height_t, stored_block> blocks;
  std::map<height_t, stored_file> files; ///< by file start
  std::optional<known_part> known;
  std::optional<drain_receipt> receipt;
  bool clean = false;
  bool open = false; ///< one store at a time
  std::uint32_t commits = 0;
  std::uint32_t cleanings = 0;
  /// Asked before a step writes anything; a failure makes the step fail with nothing written.
  std::function<std::optional<failure>(store_step)> before_step;
  /// Called when a step's writes are durable, before the store returns.
  std::function<void(store_step)> after_step;

  /// Hash over every block with its record and the source of its file, by height: what two stores
  /// must have in common that took different ways to the same tip.
  [[nodiscard]] std::uint64_t content_digest() const;
  /// The first broken promise of P1 and P2, or empty.
  [[nodiscard]] std::string broken_promise() const;
};

/// A fresh disk for a chain from genesis, from a pinned block, or from where a start file ends.
[[nodiscard]] std::shared_ptr<memory_disk> make_disk();
[[nodiscard]] std::shared_ptr<memory_disk> make_disk(height_t start, const chain::hash& start_hash);
[[nodiscard]] std::shared_ptr<memory_disk> make_disk(const chain::chain_state& begin);

/// A store that keeps everything in memory; `store_tests` holds it and the SQLite store to the same
/// cases.  Errors: `store_locked` while another one is open on the disk.
[[nodiscard]] storage::result<std::unique_ptr<storage::store>>
open_memory_store(std::shared_ptr<memory_disk> disk);

} // namespace blockferry::testing
