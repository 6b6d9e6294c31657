#pragma once

#include <cstdint>

/// Signals of the process, from the first statement of `main` on.  The handler counts and wakes;
/// all that takes time is done by `signal_watch` on a thread of its own.
namespace blockferry::runtime {

/// What SIGTERM and SIGINT mean to the command that runs.  Those within 200 ms of one are that one.
enum class signal_mode : std::uint8_t {
  drain,       ///< the first begins the drain, the second ends the process at once
  interrupt,   ///< the first interrupts the command, the second ends the process at once
  end_at_once, ///< the first ends the process: nothing is lost
};

/// Handles SIGTERM, SIGINT and SIGHUP, ignores SIGPIPE, SIGXFSZ, SIGUSR1 and SIGUSR2.  Needs
/// nothing: no descriptor, no memory.  `end_process(130)` is called in a signal handler and does
/// not return.
void install_signal_handlers(void (*end_process)(int)) noexcept;

void set_signal_mode(signal_mode mode) noexcept;

/// What has arrived so far.
struct signals_seen {
  unsigned stops = 0; ///< SIGTERM and SIGINT
  int first_stop = 0; ///< its number; 0: none
  unsigned hangups = 0;
};
[[nodiscard]] signals_seen signals_so_far() noexcept;

/// From here on the handler wakes this eventfd, and leaves a second stop signal to who waits there;
/// a third ends the process whatever happens.  -1: as before.
void wake_on_signals(int event_descriptor) noexcept;

/// "SIGTERM" or "SIGINT".
[[nodiscard]] const char* signal_name(int signal) noexcept;

} // namespace blockferry::runtime
