#include "storage/create_store.hpp"

#include "storage/schema.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <unistd.h>

namespace blockferry::storage {
namespace {

result<void> system_failure(const std::string& what) {
  const int error = errno;
  return tl::make_unexpected(
      failure{classify(10 /* SQLITE_IOERR */, error), what + ": " + std::strerror(error)});
}

result<void> sync_path(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0)
    return system_failure("opening " + path.string() + " to sync it");
  const int code = ::fsync(descriptor);
  ::close(descriptor);
  return code == 0 ? result<void>{} : system_failure("syncing " + path.string());
}

} // namespace

result<void> create_store(const std::filesystem::path& folder, const store_identity& identity,
                          const chain::chain_state& begin, const std::string& vfs) {
  const auto path = folder / database_name;
  auto unfinished = path;
  unfinished += ".new";
  std::error_code error;
  for (const char* suffix : {"", "-journal"}) // what a killed start left
    std::filesystem::remove(unfinished.string() + suffix, error);
  {
    auto database = connection::open(unfinished.string(), open_mode::create, vfs);
    if (!database)
      return tl::make_unexpected(database.error());
    // A crash leaves at worst a file that the next start removes: no journal is needed.
    if (auto done = database->run("PRAGMA journal_mode=MEMORY"); !done)
      return done;
    if (auto done = create_schema(*database, identity, begin); !done)
      return done;
  }
  if (auto done = sync_path(unfinished, O_RDONLY); !done)
    return done;
  std::filesystem::permissions(unfinished,
                               std::filesystem::perms::owner_read |
                                   std::filesystem::perms::owner_write |
                                   std::filesystem::perms::group_read,
                               error);
  if (error || std::rename(unfinished.c_str(), path.c_str()) != 0)
    return system_failure("renaming " + unfinished.string());
  return sync_path(folder, O_RDONLY | O_DIRECTORY);
}

std::array<std::uint8_t, 16> random_store_id() {
  std::random_device source;
  std::array<std::uint8_t, 16> out{};
  for (auto& byte : out)
    byte = static_cast<std::uint8_t>(source());
  return out;
}

} // namespace blockferry::storage
