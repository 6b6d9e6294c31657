#pragma once

#include "tests/support/manual_clock.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace blockferry::testing {

/// A CAF system on CAF's test scheduler, with everything that must be observed to leave it again:
/// one thread, virtual time, one message at a time.
class deterministic_system {
public:
  deterministic_system();
  /// Drops what is left: timers, then messages.
  ~deterministic_system();
  deterministic_system(const deterministic_system&) = delete;
  deterministic_system& operator=(const deterministic_system&) = delete;

  [[nodiscard]] caf::actor_system& system() noexcept { return system_; }
  [[nodiscard]] caf::scheduler::test_coordinator& scheduler() noexcept { return *scheduler_; }
  [[nodiscard]] manual_clock& wall() noexcept { return wall_; }

  /// Handles one message; false if none waits.
  bool step() { return scheduler_->try_run_once(); }
  /// Handles messages until none waits, `steps_max` at most; returns how many.
  std::size_t run(std::size_t steps_max = 1'000'000);
  /// Moves virtual time to the next timer and fires it; false if there is none.
  bool fire_timer();
  /// Runs, then lets time pass, timer by timer, until `done` or `within` has passed; whether
  /// `done`.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds within);
  /// Lets virtual time pass, timer by timer, and runs what follows.
  void advance(std::chrono::milliseconds by);
  /// Virtual time since the start.
  [[nodiscard]] std::chrono::nanoseconds elapsed();

private:
  /// When the next timer is due, if there is one.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_timer();

  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator* scheduler_;
  manual_clock wall_;
  std::chrono::steady_clock::time_point start_;
};

} // namespace blockferry::testing
