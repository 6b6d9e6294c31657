#include "runtime/demo/child_process.hpp"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace blockferry::runtime {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words)
    out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// Options come from the environment too; the demonstration must not take any.
std::vector<char*> clean_environment() {
  std::vector<char*> out;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!std::string_view{*entry}.starts_with("BLOCKFERRY_"))
      out.push_back(*entry);
  out.push_back(nullptr);
  return out;
}

std::string error_text(const char* what, int error) {
  return std::string{what} + ": " + std::strerror(error);
}

} // namespace

tl::expected<child_process, std::string>
child_process::start(const std::vector<std::string>& arguments, const std::string& log_path) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0)
    return tl::make_unexpected(error_text("pipe", errno));
  auto words = arguments;
  words.insert(words.begin(), "blockferry");
  auto argument_pointers = pointers(words);
  auto environment = clean_environment();

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_path.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0640);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, "/proc/self/exe", &actions, nullptr,
                                  argument_pointers.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe_ends[1]);
  if (error != 0) {
    ::close(pipe_ends[0]);
    return tl::make_unexpected(error_text("starting this program once more", error));
  }
  return child_process{pid, pipe_ends[0]};
}

child_process::child_process(child_process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::exchange(other.output_, -1)) {}

child_process::~child_process() {
  if (pid_ > 0) {
    send_signal(SIGKILL);
    static_cast<void>(wait());
  }
  if (output_ >= 0)
    ::close(output_);
}

void child_process::send_signal(int signal) const noexcept {
  ::kill(pid_, signal);
}

child_end child_process::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status))
    return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

} // namespace blockferry::runtime
