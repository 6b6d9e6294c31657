#include "storage/store_walk.hpp"

#include "chain/wire.hpp"
#include "storage/create_store.hpp"
#include "storage/open_checks.hpp"
#include "storage/schema.hpp"

#include <algorithm>
#include <sqlite3.h>

namespace blockferry::storage {
namespace {

/// A damaged record may name any size.
constexpr std::uint64_t reserve_bytes_max = 64ULL << 20;

tl::unexpected<failure> walk_damaged(std::string what) {
  return tl::make_unexpected(failure{errc::store_damaged, std::move(what)});
}

/// Appends a row's block to the file; the walk has seen the ones before it.
result<void> append_block(const statement& row, height_t expected, walked_file& into) {
  walked_block out;
  out.height = expected;
  if (row.integer(0) != std::int64_t{expected})
    return walk_damaged("block " + std::to_string(expected) + " is missing");
  if (row.bytes(1).size() != sizeof(chain::hash::bytes))
    return walk_damaged("the row of block " + std::to_string(expected) + " has no hash");
  out.block_hash = chain::load_hash(row.bytes(1));
  out.timestamp = row.integer(2);
  out.record = {chain::check_set{static_cast<std::uint64_t>(row.integer(3))},
                chain::check_set{static_cast<std::uint64_t>(row.integer(4))}};
  const auto stakes = row.bytes(5);
  out.stakes.assign(stakes.begin(), stakes.end());
  const auto bytes = row.bytes(6);
  chain::append_le(into.bytes, std::uint64_t{bytes.size()});
  into.bytes.insert(into.bytes.end(), bytes.begin(), bytes.end());
  into.blocks.push_back(std::move(out));
  return {};
}

} // namespace

result<store_walk> store_walk::open(const std::filesystem::path& folder, const file_system& files) {
  if (auto done = check_store_there(folder, files); !done)
    return tl::make_unexpected(done.error());
  auto lock = store_lock::acquire(folder);
  if (!lock)
    return tl::make_unexpected(lock.error());
  lock->name_holder();
  if (auto done = recover(folder, files); !done)
    return tl::make_unexpected(done.error());
  const auto path = (folder / database_name).string();
  auto database = connection::open(path, open_mode::read_only, files.vfs());
  auto checker = connection::open(path, open_mode::read_only, files.vfs());
  if (!database || !checker)
    return tl::make_unexpected(!database ? database.error() : checker.error());
  auto identity = read_identity(*database);
  if (!identity)
    return tl::make_unexpected(identity.error());
  auto network = read_network(*database);
  if (!network)
    return tl::make_unexpected(network.error());
  identity->network_toml = std::move(*network);
  auto begin = read_begin(*database, *identity);
  if (!begin)
    return tl::make_unexpected(begin.error());
  return store_walk{std::move(*lock), std::move(*database), std::move(*checker),
                    std::move(*identity), std::move(*begin)};
}

result<store_rows> store_walk::rows() {
  return read_rows(database_);
}

result<bool> store_walk::raising() {
  const auto count = database_.text_of("SELECT count(*) FROM raising");
  return count ? result<bool>{*count != "0"} : tl::make_unexpected(count.error());
}

void store_walk::seek(height_t height) {
  next_height_ = std::max(height / blocks_per_file * blocks_per_file, identity_.start_height);
}

result<std::optional<walked_file>> store_walk::next() {
  auto record = read_bundle(database_, next_height_);
  if (!record)
    return tl::make_unexpected(record.error());
  if (!*record ||
      (*record)->taken.end() == next_height_) { // no file, or a short one that has ended
    auto done = expect_no_more_blocks();
    return done ? result<std::optional<walked_file>>{std::nullopt}
                : tl::make_unexpected(done.error());
  }
  if ((*record)->taken.first != next_height_)
    return walk_damaged("the record of the file that starts at " +
                        std::to_string((*record)->file_start) + " begins at block " +
                        std::to_string((*record)->taken.first) + ", not at the next one, " +
                        std::to_string(next_height_));
  walked_file out;
  out.record = std::move(**record);
  if (auto done = read_blocks(out); !done)
    return tl::make_unexpected(done.error());
  next_height_ = static_cast<height_t>(out.record.taken.end());
  return std::optional{std::move(out)};
}

result<void> store_walk::read_blocks(walked_file& into) {
  const auto& taken = into.record.taken;
  auto rows = statement::prepare(
      database_, "SELECT height, hash, timestamp, made, unmade, stakes, bytes FROM blocks "
                 "WHERE height >= ?1 AND height < ?2 ORDER BY height");
  if (!rows)
    return tl::make_unexpected(rows.error());
  rows->bind(1, std::int64_t{taken.first}).bind(2, static_cast<std::int64_t>(taken.end()));
  into.bytes.reserve(std::min(into.record.file_bytes, reserve_bytes_max));
  chain::append_le(into.bytes, std::uint64_t{taken.count});
  for (; next_height_ < taken.end(); ++next_height_) {
    const auto row = rows->step();
    if (!row)
      return tl::make_unexpected(row.error());
    if (!*row)
      return walk_damaged("block " + std::to_string(next_height_) + " is missing");
    if (auto done = append_block(*rows, next_height_, into); !done)
      return done;
  }
  return {};
}

/// Where the records end, the blocks must.
result<void> store_walk::expect_no_more_blocks() {
  auto rows = statement::prepare(
      database_, "SELECT height FROM blocks WHERE height >= ?1 OR height < ?2 LIMIT 1");
  if (!rows)
    return tl::make_unexpected(rows.error());
  const auto found = rows->bind(1, std::int64_t{next_height_})
                         .bind(2, std::int64_t{identity_.start_height})
                         .step();
  if (!found)
    return tl::make_unexpected(found.error());
  return *found ? walk_damaged("no file's record covers block " + rows->text(0)) : result<void>{};
}

result<void> store_walk::check_file(std::stop_token stop) {
  const std::stop_callback interrupt{stop, [this] { sqlite3_interrupt(checker_.get()); }};
  auto done = checker_.check_integrity();
  return stop.stop_requested() ? result<void>{} : done;
}

} // namespace blockferry::storage
