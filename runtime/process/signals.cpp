#include "runtime/process/signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <sys/eventfd.h>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

constexpr int interrupted = 130;
constexpr std::int64_t one_stop_ms = 200;

void (*end_of_process)(int) = nullptr;
std::atomic<signal_mode> mode{signal_mode::drain};
std::atomic<unsigned> stops{0};
std::atomic<std::int64_t> last_stop_ms{-one_stop_ms};
std::atomic<int> first_stop{0};
std::atomic<unsigned> hangups{0};
std::atomic<int> wake_descriptor{-1};
static_assert(std::atomic<signal_mode>::is_always_lock_free &&
              std::atomic<unsigned>::is_always_lock_free &&
              std::atomic<std::int64_t>::is_always_lock_free);

/// Whether this signal belongs to the stop that was counted last.  `timeout`, and who signals a
/// process and then its group, send each stop twice; a person's second thought takes longer.
bool belongs_to_last_stop() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now); // allowed in a handler
  const std::int64_t now_ms = std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  std::int64_t last = last_stop_ms;
  return now_ms - last < one_stop_ms || !last_stop_ms.compare_exchange_strong(last, now_ms);
}

extern "C" void on_signal(int signal) {
  const int saved = errno;
  const int descriptor = wake_descriptor.load();
  if (signal == SIGHUP) {
    ++hangups;
  } else if (!belongs_to_last_stop()) {
    const unsigned seen = ++stops;
    int none = 0;
    first_stop.compare_exchange_strong(none, signal);
    // The second is for whoever waits at the descriptor: a receipt comes before the end.
    const unsigned ends_at = mode == signal_mode::end_at_once ? 1 : descriptor < 0 ? 2 : 3;
    if (seen >= ends_at)
      end_of_process(interrupted);
  }
  if (descriptor >= 0) {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(descriptor, &one, sizeof one));
  }
  errno = saved;
}

} // namespace

void install_signal_handlers(void (*end_process)(int)) noexcept {
  end_of_process = end_process;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    ::sigaction(signal, &action, nullptr);
  action.sa_handler = SIG_IGN;
  // USR1 and USR2 mean nothing here, and their default would end a sync without its drain: log
  // rotation and supervisors send them to programs of which they know nothing.
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2})
    ::sigaction(signal, &action, nullptr);
}

void set_signal_mode(signal_mode wanted) noexcept {
  mode = wanted;
  if (wanted == signal_mode::end_at_once && stops > 0)
    end_of_process(interrupted);
}

signals_seen signals_so_far() noexcept {
  return {stops, first_stop, hangups};
}

void wake_on_signals(int event_descriptor) noexcept {
  wake_descriptor = event_descriptor;
}

const char* signal_name(int signal) noexcept {
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

} // namespace blockferry::runtime
