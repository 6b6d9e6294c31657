#include "storage/create_store.hpp"

#include "storage/raw_file.hpp"
#include "storage/schema.hpp"
#include "storage/store_lock.hpp"

#include <random>
#include <span>

namespace blockferry::storage {
namespace {

result<void> remove_unfinished(const std::string& path, const std::string& vfs) {
  for (const char* suffix : {"", "-journal"})
    if (auto done = remove_file(path + suffix, vfs); !done)
      return done;
  return {};
}

/// The first page, which every journal holds, tells one store from another: SQLite compares its
/// schema cookie with itself alone, so that it may be any number.
result<void> mark_first_page(connection& database, const store_identity& identity) {
  std::uint32_t mark = 0;
  for (const auto byte : std::span{identity.store_id}.first(sizeof mark))
    mark = mark << 8 | byte;
  return database.number_schema(static_cast<std::int32_t>(mark));
}

result<void> write_unfinished(const std::string& path, const store_identity& identity,
                              const chain::chain_state& begin, file_system& files) {
  {
    auto database = connection::open(path, open_mode::create, files.vfs());
    if (!database)
      return tl::make_unexpected(database.error());
    // A crash leaves at worst a file that the next start removes: no journal is needed.
    if (auto done = database->run("PRAGMA journal_mode=MEMORY"); !done)
      return done;
    if (auto done = create_schema(*database, identity, begin); !done)
      return done;
    if (auto done = mark_first_page(*database, identity); !done)
      return done;
  }
  auto file = raw_file::open(path, files.vfs());
  if (!file)
    return tl::make_unexpected(file.error());
  if (!*file)
    return tl::make_unexpected(failure{errc::store_io, path + " vanished while it was made"});
  if (auto done = (*file)->sync(); !done)
    return done;
  return files.set_mode(path);
}

} // namespace

bool is_name_of_store(const std::filesystem::path& folder, const std::filesystem::path& path) {
  const auto plain = [](const std::filesystem::path& one) {
    std::error_code error;
    return std::filesystem::weakly_canonical(std::filesystem::absolute(one, error), error);
  };
  const auto asked = plain(path);
  const auto beside = asked.parent_path();
  const auto home = plain(folder / database_name).parent_path();
  const auto name = asked.filename().string();
  if (beside != home)
    return false;
  return name.starts_with(database_name) || name == lock_name;
}

result<void> create_store(const std::filesystem::path& folder, const store_identity& identity,
                          const chain::chain_state& begin, file_system& files) {
  const auto path = folder / database_name;
  const std::string unfinished = path.string() + ".new";
  if (auto done = remove_unfinished(unfinished, files.vfs()); !done) // what a killed start left
    return done;
  auto done = write_unfinished(unfinished, identity, begin, files);
  if (done)
    done = files.rename(unfinished, path);
  if (!done) {
    static_cast<void>(remove_unfinished(unfinished, files.vfs())); // the first error is told
    return done;
  }
  return files.sync_folder(folder);
}

std::array<std::uint8_t, 16> random_store_id() {
  std::random_device source;
  std::array<std::uint8_t, 16> out{};
  for (auto& byte : out)
    byte = static_cast<std::uint8_t>(source());
  return out;
}

} // namespace blockferry::storage
