#pragma once

/// Everything in which CAF 0.17 and 1.x differ, so that the rest is written once.  Built against
/// 0.17.6; the other branch follows today's CAF.  Small enough to be deleted one day.

#include <caf/config.hpp>

#if defined(CAF_MAJOR_VERSION) && __has_include(<caf/actor_from_state.hpp>)
#define BLOCKFERRY_CAF_1 1
#else
#define BLOCKFERRY_CAF_1 0
#endif

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <utility>

namespace blockferry::compat {

#if BLOCKFERRY_CAF_1

template <class Signature>
struct clause;
template <class R, class... Ts>
struct clause<R(Ts...)> {
  using type = caf::result<R>(Ts...);
};

/// Threads of a process for actors that have few and long jobs: those without one wait at a single
/// queue.  (CAF's own choice, work stealing, lets them look for jobs again and again, which takes
/// time from the others where there is a thread more than cores.)
inline void set_scheduler(caf::actor_system_config& config, std::size_t threads) {
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", threads);
}

template <class Pointer>
auto& state_of(Pointer self) {
  return self->state();
}

template <class Self, class Handle, class Message>
void send(Self* self, const Handle& to, Message&& message) {
  self->mail(std::forward<Message>(message)).send(to);
}

template <class Self, class Message>
void send_self_after(Self* self, std::chrono::nanoseconds delay, Message&& message) {
  self->mail(std::forward<Message>(message))
      .delay(delay)
      .send(caf::actor_cast<typename Self::actor_hdl>(self));
}

template <class Self, class Handle, class Message>
auto request(Self* self, const Handle& to, Message&& message) {
  return self->mail(std::forward<Message>(message)).request(to, caf::infinite);
}

#else

template <class Signature>
struct clause;
template <class R, class... Ts>
struct clause<R(Ts...)> {
  using type = typename caf::replies_to<Ts...>::template with<R>;
};
template <class... Ts>
struct clause<void(Ts...)> {
  using type = caf::reacts_to<Ts...>;
};

inline void set_scheduler(caf::actor_system_config& config, std::size_t threads) {
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", threads);
}

template <class Pointer>
auto& state_of(Pointer self) {
  return self->state;
}

template <class Self, class Handle, class Message>
void send(Self* self, const Handle& to, Message&& message) {
  self->send(to, std::forward<Message>(message));
}

template <class Self, class Message>
void send_self_after(Self* self, std::chrono::nanoseconds delay, Message&& message) {
  self->delayed_send(self, delay, std::forward<Message>(message));
}

/// A request that waits without end: no timer cuts anything short here.
template <class Self, class Handle, class Message>
auto request(Self* self, const Handle& to, Message&& message) {
  return self->request(to, caf::infinite, std::forward<Message>(message));
}

#endif

/// A typed actor, written as function signatures: `protocol<reply(request), void(notice)>`.
template <class... Signatures>
using protocol = caf::typed_actor<typename clause<Signatures>::type...>;

} // namespace blockferry::compat

#undef BLOCKFERRY_CAF_1
