#pragma once

#include "chain/stake/following.hpp"

namespace blockferry::chain::stake {

/// What a chain state carries of committees and certificates: shared, immutable, and for a state
/// read from a store not yet replayed.  Copies are cheap; any thread may read.
class followed {
public:
  /// Nothing is followed: before genesis, before a pinned start, or below the level `consensus`.
  followed() = default;
  explicit followed(following state);
  /// A snapshot and the blocks after it, the first of them of height `first`.
  followed(following snapshot, height_t first, std::vector<block_stakes> blocks_after);

  [[nodiscard]] bool empty() const noexcept { return !base_; }
  /// The state; where blocks are to be replayed, they are replayed by this call.
  [[nodiscard]] std::shared_ptr<const following> open() const;

  /// Equal states, replayed where necessary.
  friend bool operator==(const followed& a, const followed& b);

private:
  struct tail {
    height_t first = 0;
    std::vector<block_stakes> blocks;
  };

  std::shared_ptr<const following> base_;
  std::shared_ptr<const tail> tail_;
};

/// What is known before a block that is not genesis, where nothing was followed: no committee, and
/// the certificates from that block on.
[[nodiscard]] following following_from_the_middle();

} // namespace blockferry::chain::stake
