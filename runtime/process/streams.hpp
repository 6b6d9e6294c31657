#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

/// The standard streams of a process that nothing at their other end may hold up: a pipe that
/// nobody reads costs lines, never a stop.
namespace blockferry::runtime {

/// Opens those of descriptors 0, 1 and 2 that are closed on /dev/null, so that no file of the
/// program gets their number.  To be called before any descriptor is opened.
void open_standard_streams() noexcept;

/// Whole lines to a descriptor, kept in memory (up to 1 MiB) while they cannot be written.
/// Thread-safe; no call but `finish` blocks.
class line_writer {
public:
  explicit line_writer(int descriptor) : descriptor_(descriptor) {}

  /// Adds the newline.  A `droppable` line is dropped while earlier ones wait.
  void add(std::string_view line, bool droppable);
  /// Writes what can be written now.
  void flush();
  /// The descriptor to poll for POLLOUT before the next `flush`; -1: nothing waits.
  [[nodiscard]] int waits_for();
  /// Writes the rest, waiting at most so long for a reader.  False if lines were lost.
  bool finish(std::chrono::milliseconds patience);
  /// Whether the descriptor failed: closed, full disk, gone reader.
  [[nodiscard]] bool failed();

private:
  void write_what_fits();

  std::mutex mutex_;
  int descriptor_;
  std::string waiting_;
  bool lost_ = false;
  bool failed_ = false;
};

/// Standard error: log lines, and on a terminal one live line below them.  Thread-safe; a line that
/// cannot be written at once is dropped and counted.
class error_stream {
public:
  explicit error_stream(int descriptor);

  [[nodiscard]] bool is_terminal() const noexcept { return terminal_; }
  /// One or more whole lines, ended.
  void lines(std::string_view text);
  /// Replaces the live line; empty: none.  Nothing happens where there is no terminal.
  void live(std::string_view text);
  [[nodiscard]] std::uint64_t dropped();

private:
  void write(std::string_view text);

  std::mutex mutex_;
  int descriptor_;
  bool terminal_;
  std::string live_;
  std::uint64_t dropped_ = 0;
};

} // namespace blockferry::runtime
