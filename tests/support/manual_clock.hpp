#pragma once

#include "actors/writer.hpp"

#include <atomic>
#include <chrono>
#include <memory>

namespace blockferry::testing {

/// A wall clock that stands still until it is moved.  Any thread.
class manual_clock {
public:
  explicit manual_clock(std::int64_t unix_ms = 1'700'000'000'000)
      : now_(std::make_shared<std::atomic<std::int64_t>>(unix_ms)) {}

  void advance(std::chrono::milliseconds by) { *now_ += by.count(); }
  [[nodiscard]] std::int64_t now_ms() const { return *now_; }
  /// The port of a node; it may outlive this object.
  [[nodiscard]] wall_clock port() const {
    return [now = now_] { return now->load(); };
  }

private:
  std::shared_ptr<std::atomic<std::int64_t>> now_;
};

} // namespace blockferry::testing
