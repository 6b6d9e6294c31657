#pragma once

#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace blockferry::schedule {

/// What each actor has been through and which messages wait for whom: two runs of one plan with the
/// same lineage are in the same state.  An actor is a function of what it started as and of the
/// messages it handled, in their order, together with what it looked at outside of itself while it
/// did; so a message is named by the whole past of its sender and its place among what that sender
/// sent, and no content has to be read.
class lineage {
public:
  explicit lineage(caf::scheduler::test_coordinator& scheduler) : scheduler_(scheduler) {}

  /// The first job is about to handle its next message.
  void before_job();
  /// It has; `looked_at` stands for everything outside of it that it may have read.
  void after_job(std::uint64_t looked_at);
  /// It has, and is nobody whose past matters to others: it only notes.
  void after_bystander();
  /// Something from outside happened, of which there is no other with this name in a run.
  void after_event(std::uint64_t what);
  /// Time has passed for an actor that had asked for it: which of its timers, its past says.
  void after_timer();

  /// What an actor has been through; 0: nothing yet.
  [[nodiscard]] std::uint64_t of(caf::actor_id actor) const;
  /// All of it.
  [[nodiscard]] std::uint64_t value() const;

private:
  using element = std::pair<const caf::mailbox_element*, std::uint64_t>; ///< a message and its name
  void name_new_ones(std::uint64_t cause, bool by_timer);

  caf::scheduler::test_coordinator& scheduler_;
  std::map<caf::actor_id, std::uint64_t> pasts_;
  std::map<caf::actor_id, std::vector<element>>
      waiting_; ///< in the order in which they are handled
  caf::actor_id running_ = 0;
  std::uint64_t handled_ = 0; ///< name of the message; 0: the actor only began
};

} // namespace blockferry::schedule
