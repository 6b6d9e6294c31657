#include "storage/open_checks.hpp"

#include "chain/name.hpp"
#include "storage/create_store.hpp"
#include "storage/hot_journal.hpp"
#include "storage/schema.hpp"

#include <algorithm>
#include <span>

namespace blockferry::storage {
namespace {

constexpr std::size_t change_counter_offset = 24;
constexpr std::size_t page_count_offset = 28;
constexpr std::size_t schema_cookie_offset = 40; ///< holds the mark of `create_store`

result<void> refuse(errc code, std::string message) {
  return tl::make_unexpected(failure{code, std::move(message)});
}

/// A big-endian integer of the SQLite file header (https://sqlite.org/fileformat2.html, section
/// 1.3).
template <class Integer>
Integer header_integer(const file_header& header, std::size_t offset) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    out = out << 8 | header[offset + i];
  return static_cast<Integer>(out);
}

bool is_sqlite(const file_header& header) {
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  return std::ranges::equal(
      std::span{header}.first(magic.size()), magic,
      [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
}

/// Bytes that the file must have by its own header.
std::uint64_t bytes_said(const file_header& header) {
  constexpr std::size_t page_size_offset = 16;
  const std::uint64_t page = header_integer<std::uint16_t>(header, page_size_offset);
  return header_integer<std::uint32_t>(header, page_count_offset) *
         (page == 1 ? std::uint64_t{65536} : page);
}

/// Whether the transaction of the journal began on this database.  It changes the database's first
/// page last, and there the count of changes by one; the mark of the store never.
bool begins_from(const hot_journal& journal, const file_header& now) {
  if (!journal.first_bytes)
    return *journal.pages == header_integer<std::uint32_t>(now, page_count_offset);
  const file_header& began = *journal.first_bytes;
  const auto changes = header_integer<std::uint32_t>(began, change_counter_offset);
  const auto mark = [](const file_header& header) {
    return header_integer<std::uint32_t>(header, schema_cookie_offset);
  };
  return began == now || (mark(began) == mark(now) &&
                          header_integer<std::uint32_t>(now, change_counter_offset) == changes + 1);
}

result<void> check_ours(const std::filesystem::path& path, const file_header& header) {
  constexpr std::size_t user_version_offset = 60;
  constexpr std::size_t application_id_offset = 68;
  if (header_integer<std::int32_t>(header, application_id_offset) != application_id)
    return refuse(errc::store_foreign, path.string() +
                                           " is an SQLite database of another program; nothing was "
                                           "changed. Name another folder with --store.");
  const auto version = header_integer<std::int32_t>(header, user_version_offset);
  if (version > schema_version)
    return refuse(errc::store_newer, path.string() + " has schema " + std::to_string(version) +
                                         ", this program knows " + std::to_string(schema_version) +
                                         "; nothing was changed. Use the newer program.");
  return {};
}

result<void> no_database(const std::filesystem::path& path) {
  return refuse(errc::store_damaged,
                path.string() +
                    " is no SQLite database: it is cut short or overwritten. Restore it "
                    "from a copy, or move the folder away and sync anew.");
}

} // namespace

result<void> check_header(const std::filesystem::path& path, const file_system& files) {
  if (auto done = files.check_names(path); !done)
    return done;
  auto file = raw_file::open(path.string(), files.vfs());
  if (!file)
    return tl::make_unexpected(file.error());
  if (!*file)
    return refuse(errc::store_io, path.string() + " is not there any more");
  const auto bytes = (*file)->size();
  if (!bytes)
    return tl::make_unexpected(bytes.error());
  file_header header{};
  if (auto done = (*file)->read(0, header); !done)
    return done;
  const auto journal = read_hot_journal(path.string(), files.vfs());
  if (!journal)
    return tl::make_unexpected(journal.error());
  if (journal->first_bytes)
    return is_sqlite(*journal->first_bytes) ? check_ours(path, *journal->first_bytes)
                                            : no_database(path);
  if (*bytes < header.size() || !is_sqlite(header))
    return no_database(path);
  if (auto done = check_ours(path, header); !done)
    return done;
  // Page size, rollback journal, no reserved bytes, payload fractions.
  constexpr std::array<std::uint8_t, 8> fixed{page_bytes >> 8, 0, 1, 1, 0, 64, 32, 32};
  if (!std::ranges::equal(std::span{header}.subspan(16, fixed.size()), fixed))
    return refuse(errc::store_damaged, path.string() +
                                           " has a damaged header. Restore it from a copy, or move "
                                           "the folder away and sync anew.");
  if (!journal->present && *bytes < bytes_said(header))
    return refuse(errc::store_damaged,
                  path.string() + " is cut short: " + std::to_string(*bytes) + " bytes of " +
                      std::to_string(bytes_said(header)) +
                      ". Restore it from a copy, or move the folder away and sync anew.");
  return {};
}

result<void> check_identity(const std::filesystem::path& path, const store_identity& found,
                            const wanted_store& asked) {
  const store_identity& wanted = asked.identity;
  if (found.network != wanted.network || found.network_id != wanted.network_id ||
      (found.genesis && wanted.genesis && found.genesis != wanted.genesis))
    return refuse(errc::store_other_network,
                  path.string() + " belongs to the network '" + found.network + "' (id " +
                      std::to_string(found.network_id) + "), not to '" + wanted.network + "' (id " +
                      std::to_string(wanted.network_id) +
                      "); nothing was changed. Name another folder with --store.");
  const bool other_hash =
      wanted.start_hash && found.start_hash && found.start_hash != wanted.start_hash;
  if (asked.start_given && (found.start_height != wanted.start_height || other_hash))
    return refuse(errc::store_other_start,
                  path.string() + " begins at height " + std::to_string(found.start_height) +
                      (other_hash ? " with another hash than the one given"
                                  : ", not at " + std::to_string(wanted.start_height)) +
                      "; nothing was changed. Leave the start away to go on with it.");
  return {};
}

result<void> check_store_there(const std::filesystem::path& folder, const file_system& files) {
  const auto path = folder / database_name;
  if (auto done = files.check_names(path); !done)
    return done;
  const auto file = raw_file::open(path.string(), files.vfs());
  if (!file)
    return tl::make_unexpected(file.error());
  if (!*file)
    return refuse(errc::invalid_argument,
                  "there is no store in " + folder.string() +
                      ". Name the folder of one with --store, or make one with 'sync'.");
  return check_header(path, files);
}

result<bool> recovery_pending(const std::filesystem::path& folder, const file_system& files) {
  const auto journal = read_hot_journal((folder / database_name).string(), files.vfs());
  return journal ? result<bool>{journal->present} : tl::make_unexpected(journal.error());
}

result<void> check_journal(const std::filesystem::path& folder, const file_system& files) {
  const auto path = (folder / database_name).string();
  const auto journal = read_hot_journal(path, files.vfs());
  if (!journal)
    return tl::make_unexpected(journal.error());
  auto file = raw_file::open(path, files.vfs());
  if (!file)
    return tl::make_unexpected(file.error());
  if (!journal->pages || !*file)
    return {};
  file_header now{};
  if (auto done = (*file)->read(0, now); !done)
    return done;
  if (!is_sqlite(now) || begins_from(*journal, now))
    return {};
  return refuse(errc::store_damaged,
                path + "-journal is not of this database as it stands, but of another store or of "
                       "another copy of this one: played back, it would undo committed blocks. "
                       "Nothing was changed. Restore database and journal from one copy; without "
                       "one, move the folder away and sync anew.");
}

result<void> recover(const std::filesystem::path& folder, const file_system& files) {
  const auto pending = recovery_pending(folder, files);
  if (!pending || !*pending)
    return pending ? result<void>{} : tl::make_unexpected(pending.error());
  if (auto done = check_journal(folder, files); !done)
    return done;
  auto database =
      connection::open((folder / database_name).string(), open_mode::read_write, files.vfs());
  if (!database)
    return tl::make_unexpected(database.error());
  // With the journal mode of the writer, so that recovery ends as durably as a commit.
  if (auto done = set_durability(*database); !done)
    return done;
  const auto identity = read_identity(*database);
  return identity ? result<void>{} : tl::make_unexpected(identity.error());
}

result<void> check_before_lock(const std::filesystem::path& folder, const wanted_store& wanted,
                               const file_system& files) {
  const auto path = folder / database_name;
  if (auto done = files.check_names(path); !done)
    return done;
  const auto file = raw_file::open(path.string(), files.vfs());
  if (!file)
    return tl::make_unexpected(file.error());
  const auto journal = read_hot_journal(path.string(), files.vfs());
  if (!journal)
    return tl::make_unexpected(journal.error());
  if (!*file)
    return journal->present
               ? refuse(errc::store_damaged,
                        path.string() + " is missing, its journal is there. Put the database back, "
                                        "or move the whole folder away and sync anew.")
               : result<void>{};
  if (auto done = check_header(path, files); !done)
    return done;
  auto database = connection::open(path.string(), open_mode::immutable, files.vfs());
  if (!database)
    return tl::make_unexpected(database.error());
  const auto found = read_identity(*database);
  if (found)
    return check_identity(path, *found, wanted);
  // What a power cut tore, recovery mends; the caller asks again after it.
  return journal->present ? result<void>{} : tl::make_unexpected(found.error());
}

chain::level level_of_store(const state_row& row) {
  return row.block_count == 0 ? chain::level::none : chain::level_of({row.covered, {}});
}

result<void> check_floor(const state_row& row, chain::level floor) {
  if (row.block_count == 0 || row.covered.includes(chain::checks_of(floor)))
    return {};
  const std::string has{chain::to_string(level_of_store(row))};
  return refuse(errc::store_below_floor,
                "the store holds blocks checked to level '" + has + "', below the floor '" +
                    std::string{chain::to_string(floor)} + "'. Raise them with 'verify --level " +
                    std::string{chain::to_string(floor)} + "', or sync with '--verify " + has +
                    "'.");
}

} // namespace blockferry::storage
