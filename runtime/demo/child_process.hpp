#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include <tl/expected.hpp>

namespace blockferry::runtime {

/// How a child ended: an exit code, or the signal that killed it.
struct child_end {
  int exit_code = 0;
  int signal = 0; ///< 0: it exited by itself
};

/// This program, started once more with other arguments.  Its standard output comes through a pipe,
/// its log goes to a file, and nothing of the environment that configures this program reaches it.
class child_process {
public:
  /// The error says what failed.
  [[nodiscard]] static tl::expected<child_process, std::string>
  start(const std::vector<std::string>& arguments, const std::string& log_path);

  child_process(child_process&& other) noexcept;
  child_process& operator=(child_process&&) = delete;
  /// Kills and reaps a child that was not waited for.
  ~child_process();

  /// Readable end of its standard output.
  [[nodiscard]] int output() const noexcept { return output_; }
  void send_signal(int signal) const noexcept;
  /// Blocks until it has ended.
  [[nodiscard]] child_end wait();

private:
  child_process(pid_t pid, int output) : pid_(pid), output_(output) {}

  pid_t pid_ = -1;
  int output_ = -1;
};

} // namespace blockferry::runtime
