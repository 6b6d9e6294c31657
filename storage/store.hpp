#pragma once

#include "chain/chain_state.hpp"
#include "messages/bundles.hpp"
#include "messages/drain.hpp"
#include "storage/file_system.hpp"

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace blockferry::storage {

/// What a store is, fixed when it is created.
struct store_identity {
  std::array<std::uint8_t, 16> store_id{}; ///< random
  std::string network;
  std::uint16_t network_id = 0;
  std::optional<chain::hash> genesis;
  height_t start_height = 0;
  std::optional<chain::hash> start_hash; ///< pinned; absent for a start at genesis
  /// The whole network as the text of its file, so that a store needs nothing beside it.  The one
  /// member that may change: an opening node brings the newer text.
  std::string network_toml{};
};

/// What a node needs to resume, read once at the start, in time that does not depend on the chain's
/// length (P5).
struct resume_point {
  store_identity identity;
  chain::chain_state state;        ///< after the last committed block
  std::optional<known_part> known; ///< the last file, while it is not whole in the store
  bool clean = false;              ///< the last stop was a drain
  std::optional<drain_receipt> last_receipt;

  /// The last block that is stored; none while a run from a start file, which names the block
  /// before its first one, has stored nothing.
  [[nodiscard]] std::optional<chain::tip> durable() const {
    return state.next_height > state.start_height ? state.last : std::nullopt;
  }
};

/// Port of the writer: the only read-write access to a store.  Blocking; one thread at a time
/// (calls may come from different threads, one after the other).  The first error is sticky: every
/// later call returns it and changes nothing (P3).
class store {
public:
  virtual ~store() = default;

  /// As read when the store was opened.
  [[nodiscard]] virtual const resume_point& resume() const noexcept = 0;

  /// Commits the bundles as one transaction: blocks, indexes, source records, chain state and tip
  /// (P2). After COMMIT succeeded with synchronous=FULL, returns the `known_part` of the last file
  /// where it is not whole.  `bundles` is not empty, contiguous, and starts at the state's next
  /// height.
  [[nodiscard]] virtual result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) = 0;

  /// The last transaction: the bundles as in `commit`, though there may be none, the receipt, and
  /// that the store is clean.  Then checkpoints where the journal mode has something to checkpoint.
  /// `finish` completes the receipt (its duration) immediately before the transaction ends; nothing
  /// is written afterwards.
  [[nodiscard]] virtual result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const> bundles, drain_receipt receipt,
             const std::function<void(drain_receipt&)>& finish) = 0;
};

} // namespace blockferry::storage
