#pragma once

#include "messages/interfaces.hpp"

#include "runtime/process/wake_event.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>

namespace blockferry::runtime {

/// The supervisor ended without a receipt.
struct node_gone {};
using node_event = std::variant<phase_changed, progressed, refused, drained, node_gone>;

/// From the node's listener to the main thread: news that can be polled for.  Thread-safe.
class event_queue {
public:
  void push(node_event event);
  [[nodiscard]] std::optional<node_event> pop();
  /// Readable while news waits.
  [[nodiscard]] int descriptor() const noexcept { return news_.descriptor(); }
  /// The newest status seen, for a receipt that cannot wait.
  [[nodiscard]] node_status last_status();

private:
  std::mutex mutex_;
  wake_event news_; ///< signalled while `events_` is not empty
  std::deque<node_event> events_;
  node_status last_;
};

/// Spawns the actor that subscribes to the node's supervisor and fills the queue.
void listen_to(caf::actor_system& system, const supervisor_actor& supervisor,
               const std::shared_ptr<event_queue>& queue);

} // namespace blockferry::runtime
