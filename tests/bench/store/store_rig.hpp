#pragma once

#include "storage/sqlite_store.hpp"
#include "tests/kit/bundle_maker.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace blockferry::bench {

/// Seconds that `work` took.
template <class Work>
double seconds_of(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Groups of blocks that cost nothing to make: new hashes, the same random bytes.
class group_source {
public:
  group_source(height_t start, std::size_t block_bytes, std::uint32_t blocks_a_group);

  /// The next group's bundles.
  [[nodiscard]] std::vector<verified_bundle> next();
  [[nodiscard]] const chain::byte_buffer& bytes() const noexcept { return *bytes_; } ///< of a file
  [[nodiscard]] std::uint64_t group_bytes() const noexcept;
  [[nodiscard]] const chain::chain_state& state() const noexcept { return state_; }

private:
  kit::bundle_maker hashes_;
  std::size_t block_bytes_;
  std::uint32_t files_a_group_;
  std::shared_ptr<const chain::byte_buffer> bytes_;
  chain::chain_state state_;
};

/// How a database is written, beside the real store: for the choice of settings.
struct variant {
  std::string name;
  int page_bytes = 16384;
  std::string pragmas; ///< journal mode, synchronous, cache
};

/// Appends to a file and syncs it, dropping the page cache: the limit.
class raw_file_rig {
public:
  explicit raw_file_rig(const std::filesystem::path& path);
  ~raw_file_rig();
  raw_file_rig(const raw_file_rig&) = delete;
  raw_file_rig& operator=(const raw_file_rig&) = delete;
  void append(const group_source& from, std::size_t files);

private:
  int descriptor_;
};

/// An empty database as a variant has it, committing groups with the store's own rows.
[[nodiscard]] std::unique_ptr<storage::store> open_variant(const std::filesystem::path& folder,
                                                           const storage::store_options& options,
                                                           const variant& with);

[[nodiscard]] storage::store_options options_of(const std::filesystem::path& folder,
                                                const chain::chain_state& begin);
/// Puts hashes of the heights below `end` into the index of a store that begins there.
void fill_index(const std::filesystem::path& folder, height_t end);
/// Throws if it fails.
void commit(storage::store& to, const std::vector<verified_bundle>& group);
void drop_cache(const std::filesystem::path& path);

} // namespace blockferry::bench
