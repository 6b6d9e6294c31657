#include "runtime/process/signal_watch.hpp"

#include "runtime/process/signals.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace blockferry::runtime {

signal_watch::signal_watch(actions what)
    : what_(std::move(what)), wake_(::eventfd(0, EFD_CLOEXEC)) {
  wake_on_signals(wake_);
  thread_ = std::thread{[this] { watch(); }};
}

signal_watch::~signal_watch() {
  wake_on_signals(-1);
  ends_ = true;
  ::eventfd_write(wake_, 1);
  thread_.join();
  ::close(wake_);
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
    eventfd_t count = 0;
    ::eventfd_read(wake_, &count);
  }
}

} // namespace blockferry::runtime
