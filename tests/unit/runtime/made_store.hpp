#pragma once

#include "chain/network.hpp"
#include "chain/rules.hpp"
#include "storage/sqlite_store.hpp"

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace blockferry::test {

/// A folder of its own, gone at the end.
class own_folder {
public:
  own_folder();
  own_folder(const own_folder&) = delete;
  own_folder& operator=(const own_folder&) = delete;
  ~own_folder();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

/// Blocks 0 to n - 1 of a developer's network.
struct made_chain {
  chain::network net;
  std::vector<chain::byte_buffer> blocks;
  [[nodiscard]] chain::hash hash_of(height_t height) const;
};
[[nodiscard]] made_chain make_chain(std::size_t blocks, std::size_t block_bytes = 0,
                                    std::uint64_t seed = 7);

/// The same by a quorum of four validators: what `consensus` and `content` need.
[[nodiscard]] made_chain make_quorum_chain(std::size_t blocks, std::uint64_t seed = 7);
/// The blocks of mainnet's genesis and after that the demonstration carries.
[[nodiscard]] made_chain demonstration_chain();

/// What a sync is told.
struct sync_plan {
  chain::level floor = chain::level::header;
  height_t last = 0; ///< inclusive
  height_t start = 0;
  std::optional<chain::hash> start_hash{};
  std::optional<chain::chain_state> begin{}; ///< of a start file
};

/// Carries the chain into the store in the folder, from where it ends, as a node would: files of
/// 50 blocks, the last as far as `last`.  Throws std::runtime_error.
void sync(const std::filesystem::path& folder, const made_chain& chain, const sync_plan& plan);

/// The file of the chain that begins at `start`, as a CDN has it.
[[nodiscard]] chain::byte_buffer file_at(const made_chain& chain, height_t start);

/// SHA-256 over everything in the store's folder, names and bytes: to see that nothing changed.
[[nodiscard]] std::string folder_digest(const std::filesystem::path& folder);

/// Output of a command.
struct spoken {
  std::ostringstream out;
  std::ostringstream err;
};

} // namespace blockferry::test
