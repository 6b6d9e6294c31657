#include "storage/reader.hpp"

#include "chain/wire.hpp"
#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/open_checks.hpp"
#include "storage/receipt_table.hpp"
#include "storage/schema.hpp"
#include "storage/store_lock.hpp"

namespace blockferry::storage {
namespace {

constexpr const char* block_columns =
    "SELECT height, hash, timestamp, made, unmade, bytes FROM blocks ";

result<chain::hash> hash_in(const statement& row, int column, const char* what) {
  if (row.bytes(column).size() != sizeof(chain::hash::bytes))
    return tl::make_unexpected(
        failure{errc::store_damaged, std::string{what} + " is not 32 bytes"});
  return chain::load_hash(row.bytes(column));
}

result<stored_block> block_in(const statement& row) {
  stored_block out;
  out.height = static_cast<height_t>(row.integer(0));
  const auto block_hash = hash_in(row, 1, "a block's hash");
  if (!block_hash)
    return tl::make_unexpected(block_hash.error());
  out.block_hash = *block_hash;
  out.timestamp = row.integer(2);
  out.record = {chain::check_set{static_cast<std::uint64_t>(row.integer(3))},
                chain::check_set{static_cast<std::uint64_t>(row.integer(4))}};
  const auto bytes = row.bytes(5);
  out.bytes.assign(bytes.begin(), bytes.end());
  return out;
}

/// After a kill with no node running: takes the lock for a moment.
result<void> recover_unless_live(const std::filesystem::path& folder, const file_system& files) {
  auto lock = store_lock::acquire(folder);
  if (!lock)
    return lock.error().code == errc::store_locked ? result<void>{} // its holder recovers
                                                   : tl::make_unexpected(lock.error());
  return recover(folder, files);
}

} // namespace

result<reader> reader::open(const std::filesystem::path& folder, const file_system& files) {
  const std::string path = (folder / database_name).string();
  if (auto done = check_store_there(folder, files); !done)
    return tl::make_unexpected(done.error());
  const auto pending = recovery_pending(folder, files);
  if (!pending)
    return tl::make_unexpected(pending.error());
  if (*pending)
    if (auto done = recover_unless_live(folder, files); !done)
      return tl::make_unexpected(done.error());
  auto database = connection::open(path, open_mode::read_only, files.vfs());
  if (!database)
    return tl::make_unexpected(database.error());
  auto identity = read_identity(*database);
  if (!identity)
    return tl::make_unexpected(identity.error());
  auto network = read_network(*database);
  if (!network)
    return tl::make_unexpected(network.error());
  identity->network_toml = std::move(*network);
  return reader{std::move(*database), std::move(*identity)};
}

result<state_row> reader::state() {
  return read_state(database_);
}

result<chain::chain_state> reader::whole_state() {
  // One read transaction, so that state and rows are of the same commit.
  if (auto done = database_.run("BEGIN"); !done)
    return tl::make_unexpected(done.error());
  auto row = read_state(database_);
  auto followed =
      row ? read_followed(database_, row->state) : result<followed_rows>{tl::unexpect, row.error()};
  const auto ended = database_.run("COMMIT"); // SQLite may have ended it with a failed read
  if (!followed)
    return tl::make_unexpected(followed.error());
  if (!ended)
    return tl::make_unexpected(ended.error());
  row->state.followed = std::move(followed->followed);
  return std::move(row->state);
}

result<std::optional<drain_receipt>> reader::last_receipt() {
  return read_receipt(database_);
}

result<std::optional<stored_block>> reader::block_at(height_t height) {
  auto row =
      statement::prepare(database_, (std::string{block_columns} + "WHERE height = ?1").c_str());
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->bind(1, std::int64_t{height}).step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found)
    return std::optional<stored_block>{};
  auto block = block_in(*row);
  if (!block)
    return tl::make_unexpected(block.error());
  return std::optional{std::move(*block)};
}

result<std::optional<stored_block>> reader::block_of(const chain::hash& block_hash) {
  const auto heights = candidate_heights(database_, block_hash);
  if (!heights)
    return tl::make_unexpected(heights.error());
  for (const height_t height : *heights) {
    auto block = block_at(height);
    if (!block || (*block && (*block)->block_hash == block_hash))
      return block;
  }
  return std::optional<stored_block>{};
}

result<std::optional<bundle_record>> reader::bundle_of(height_t height) {
  return read_bundle(database_, height);
}

result<std::optional<bundle_record>> read_bundle(connection& database, height_t height) {
  auto row = statement::prepare(
      database,
      "SELECT file_start, first_height, block_count, file_blocks, file_bytes, file_sha256, "
      "blocks_sha256, url, fetched_at_ms, committed_at_ms FROM bundles WHERE file_start = ?1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->bind(1, std::int64_t{height / blocks_per_file * blocks_per_file}).step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found)
    return std::optional<bundle_record>{};
  bundle_record out;
  out.file_start = static_cast<height_t>(row->integer(0));
  out.taken = {static_cast<height_t>(row->integer(1)), static_cast<std::uint32_t>(row->integer(2))};
  out.file_blocks = static_cast<std::uint32_t>(row->integer(3));
  out.file_bytes = static_cast<std::uint64_t>(row->integer(4));
  const auto file = hash_in(*row, 5, "a file's SHA-256");
  const auto blocks = hash_in(*row, 6, "the SHA-256 of a file's blocks");
  if (!file || !blocks)
    return tl::make_unexpected(!file ? file.error() : blocks.error());
  out.file_sha256 = *file;
  out.blocks_sha256 = *blocks;
  out.url = row->text(7);
  out.fetched_at_ms = row->integer(8);
  out.committed_at_ms = row->integer(9);
  return std::optional{std::move(out)};
}

} // namespace blockferry::storage
