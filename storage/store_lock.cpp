#include "storage/store_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace blockferry::storage {
namespace {

constexpr const char* file_name = "lock";
constexpr mode_t file_mode = 0640;

std::string read_holder(int descriptor) {
  std::array<char, 256> text{};
  const auto count = ::pread(descriptor, text.data(), text.size(), 0);
  std::string out{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
  while (!out.empty() && out.back() == '\n')
    out.pop_back();
  return out.empty() ? "another node that is just starting" : out;
}

failure system_failure(const std::string& what) {
  const int error = errno;
  return {errc::store_io,
          what + ": " + std::strerror(error) +
              ". Make the folder writable for this user, or name another with --store."};
}

} // namespace

result<store_lock> store_lock::acquire(const std::filesystem::path& folder) {
  const auto path = folder / file_name;
  const bool existed = std::filesystem::exists(path);
  // An open file description of its own: two nodes in one process exclude each other too.
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, file_mode);
  if (descriptor < 0)
    return tl::make_unexpected(system_failure("opening " + path.string()));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const std::string holder = read_holder(descriptor);
    ::close(descriptor);
    return tl::make_unexpected(
        failure{errc::store_locked, "the store in " + folder.string() + " is held by " + holder +
                                        ". Stop it first, or name another folder with --store."});
  }
  return store_lock{descriptor, path, !existed};
}

store_lock::store_lock(store_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)),
      created_(other.created_) {}

store_lock::~store_lock() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

void store_lock::name_holder() {
  std::array<char, 64> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string text =
      "process " + std::to_string(::getpid()) + " on " + std::string{host.data()} + "\n";
  // What it says is for people: the lock holds without it, so a failure to write it stops nothing.
  if (::ftruncate(descriptor_, 0) == 0)
    static_cast<void>(!::pwrite(descriptor_, text.data(), text.size(), 0));
  created_ = false;
}

void store_lock::forget() {
  if (created_)
    ::unlink(path_.c_str());
  created_ = false;
}

std::string lock_holder(const std::filesystem::path& folder) {
  const int descriptor = ::open((folder / file_name).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return {};
  std::string holder;
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0)
    holder = read_holder(descriptor);
  ::close(descriptor);
  return holder;
}

} // namespace blockferry::storage
