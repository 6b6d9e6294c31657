#include "runtime/node_command/node_events.hpp"

#include <utility>

namespace blockferry::runtime {
namespace {

/// A refused bundle a second is news, a thousand are not: what a reader has not taken is bounded.
constexpr std::size_t events_max = 1000;

struct listener_state {
  listener_state() {}
};

listener_actor::behavior_type listener(listener_actor::stateful_pointer<listener_state> self,
                                       const supervisor_actor& supervisor,
                                       const std::shared_ptr<event_queue>& queue) {
  self->monitor(supervisor);
  self->set_down_handler([self, queue](const caf::down_msg&) {
    queue->push(node_gone{}); // after `drained`, if there was a drain
    self->quit();
  });
  compat::send(self, supervisor, listener_actor{self});
  return {
      [queue](const phase_changed& news) { queue->push(news); },
      [queue](const progressed& news) { queue->push(news); },
      [queue](const refused& news) { queue->push(news); },
      [queue](const drained& news) { queue->push(news); },
  };
}

} // namespace

void event_queue::push(node_event event) {
  const std::lock_guard lock{mutex_};
  if (const auto* news = std::get_if<progressed>(&event))
    last_ = news->status;
  const bool may_wait =
      std::holds_alternative<progressed>(event) || std::holds_alternative<refused>(event);
  if (may_wait && events_.size() >= events_max)
    return;
  if (events_.empty())
    news_.signal();
  events_.push_back(std::move(event));
}

std::optional<node_event> event_queue::pop() {
  const std::lock_guard lock{mutex_};
  if (events_.empty())
    return std::nullopt;
  auto out = std::move(events_.front());
  events_.pop_front();
  if (events_.empty())
    news_.wait(); // at once: it was signalled with the first of them
  return out;
}

node_status event_queue::last_status() {
  const std::lock_guard lock{mutex_};
  return last_;
}

void listen_to(caf::actor_system& system, const supervisor_actor& supervisor,
               const std::shared_ptr<event_queue>& queue) {
  system.spawn(listener, supervisor, queue);
}

} // namespace blockferry::runtime
