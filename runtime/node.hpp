#pragma once

#include "actors/options.hpp"
#include "actors/transport.hpp"
#include "actors/writer.hpp"
#include "chain/rules.hpp"
#include "messages/interfaces.hpp"
#include "runtime/receipt_slot.hpp"
#include "storage/store.hpp"

#include <memory>
#include <spdlog/logger.h>

namespace blockferry {

/// The ports of a node: everything that is not computation.
struct node_ports {
  std::shared_ptr<transport> network;
  std::unique_ptr<storage::store> store;
  std::shared_ptr<const chain::rules> rules;
  wall_clock clock;                    ///< Unix time, milliseconds
  std::shared_ptr<spdlog::logger> log; ///< may be null
  std::uint64_t seed = 0;              ///< of back-off and jitter
};

/// A node inside a host's actor system.  The host talks to `supervisor()`; a drain stops the node
/// in order. Destroying this object without a drain ends the node's actors at once: the open
/// transaction rolls back, the store is what was acknowledged last, nothing hangs and nothing is
/// left behind.  Destroy it before the system, which waits for its actors.
///
/// Whichever way a node ends, its supervisor ends last: a host that monitors it gets the down
/// message when the store is closed and may be opened again.  (An exit message with the reason
/// `kill` is the exception: CAF lets no actor answer it, so the children end soon afterwards.)
///
/// Every drain request that the supervisor still meets is answered with the receipt.  To one that
/// comes when it has ended CAF answers with an error (`caf::sec::request_receiver_down` or the exit
/// reason), as for any actor that is gone: `receipt()` then has what the host asked for.
class node {
public:
  node() = default;
  node(supervisor_actor supervisor, std::shared_ptr<const receipt_slot> receipt)
      : supervisor_(std::move(supervisor)), receipt_(std::move(receipt)) {}
  node(node&& other) noexcept = default;
  node& operator=(node&& other) noexcept;
  ~node();

  [[nodiscard]] const supervisor_actor& supervisor() const noexcept { return supervisor_; }
  /// The receipt of a node that was drained or came to its end by itself, from before anybody hears
  /// of it.  None while it lives, and for one that was killed.  Any thread.
  [[nodiscard]] std::optional<drain_receipt> receipt() const {
    return receipt_ ? receipt_->get() : std::nullopt;
  }

private:
  supervisor_actor supervisor_;
  std::shared_ptr<const receipt_slot> receipt_;
};

/// Spawns the actors of a node and begins its work.  Any number of nodes, each with a store of its
/// own, may live in one system.  `options.mirrors` names the transport's origins in its order.
[[nodiscard]] node spawn_node(caf::actor_system& system, const node_options& options,
                              node_ports ports);

} // namespace blockferry
