#pragma once

#include "chain/checked_blocks.hpp"
#include "chain/failure.hpp"
#include "chain/stake/followed.hpp"

#include <optional>
#include <string>

namespace blockferry::chain {

/// The last block of a verified run.
struct tip {
  height_t height = 0;
  hash block_hash;
  friend bool operator==(const tip&, const tip&) = default;
};

/// Everything that judging the next block needs of the blocks before it.  Grows with the logarithm
/// of the chain.  Stored with every commit (P2), so that a start needs nothing else (P5).
struct chain_state {
  /// Height of the first block of the run; 0 unless it began at a pin.
  height_t start_height = 0;
  /// Height of the next block.
  height_t next_height = 0;
  /// The block before it; absent before genesis.  At a pinned start, nothing is known of it.
  std::optional<tip> last;
  std::optional<metadata> last_metadata;
  /// Previous hash of the last block that began an epoch: what the next block's solutions name
  /// (specification 6.3).  Unknown from a pinned start to the next such block.
  std::optional<hash> epoch_hash;
  /// Hash that block `next_height` must have: a pinned start's, until that block is there.
  std::optional<hash> pinned;
  /// Whether `peaks` cover every block below `next_height`.
  bool history_known = true;
  /// Perfect subtrees over all block hashes so far, largest first; empty unless `history_known`.
  std::vector<subtree> peaks;
  /// Committees and earlier certificates, as far as they are followed.  Large, so that it is stored
  /// apart: `encode` leaves it out.
  stake::followed followed{};
  friend bool operator==(const chain_state&, const chain_state&) = default;
};

/// Before genesis: nothing stored, everything will be known.
[[nodiscard]] chain_state state_before_genesis();
/// Before block `start`, whose hash is pinned to `start_hash`; history and committee are unknown.
[[nodiscard]] chain_state state_before_pinned(height_t start, const hash& start_hash);

/// Versioned bytes of everything but `followed`, for the store.
[[nodiscard]] byte_buffer encode(const chain_state& state);
/// The reverse, with nothing followed; the error says what does not fit.  Bounds come before
/// allocation.
[[nodiscard]] expected<chain_state, std::string> decode_chain_state(byte_view bytes);

} // namespace blockferry::chain
