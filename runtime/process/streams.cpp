#include "runtime/process/streams.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

constexpr std::size_t waiting_bytes_max = 1 << 20;
constexpr const char* clear_line = "\r\x1b[K";

/// Whether a write of up to PIPE_BUF bytes would not block now.
bool writable(int descriptor, int wait_ms) {
  pollfd wait{descriptor, POLLOUT, 0};
  return ::poll(&wait, 1, wait_ms) == 1;
}

} // namespace

void open_standard_streams() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      static_cast<void>(!::open("/dev/null", O_RDWR)); // gets the lowest free number: this one
}

void line_writer::add(std::string_view line, bool droppable) {
  const std::lock_guard lock{mutex_};
  if (failed_ || waiting_.size() + line.size() > waiting_bytes_max ||
      (droppable && !waiting_.empty())) {
    lost_ = lost_ || !droppable;
    return;
  }
  waiting_ += line;
  waiting_ += '\n';
  write_what_fits();
}

void line_writer::flush() {
  const std::lock_guard lock{mutex_};
  write_what_fits();
}

int line_writer::waits_for() {
  const std::lock_guard lock{mutex_};
  return waiting_.empty() || failed_ ? -1 : descriptor_;
}

bool line_writer::failed() {
  const std::lock_guard lock{mutex_};
  return failed_;
}

bool line_writer::finish(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    flush();
    const int waits = waits_for();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (waits < 0 || left.count() <= 0)
      break;
    static_cast<void>(writable(waits, static_cast<int>(left.count())));
  }
  const std::lock_guard lock{mutex_};
  return waiting_.empty() && !lost_ && !failed_;
}

void line_writer::write_what_fits() {
  while (!waiting_.empty() && !failed_ && writable(descriptor_, 0)) {
    const auto count =
        ::write(descriptor_, waiting_.data(), std::min<std::size_t>(waiting_.size(), PIPE_BUF));
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
      failed_ = true;
      waiting_.clear();
    }
    if (count <= 0)
      return;
    waiting_.erase(0, static_cast<std::size_t>(count));
  }
}

error_stream::error_stream(int descriptor)
    : descriptor_(descriptor), terminal_(::isatty(descriptor) == 1) {}

void error_stream::lines(std::string_view text) {
  const std::lock_guard lock{mutex_};
  if (live_.empty())
    return write(text);
  write(clear_line + std::string{text} + live_);
}

void error_stream::live(std::string_view text) {
  if (!terminal_)
    return;
  winsize size{};
  ::ioctl(descriptor_, TIOCGWINSZ, &size);
  const std::lock_guard lock{mutex_};
  // A line that wraps could not be replaced.
  live_ = text.substr(0, size.ws_col > 1 ? size.ws_col - 1U : text.size());
  write(clear_line + live_);
}

std::uint64_t error_stream::dropped() {
  const std::lock_guard lock{mutex_};
  return dropped_;
}

void error_stream::write(std::string_view text) {
  // At most PIPE_BUF at once: so much fits wherever `poll` says that something fits.
  while (!text.empty()) {
    const auto count =
        writable(descriptor_, 0)
            ? ::write(descriptor_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF))
            : -1;
    if (count <= 0) {
      ++dropped_;
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

} // namespace blockferry::runtime
