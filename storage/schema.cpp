#include "storage/schema.hpp"

#include "chain/start_file.hpp"
#include "storage/stake_rows.hpp"

#include <algorithm>

namespace blockferry::storage {
namespace {

// Small rows first: what a reader needs to begin stands in tables of one row.  The bytes of a block
// are the last column, so that the other columns are read without them.
constexpr const char* tables = R"(
CREATE TABLE identity(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  store_id BLOB NOT NULL CHECK (length(store_id) = 16),
  network TEXT NOT NULL,
  network_id INTEGER NOT NULL,
  genesis BLOB CHECK (length(genesis) = 32),
  start_height INTEGER NOT NULL CHECK (start_height BETWEEN 0 AND 4294967295),
  start_hash BLOB CHECK (length(start_hash) = 32)
) STRICT;
CREATE TABLE network(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  toml TEXT NOT NULL
) STRICT;
CREATE TABLE start_file(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE chain_state(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  tip_height INTEGER CHECK (tip_height BETWEEN 0 AND 4294967295),
  tip_hash BLOB CHECK (length(tip_hash) = 32),
  block_count INTEGER NOT NULL CHECK (block_count >= 0),
  covered INTEGER NOT NULL,
  unmade INTEGER NOT NULL,
  clean INTEGER NOT NULL CHECK (clean IN (0, 1)),
  encoded BLOB NOT NULL
) STRICT;
CREATE TABLE receipt(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  reason INTEGER NOT NULL,
  detail TEXT NOT NULL,
  durable_height INTEGER,
  durable_hash BLOB CHECK (length(durable_hash) = 32),
  blocks_fetched INTEGER NOT NULL,
  blocks_verified INTEGER NOT NULL,
  blocks_committed INTEGER NOT NULL,
  transfers_abandoned INTEGER NOT NULL,
  bundles_dropped INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  clean INTEGER NOT NULL,
  error_code INTEGER,
  error_message TEXT
) STRICT;
CREATE TABLE bundles(
  file_start INTEGER PRIMARY KEY CHECK (file_start >= 0),
  first_height INTEGER NOT NULL CHECK (first_height >= file_start),
  block_count INTEGER NOT NULL CHECK (block_count > 0),
  file_blocks INTEGER NOT NULL CHECK (first_height + block_count <= file_start + file_blocks),
  file_bytes INTEGER NOT NULL CHECK (file_bytes >= 0),
  file_sha256 BLOB NOT NULL CHECK (length(file_sha256) = 32),
  blocks_sha256 BLOB NOT NULL CHECK (length(blocks_sha256) = 32),
  url TEXT NOT NULL,
  fetched_at_ms INTEGER NOT NULL,
  committed_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE blocks(
  height INTEGER PRIMARY KEY CHECK (height BETWEEN 0 AND 4294967295),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  timestamp INTEGER NOT NULL,
  made INTEGER NOT NULL,
  unmade INTEGER NOT NULL,
  stakes BLOB,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE stake_snapshot(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  next_height INTEGER NOT NULL CHECK (next_height BETWEEN 0 AND 4294967295),
  encoded BLOB NOT NULL
) STRICT;
CREATE TABLE raising(
  id INTEGER PRIMARY KEY CHECK (id = 1)
) STRICT;
CREATE TABLE hash_recent(
  first_height INTEGER PRIMARY KEY,
  prefixes BLOB NOT NULL CHECK (length(prefixes) % 8 = 0)
) STRICT;
CREATE TABLE hash_sealed(
  bucket_and_segment INTEGER PRIMARY KEY,
  entries BLOB NOT NULL CHECK (length(entries) % 12 = 0)
) STRICT;
)";

std::optional<chain::hash> optional_hash(const statement& row, int column) {
  const auto bytes = row.bytes(column);
  if (row.is_null(column) || bytes.size() != sizeof(chain::hash::bytes))
    return std::nullopt;
  chain::hash out;
  std::ranges::copy(bytes, out.bytes.begin());
  return out;
}

result<void> expect_text(connection& database, const char* pragma, std::string_view expected) {
  const auto found = database.text_of(pragma);
  if (!found)
    return tl::make_unexpected(found.error());
  if (*found != expected)
    return tl::make_unexpected(failure{
        errc::store_io, std::string{pragma} + " reads back '" + *found + "' instead of '" +
                            std::string{expected} +
                            "': commits would not be durable. Put the store on a local file system "
                            "that can be written."});
  return {};
}

/// What a check of everything begins from; the blocks before the store's first say it nowhere else.
result<void> keep_start_file(connection& database, const chain::chain_state& begin) {
  auto insert = statement::prepare(database, "INSERT INTO start_file VALUES (1, ?1)");
  if (!insert)
    return tl::make_unexpected(insert.error());
  const auto bytes = chain::encode_start_file(begin);
  return insert->bind(1, byte_view{bytes}).run();
}

} // namespace

result<void> create_schema(connection& database, const store_identity& identity,
                           const chain::chain_state& begin) {
  const std::string setup = "PRAGMA page_size=" + std::to_string(page_bytes) +
                            "; PRAGMA application_id=" + std::to_string(application_id) +
                            "; PRAGMA user_version=" + std::to_string(schema_version) + ";";
  if (auto done = database.run(setup.c_str()); !done)
    return done;
  if (auto done = database.run("BEGIN IMMEDIATE"); !done)
    return done;
  if (auto done = database.run(tables); !done)
    return done;
  auto row =
      statement::prepare(database, "INSERT INTO identity VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)");
  if (!row)
    return tl::make_unexpected(row.error());
  row->bind(1, byte_view{identity.store_id}).bind(2, std::string_view{identity.network});
  row->bind(3, std::int64_t{identity.network_id});
  row->bind(5, std::int64_t{identity.start_height});
  if (identity.genesis)
    row->bind(4, byte_view{identity.genesis->bytes});
  if (identity.start_hash)
    row->bind(6, byte_view{identity.start_hash->bytes});
  if (auto done = row->run(); !done)
    return done;
  const auto encoded = chain::encode(begin);
  auto first =
      statement::prepare(database, "INSERT INTO chain_state VALUES (1, ?2, ?3, 0, -1, 0, 1, ?1)");
  if (!first)
    return tl::make_unexpected(first.error());
  if (begin.last) // of a start file: the block before the store's first
    first->bind(2, std::int64_t{begin.last->height})
        .bind(3, byte_view{begin.last->block_hash.bytes});
  if (auto done = first->bind(1, byte_view{encoded}).run(); !done)
    return done;
  if (!begin.followed.empty())
    if (auto done = write_snapshot(database, begin); !done)
      return done;
  if (auto done = write_network(database, identity.network_toml); !done)
    return done;
  if (begin.last)
    if (auto done = keep_start_file(database, begin); !done)
      return done;
  return database.run("COMMIT");
}

result<store_identity> read_identity(connection& database) {
  auto row = statement::prepare(
      database, "SELECT store_id, network, network_id, genesis, start_height, start_hash "
                "FROM identity WHERE id = 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  store_identity out;
  if (!*found || row->bytes(0).size() != out.store_id.size())
    return tl::make_unexpected(failure{errc::store_damaged, "the store's identity row is missing"});
  std::ranges::copy(row->bytes(0), out.store_id.begin());
  out.network = row->text(1);
  out.network_id = static_cast<std::uint16_t>(row->integer(2));
  out.genesis = optional_hash(*row, 3);
  out.start_height = static_cast<height_t>(row->integer(4));
  out.start_hash = optional_hash(*row, 5);
  return out;
}

result<void> write_network(connection& database, const std::string& toml) {
  auto row = statement::prepare(database, "INSERT OR REPLACE INTO network VALUES (1, ?1)");
  if (!row)
    return tl::make_unexpected(row.error());
  return row->bind(1, std::string_view{toml}).run();
}

result<std::string> read_network(connection& database) {
  return database.text_of("SELECT toml FROM network WHERE id = 1");
}

result<chain::chain_state> read_begin(connection& database, const store_identity& identity) {
  auto row = statement::prepare(database, "SELECT bytes FROM start_file WHERE id = 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found)
    return identity.start_hash
               ? chain::state_before_pinned(identity.start_height, *identity.start_hash)
               : chain::state_before_genesis();
  auto state = chain::decode_start_file(row->bytes(0));
  if (!state || state->next_height != identity.start_height)
    return tl::make_unexpected(
        failure{errc::store_damaged, "the start file that the store began with cannot be read: " +
                                         (state ? "it is for another height" : state.error())});
  return std::move(*state);
}

result<void> set_durability(connection& database) {
  // TRUNCATE at FULL syncs the journal's truncation too, so that a commit that returned is durable.
  if (auto done = expect_text(database, "PRAGMA journal_mode=TRUNCATE", "truncate"); !done)
    return done;
  if (auto done = database.run("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"); !done)
    return done;
  return expect_text(database, "PRAGMA synchronous", "2");
}

} // namespace blockferry::storage
