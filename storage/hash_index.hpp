#pragma once

#include "storage/sqlite.hpp"

#include <span>
#include <vector>

namespace blockferry::storage {

/// Finds heights by block hash, from tables that cost little to write: block hashes are random, so
/// an index in the usual form would dirty a page a block.  Here the newest hashes stand as 8-byte
/// prefixes in rows of up to 1,024, in the order of heights; every 65,536 blocks they are sorted
/// and sealed into 64 rows by the top bits of the prefix; every 1,048,576 blocks the sealed rows
/// are merged into 1,024, never to be touched again.  A look-up reads one row of a page for every
/// 1,048,576 blocks, at most 15 more, and the recent rows; the caller compares whole hashes.

/// Adds hashes of consecutive heights, inside a transaction of the caller.
[[nodiscard]] result<void> index_hashes(connection& database, height_t first,
                                        std::span<const chain::block_facts> blocks);

/// Heights whose hash may be this one: all that share its prefix, usually at most one.
[[nodiscard]] result<std::vector<height_t>> candidate_heights(connection& database,
                                                              const chain::hash& block_hash);

/// Checks the index against blocks that come in the order of heights without a gap: each of them is
/// in it exactly once, and nothing else.  Reads each row of the index once.
class hash_index_check {
public:
  explicit hash_index_check(connection& database) : database_(&database) {}

  /// The next block.
  [[nodiscard]] result<void> add(height_t height, const chain::hash& block_hash);
  /// After the last block.
  [[nodiscard]] result<void> finish();

private:
  [[nodiscard]] result<void> check_sealed();

  connection* database_;
  height_t first_ = 0;                  ///< of `prefixes_`
  std::vector<std::uint64_t> prefixes_; ///< of the blocks since the last merged run
  std::int64_t rows_ = 0;               ///< that the blocks so far give
};

/// The same against the blocks of the store.
[[nodiscard]] result<void> check_hash_index(connection& database);

} // namespace blockferry::storage
