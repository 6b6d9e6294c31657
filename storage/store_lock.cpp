#include "storage/store_lock.hpp"

#include "storage/sqlite.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace blockferry::storage {
namespace {

constexpr mode_t file_mode = 0640;
constexpr std::string_view process_word = "process ";

std::string host_name() {
  std::array<char, 65> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

std::string holder_text(const std::string& process) {
  return std::string{process_word} + process + " on " + host_name();
}

/// Whether a process of this host that the text names is gone: then the text is of a holder before.
bool is_outdated(const std::string& text) {
  if (!text.starts_with(process_word))
    return true;
  const std::string process =
      text.substr(process_word.size(), text.find(' ', process_word.size()) - process_word.size());
  const long number = std::strtol(process.c_str(), nullptr, 10);
  return number <= 0 || (text == holder_text(process) &&
                         ::kill(static_cast<pid_t>(number), 0) != 0 && errno == ESRCH);
}

std::string read_holder(int descriptor) {
  std::array<char, 256> text{};
  const auto count = ::pread(descriptor, text.data(), text.size(), 0);
  std::string out{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
  while (!out.empty() && out.back() == '\n')
    out.pop_back();
  return is_outdated(out) ? "another program, which is just starting or reading" : out;
}

/// Whether the path still leads to the open file: a refused start removes the file that it made.
bool is_named(int descriptor, const std::filesystem::path& path) {
  struct stat open_file {};
  struct stat named {};
  return ::fstat(descriptor, &open_file) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

} // namespace

result<store_lock> store_lock::acquire(const std::filesystem::path& folder) {
  for (;;) {
    // Whatever throws from here on, memory may be short, gives the descriptor and the lock back.
    store_lock out{-1, folder / lock_name, false};
    // An open file description of its own: two nodes in one process exclude each other too.
    constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    out.descriptor_ = ::open(out.path_.c_str(), flags);
    const bool missing = out.descriptor_ < 0 && errno == ENOENT;
    if (missing) {
      out.descriptor_ = ::open(out.path_.c_str(), flags | O_CREAT | O_EXCL, file_mode);
      if (out.descriptor_ < 0 && errno == EEXIST)
        continue; // somebody else was quicker: his file serves as well
    }
    if (out.descriptor_ < 0)
      return tl::make_unexpected(failure_of(io_error_code, errno, "opening " + out.path_.string()));
    if (::flock(out.descriptor_, LOCK_EX | LOCK_NB) != 0)
      return tl::make_unexpected(
          failure{errc::store_locked, "the store in " + folder.string() + " is held by " +
                                          read_holder(out.descriptor_) +
                                          ". Stop it first, or name another folder with --store."});
    if (!is_named(out.descriptor_, out.path_))
      continue;
    out.created_ = missing; // only the holder may take the name away again
    return out;
  }
}

store_lock::store_lock(store_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)),
      created_(other.created_) {}

store_lock::~store_lock() {
  if (descriptor_ < 0)
    return;
  if (created_)
    ::unlink(path_.c_str()); // while the lock is held: who waits for it looks again
  ::close(descriptor_);
}

void store_lock::name_holder() {
  const std::string text = holder_text(std::to_string(::getpid())) + "\n";
  // What it says is for people: the lock holds without it, so a failure to write it stops nothing.
  if (::ftruncate(descriptor_, 0) == 0)
    static_cast<void>(!::pwrite(descriptor_, text.data(), text.size(), 0));
  created_ = false;
}

std::string lock_holder(const std::filesystem::path& folder) {
  const int descriptor = ::open((folder / lock_name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0)
    return {};
  std::string holder;
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0)
    holder = read_holder(descriptor);
  ::close(descriptor);
  return holder;
}

bool is_node(std::string_view holder) noexcept {
  return holder.starts_with(process_word);
}

} // namespace blockferry::storage
