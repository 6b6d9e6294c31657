#pragma once

#include "runtime/process/wake_event.hpp"

#include <atomic>
#include <functional>
#include <thread>

namespace blockferry::runtime {

/// Does what signals ask for, on a thread of its own, so that neither a busy main thread nor a
/// stalled reader of the output holds up a stop.
class signal_watch {
public:
  struct actions {
    std::function<void(int signal)> first_stop; ///< SIGTERM or SIGINT, also one that came earlier
    std::function<void()> second_stop;          ///< ends the process
    std::function<void()> hangup;
  };
  explicit signal_watch(actions what);
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

private:
  void watch();

  actions what_;
  wake_event wake_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

} // namespace blockferry::runtime
