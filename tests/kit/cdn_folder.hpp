#pragma once

#include "chain/bytes.hpp"

#include <filesystem>
#include <vector>

namespace blockferry::kit {

/// Writes a chain as a CDN's files (specification 1.1), 50 blocks a file, as the blocks come.
class cdn_folder {
public:
  /// Makes the folder if it is not there.
  explicit cdn_folder(std::filesystem::path folder);
  /// The next block, from height 0 on; writes a file for each 50.
  void add(chain::byte_buffer block);
  /// Writes the last, short file and latest.json, which names the tip.
  void finish(const chain::hash& tip_hash);

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
  void write_blocks();

  std::filesystem::path folder_;
  std::vector<chain::byte_buffer> blocks_;
  chain::height_t file_start_ = 0;
  std::uint64_t bytes_ = 0;
};

/// latest.json (specification 1.2) of a chain that ends before `exclusive_height`.
[[nodiscard]] chain::byte_buffer latest_json(std::uint64_t exclusive_height,
                                             const chain::hash& tip_hash);
/// A file of blocks.
[[nodiscard]] chain::byte_buffer bundle_of(const std::vector<chain::byte_buffer>& blocks);
/// The blocks of a file of blocks; throws std::invalid_argument if it is none.
[[nodiscard]] std::vector<chain::byte_buffer> blocks_of(chain::byte_view bundle);
/// Throws std::runtime_error if it cannot be written.
void write_file(const std::filesystem::path& path, chain::byte_view bytes);
/// A whole file's bytes; throws std::runtime_error if it cannot be read.
[[nodiscard]] chain::byte_buffer read_file(const std::filesystem::path& path);

} // namespace blockferry::kit
