#include "storage/integrity.hpp"

#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/open_checks.hpp"
#include "storage/schema.hpp"
#include "storage/store_rows.hpp"

#include <memory>
#include <openssl/evp.h>

namespace blockferry::storage {
namespace {

result<void> check_damaged(std::string what) {
  return tl::make_unexpected(failure{errc::store_damaged, std::move(what)});
}

/// Runs a query that finds nothing in a sound store; its first column names what it found.
result<void> expect_no_row(connection& database, const char* sql, const char* what) {
  auto query = statement::prepare(database, sql);
  if (!query)
    return tl::make_unexpected(query.error());
  const auto found = query->step();
  if (!found)
    return tl::make_unexpected(found.error());
  return *found ? check_damaged(what + query->text(0)) : result<void>{};
}

struct contradiction {
  const char* sql;
  const char* what;
};

// Joins, not nested queries: an expression may be ten deep (`harden`).
constexpr contradiction contradictions[] = {
    {"SELECT b.height FROM identity i, blocks b LEFT JOIN blocks p ON p.height = b.height - 1 "
     "WHERE b.height > i.start_height AND p.height IS NULL LIMIT 1",
     "a gap in the heights before "},
    {"SELECT min(height) FROM blocks HAVING min(height) <> (SELECT start_height FROM identity)",
     "the first block is not the store's start but "},
    {"SELECT f.file_start FROM bundles f LEFT JOIN blocks b ON b.height BETWEEN f.first_height "
     "AND f.first_height + f.block_count - 1 GROUP BY f.file_start "
     "HAVING count(b.height) <> f.block_count LIMIT 1",
     "not all blocks are there of the file that starts at "},
    {"SELECT b.height FROM blocks b LEFT JOIN bundles f ON f.file_start = b.height - b.height % 50 "
     "AND b.height BETWEEN f.first_height AND f.first_height + f.block_count - 1 "
     "WHERE f.file_start IS NULL LIMIT 1",
     "no file's record covers the block at height "},
    {"SELECT count(*) FROM blocks HAVING count(*) <> (SELECT block_count FROM chain_state)",
     "the state counts otherwise than the blocks there are, "},
    {"SELECT height FROM blocks WHERE made & unmade <> 0 LIMIT 1",
     "a check is recorded as made and not made at height "},
};

} // namespace

result<offline_check> offline_check::open(const std::filesystem::path& folder,
                                          const file_system& files) {
  const std::string path = (folder / database_name).string();
  if (auto done = check_store_there(folder, files); !done)
    return tl::make_unexpected(done.error());
  auto lock = store_lock::acquire(folder);
  if (!lock)
    return tl::make_unexpected(lock.error());
  if (auto done = check_journal(folder, files); !done)
    return tl::make_unexpected(done.error());
  auto database = connection::open(path, open_mode::read_write, files.vfs());
  if (!database)
    return tl::make_unexpected(database.error());
  if (auto done = set_durability(*database); !done)
    return tl::make_unexpected(done.error());
  return offline_check{std::move(*lock), std::move(*database)};
}

result<void> offline_check::check_file() {
  return database_.check_integrity();
}

result<void> offline_check::check_records() {
  if (const auto rows = read_rows(database_); !rows)
    return tl::make_unexpected(rows.error());
  for (const auto& [sql, what] : contradictions)
    if (auto done = expect_no_row(database_, sql, what); !done)
      return done;
  return check_hash_index(database_);
}

result<chain::hash> offline_check::content_digest() {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(),
                                                                       EVP_MD_CTX_free};
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  auto rows = statement::prepare(
      database_,
      "SELECT height, hash, timestamp, made, unmade, stakes, bytes FROM blocks ORDER BY height");
  if (!rows)
    return tl::make_unexpected(rows.error());
  for (;;) {
    const auto row = rows->step();
    if (!row)
      return tl::make_unexpected(row.error());
    if (!*row)
      break;
    for (const int column : {0, 2, 3, 4}) {
      const auto value = rows->integer(column);
      EVP_DigestUpdate(digest.get(), &value, sizeof value);
    }
    for (const int column : {1, 5, 6}) {
      const auto bytes = rows->bytes(column);
      const std::uint64_t size = bytes.size();
      EVP_DigestUpdate(digest.get(), &size, sizeof size);
      EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
    }
  }
  chain::hash out;
  EVP_DigestFinal_ex(digest.get(), out.bytes.data(), nullptr);
  return out;
}

} // namespace blockferry::storage
