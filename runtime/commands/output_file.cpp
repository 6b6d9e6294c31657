#include "runtime/commands/output_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

constexpr mode_t file_mode = 0644;

tl::unexpected<failure> system_failure(const std::string& doing) {
  const int error = errno;
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return tl::make_unexpected(failure{full ? errc::store_full : errc::store_io,
                                     doing + ": " + std::strerror(error) +
                                         ". The store is untouched; " +
                                         (full ? "free some space, or name another place."
                                               : "name a place that can be written.")});
}

/// A rename would put a file in the place of whatever has the name, a device or a link too.
bool may_be_replaced(const std::filesystem::path& path) {
  struct stat there {};
  return ::lstat(path.c_str(), &there) != 0 || S_ISREG(there.st_mode);
}

bool write_all(int descriptor, chain::byte_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR)
      return false;
    if (count > 0)
      bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace

tl::expected<void, failure> write_whole_file(const std::filesystem::path& path,
                                             chain::byte_view bytes) {
  if (!may_be_replaced(path))
    return tl::make_unexpected(
        failure{errc::store_io, path.string() + " is a folder, a link or a device; nothing "
                                                "was changed. Name a file."});
  const std::string unfinished = path.string() + ".new";
  const int descriptor =
      ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, file_mode);
  if (descriptor < 0)
    return system_failure("making " + unfinished);
  const bool written = write_all(descriptor, bytes) && ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  if (written && ::rename(unfinished.c_str(), path.c_str()) == 0)
    return {};
  auto out = system_failure("writing " + path.string());
  ::unlink(unfinished.c_str());
  return out;
}

tl::expected<void, failure> sync_folder(const std::filesystem::path& folder) {
  const auto& path = folder.empty() ? std::filesystem::path{"."} : folder;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return system_failure("opening " + path.string());
  const int code = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return code == 0 ? tl::expected<void, failure>{} : system_failure("syncing " + path.string());
}

} // namespace blockferry::runtime
