#include "storage/file_system.hpp"

#include "storage/sqlite.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace blockferry::storage {
namespace {

class real_files final : public file_system {
public:
  [[nodiscard]] std::string vfs() const override { return {}; }

  [[nodiscard]] result<void> check_names(const std::filesystem::path& path) const override {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0)
      return {};
    if (S_ISREG(found.st_mode) && found.st_nlink == 1)
      return {};
    return tl::make_unexpected(failure{
        errc::invalid_argument,
        path.string() +
            (S_ISREG(found.st_mode) ? " has several names (hard links)" : " is no regular file") +
            ": its journal would not be found under each of them. Name the folder that "
            "holds the file itself with --store, or copy the file."});
  }

  [[nodiscard]] result<void> set_mode(const std::filesystem::path& path) override {
    return done(::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP) == 0, "setting the mode of ",
                path);
  }

  [[nodiscard]] result<void> rename(const std::filesystem::path& from,
                                    const std::filesystem::path& to) override {
    return done(::rename(from.c_str(), to.c_str()) == 0, "renaming ", from);
  }

  [[nodiscard]] result<void> sync_folder(const std::filesystem::path& folder) override {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
      return done(false, "opening to sync it ", folder);
    auto out = done(::fsync(descriptor) == 0, "syncing ", folder);
    ::close(descriptor);
    return out;
  }

  [[nodiscard]] std::optional<std::uint64_t>
  free_bytes(const std::filesystem::path& folder) const override {
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) != 0)
      return std::nullopt; // SQLite will say if the disk is full
    return std::uint64_t{disk.f_bavail} * disk.f_frsize;
  }

private:
  static result<void> done(bool well, const char* doing, const std::filesystem::path& path) {
    const int error = errno;
    if (well)
      return {};
    return tl::make_unexpected(failure_of(io_error_code, error, doing + path.string()));
  }
};

} // namespace

std::shared_ptr<file_system> real_file_system() {
  return std::make_shared<real_files>();
}

} // namespace blockferry::storage
