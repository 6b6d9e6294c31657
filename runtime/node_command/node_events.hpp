#pragma once

#include "messages/interfaces.hpp"

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
  event_queue();
  ~event_queue();
  event_queue(const event_queue&) = delete;
  event_queue& operator=(const event_queue&) = delete;

  void push(node_event event);
  [[nodiscard]] std::optional<node_event> pop();
  /// Readable while news waits.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// The newest status seen, for a receipt that cannot wait.
  [[nodiscard]] node_status last_status();

private:
  std::mutex mutex_;
  int descriptor_;
  std::deque<node_event> events_;
  node_status last_;
};

/// Spawns the actor that subscribes to the node's supervisor and fills the queue.
void listen_to(caf::actor_system& system, const supervisor_actor& supervisor,
               const std::shared_ptr<event_queue>& queue);

} // namespace blockferry::runtime
