#include "storage/open_checks.hpp"

#include "chain/name.hpp"
#include "storage/create_store.hpp"
#include "storage/schema.hpp"

#include <array>
#include <fstream>

namespace blockferry::storage {
namespace {

result<void> refuse(errc code, std::string message) {
  return tl::make_unexpected(failure{code, std::move(message)});
}

/// A big-endian integer of the SQLite file header (https://sqlite.org/fileformat2.html,
/// section 1.3).
std::uint32_t header_integer(const std::array<char, 100>& header, std::size_t offset) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i)
    out = out << 8 | static_cast<unsigned char>(header[offset + i]);
  return out;
}

result<void> check_identity(const std::filesystem::path& path, const store_identity& found,
                            const store_identity& wanted) {
  if (found.network != wanted.network || found.network_id != wanted.network_id ||
      (found.genesis && wanted.genesis && found.genesis != wanted.genesis))
    return refuse(errc::store_other_network,
                  path.string() + " belongs to the network '" + found.network + "' (id " +
                      std::to_string(found.network_id) + "), not to '" + wanted.network + "' (id " +
                      std::to_string(wanted.network_id) +
                      "); nothing was changed. Name another folder with --store.");
  // Without --start, a store goes on from wherever it began.
  if (wanted.start_hash && (found.start_height != wanted.start_height ||
                            (found.start_hash && found.start_hash != wanted.start_hash)))
    return refuse(errc::store_other_start,
                  path.string() + " begins at height " + std::to_string(found.start_height) +
                      ", not at " + std::to_string(wanted.start_height) + " with the hash given" +
                      "; nothing was changed. Leave --start away to go on with it.");
  return {};
}

} // namespace

bool recovery_pending(const std::filesystem::path& folder) {
  auto journal = folder / database_name;
  journal += "-journal";
  std::error_code error;
  const auto bytes = std::filesystem::file_size(journal, error);
  return !error && bytes > 0;
}

result<void> recover(const std::filesystem::path& folder) {
  if (!recovery_pending(folder))
    return {};
  auto database = connection::open((folder / database_name).string(), open_mode::read_write);
  if (!database)
    return tl::make_unexpected(database.error());
  if (const auto count = database->text_of("SELECT count(*) FROM identity"); !count)
    return tl::make_unexpected(count.error());
  return {};
}

result<void> check_header(const std::filesystem::path& path) {
  constexpr std::size_t page_count_offset = 28;
  constexpr std::size_t user_version_offset = 60;
  constexpr std::size_t application_id_offset = 68;
  std::array<char, 100> header{};
  std::ifstream file{path, std::ios::binary};
  if (!file)
    return refuse(errc::store_io, "cannot read " + path.string());
  file.read(header.data(), header.size());
  if (file.gcount() != static_cast<std::streamsize>(header.size()) ||
      std::string_view{header.data(), 16} != std::string_view{"SQLite format 3\0", 16})
    return refuse(errc::store_damaged,
                  path.string() +
                      " is no SQLite database: it is cut short or overwritten. Restore it "
                      "from a copy, or move it away and sync anew.");
  if (header_integer(header, application_id_offset) != static_cast<std::uint32_t>(application_id))
    return refuse(errc::store_foreign, path.string() +
                                           " is an SQLite database of another program; nothing was "
                                           "changed. Name another folder with --store.");
  const auto version = header_integer(header, user_version_offset);
  if (version > static_cast<std::uint32_t>(schema_version))
    return refuse(errc::store_newer, path.string() + " has schema " + std::to_string(version) +
                                         ", this program knows " + std::to_string(schema_version) +
                                         "; nothing was changed. Use the newer program.");
  // Page size, rollback journal, no reserved bytes, payload fractions.
  constexpr std::string_view fixed{"\x40\x00\x01\x01\x00\x40\x20\x20", 8};
  static_assert(page_bytes == 0x4000);
  if (std::string_view{header.data() + 16, fixed.size()} != fixed)
    return refuse(errc::store_damaged, path.string() +
                                           " has a damaged header. Restore it from a copy, or move "
                                           "it away and sync anew.");
  std::error_code error;
  const bool pending = recovery_pending(path.parent_path());
  const auto bytes = std::filesystem::file_size(path, error);
  if (!pending && !error &&
      bytes < std::uint64_t{header_integer(header, page_count_offset)} * page_bytes)
    return refuse(
        errc::store_damaged,
        path.string() + " is cut short: " + std::to_string(bytes) + " bytes of " +
            std::to_string(std::uint64_t{header_integer(header, page_count_offset)} * page_bytes) +
            ". Restore it from a copy, or move it away and sync anew.");
  return {};
}

result<void> check_store_there(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder / database_name, error))
    return refuse(errc::invalid_argument,
                  "there is no store in " + folder.string() +
                      ". Name the folder of one with --store, or make one with 'sync'.");
  return check_header(folder / database_name);
}

result<void> check_before_lock(const std::filesystem::path& folder, const store_identity& wanted,
                               const std::string& vfs) {
  const auto path = folder / database_name;
  std::error_code error;
  if (!vfs.empty() || !std::filesystem::exists(path, error))
    return {};
  if (auto done = check_header(path); !done)
    return done;
  auto database = connection::open(path.string(), open_mode::immutable);
  if (!database)
    return tl::make_unexpected(database.error());
  const auto found = read_identity(*database);
  if (!found)
    return tl::make_unexpected(found.error());
  return check_identity(path, *found, wanted);
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
