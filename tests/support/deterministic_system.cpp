#include "tests/support/deterministic_system.hpp"

namespace blockferry::testing {
namespace {

caf::actor_system_config& testing_policy(caf::actor_system_config& config) {
  config.set("scheduler.policy", caf::atom("testing"));
  return config;
}

} // namespace

deterministic_system::deterministic_system()
    : system_(testing_policy(config_)),
      scheduler_(&dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())),
      start_(scheduler_->clock().now()) {}

deterministic_system::~deterministic_system() {
  scheduler_->clock().cancel_all();
  run();
}

std::size_t deterministic_system::run(std::size_t steps_max) {
  std::size_t steps = 0;
  while (steps < steps_max && step())
    ++steps;
  return steps;
}

std::optional<std::chrono::steady_clock::time_point> deterministic_system::next_timer() {
  const auto& timers = scheduler_->clock().schedule();
  return timers.empty() ? std::nullopt : std::optional{timers.begin()->first};
}

bool deterministic_system::fire_timer() {
  const auto due = next_timer();
  if (!due)
    return false;
  auto& clock = scheduler_->clock();
  if (*due > clock.current_time)
    wall_.advance(std::chrono::ceil<std::chrono::milliseconds>(*due - clock.current_time));
  return clock.trigger_timeout();
}

bool deterministic_system::run_until(const std::function<bool()>& done,
                                     std::chrono::milliseconds within) {
  const auto end = scheduler_->clock().current_time + within;
  run();
  while (!done()) {
    const auto due = next_timer();
    if (!due || *due > end)
      return false;
    fire_timer();
    run();
  }
  return true;
}

void deterministic_system::advance(std::chrono::milliseconds by) {
  auto& clock = scheduler_->clock();
  const auto end = clock.current_time + by;
  run_until([] { return false; }, by);
  if (clock.current_time < end) {
    wall_.advance(std::chrono::ceil<std::chrono::milliseconds>(end - clock.current_time));
    clock.advance_time(end - clock.current_time);
  }
  run();
}

std::chrono::nanoseconds deterministic_system::elapsed() {
  return scheduler_->clock().now() - start_;
}

} // namespace blockferry::testing
