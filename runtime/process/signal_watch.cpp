#include "runtime/process/signal_watch.hpp"

#include "runtime/process/signals.hpp"

#include <utility>

namespace blockferry::runtime {

signal_watch::signal_watch(actions what) : what_(std::move(what)) {
  wake_on_signals(wake_.descriptor());
  thread_ = std::thread{[this] { watch(); }};
}

signal_watch::~signal_watch() {
  wake_on_signals(-1);
  ends_ = true;
  wake_.signal();
  thread_.join();
}

void signal_watch::watch() {
  signals_seen done;
  while (!ends_) {
    const auto seen = signals_so_far();
    if (seen.stops > 0 && done.stops == 0)
      what_.first_stop(seen.first_stop);
    if (seen.stops > 1)
      what_.second_stop();
    if (seen.hangups > done.hangups)
      what_.hangup();
    done = seen;
    wake_.wait();
  }
}

} // namespace blockferry::runtime
