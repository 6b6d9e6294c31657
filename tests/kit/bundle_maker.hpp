#pragma once

#include "messages/bundles.hpp"

#include <cstdint>
#include <map>

namespace blockferry::kit {

/// A chain for tests of what rests and moves, not of what is right: blocks of made-up bytes and
/// made-up hashes, the same for the same seed, so that a store's content can be told from its
/// heights alone.
class bundle_maker {
public:
  struct options {
    std::uint64_t seed = 1;
    height_t start = 0;
    std::size_t block_bytes = 600; ///< on the average; half to one and a half of it
    /// Recorded of each block.
    chain::check_record record{chain::checks_of(chain::level::header), {}};
  };
  explicit bundle_maker(options chosen);

  /// The next `count` blocks, out of the file that holds them, which has `file_blocks` by now.
  [[nodiscard]] verified_bundle take(std::uint32_t count, std::uint32_t file_blocks);
  /// The rest of the current file, whole.
  [[nodiscard]] verified_bundle next();
  /// Goes on from a state that a store gave back, as if it had made every block before it.
  void resume(const chain::chain_state& state, const std::optional<known_part>& known);

  /// After the last block made.
  [[nodiscard]] const chain::chain_state& state() const noexcept { return state_; }

  [[nodiscard]] chain::hash hash_at(height_t height) const;
  [[nodiscard]] chain::byte_buffer block_at(height_t height) const;
  /// The file from `file_start` on as a CDN frames it, `file_blocks` of it.
  [[nodiscard]] chain::byte_buffer file_at(height_t file_start, std::uint32_t file_blocks) const;
  /// As in `known_part`.
  [[nodiscard]] chain::hash blocks_sha256(height_range blocks) const;

private:
  options chosen_;
  chain::chain_state state_;
  height_t taken_from_;
};

[[nodiscard]] chain::hash sha256(chain::byte_view bytes);

} // namespace blockferry::kit
