#include "storage/store_rows.hpp"

#include "chain/wire.hpp"
#include "storage/receipt_table.hpp"
#include "storage/schema.hpp"

#include <chrono>

namespace blockferry::storage {
namespace {

result<void> row_damaged(std::string what) {
  return tl::make_unexpected(
      failure{errc::store_damaged,
              std::move(what) +
                  ". The store does not hold what was written to it: restore it from a copy, or "
                  "move it away and sync anew."});
}

std::int64_t signed_bits(chain::check_set set) {
  return static_cast<std::int64_t>(set.bits());
}
chain::check_set checks_in(std::int64_t bits) {
  return chain::check_set{static_cast<std::uint64_t>(bits)};
}

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// The record of the last file, when the store does not have it whole.
result<std::optional<known_part>> last_known(connection& database) {
  auto row = statement::prepare(
      database,
      "SELECT file_start, first_height, block_count, file_blocks, blocks_sha256 FROM bundles "
      "ORDER BY file_start DESC LIMIT 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found || row->bytes(4).size() != sizeof(chain::hash::bytes))
    return std::optional<known_part>{};
  known_part out;
  out.taken = {static_cast<height_t>(row->integer(1)), static_cast<std::uint32_t>(row->integer(2))};
  out.file_blocks = static_cast<std::uint32_t>(row->integer(3));
  out.blocks_sha256 = chain::load_hash(row->bytes(4));
  if (out.taken.end() == static_cast<std::uint64_t>(row->integer(0)) + blocks_per_file)
    return std::optional<known_part>{};
  return std::optional{out};
}

/// The tip row, the encoded state and the last block must agree.
result<void> check_tip(connection& database, const state_row& row) {
  auto tip =
      statement::prepare(database, "SELECT height, hash FROM blocks ORDER BY height DESC LIMIT 1");
  if (!tip)
    return tl::make_unexpected(tip.error());
  const auto found = tip->step();
  if (!found)
    return tl::make_unexpected(found.error());
  const auto& last = row.state.last;
  // A state from a start file knows the block before the store's first.
  const bool before_first = last && row.state.next_height == row.state.start_height;
  if (*found != (last && !before_first) || (last && row.state.next_height != last->height + 1))
    return row_damaged("the chain state and the blocks disagree on whether there is a tip");
  if (*found && (tip->integer(0) != std::int64_t{last->height} ||
                 tip->bytes(1).size() != sizeof(chain::hash::bytes) ||
                 chain::load_hash(tip->bytes(1)) != last->block_hash))
    return row_damaged("the chain state names another tip than the last block, height " +
                       std::to_string(last->height));
  if (row.block_count != std::uint64_t{row.state.next_height} - row.state.start_height)
    return row_damaged("the store says it holds " + std::to_string(row.block_count) +
                       " blocks, its heights say " +
                       std::to_string(row.state.next_height - row.state.start_height));
  return {};
}

} // namespace

chain::check_set covered_by(const chain::check_record& record) {
  return record.made | (record.unmade & chain::excusable_checks());
}

result<state_row> read_state(connection& database) {
  auto row = statement::prepare(
      database, "SELECT block_count, covered, unmade, clean, encoded, tip_height, tip_hash "
                "FROM chain_state WHERE id = 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found)
    return tl::make_unexpected(row_damaged("the row of the chain state is missing").error());
  state_row out;
  out.block_count = static_cast<std::uint64_t>(row->integer(0));
  out.covered = checks_in(row->integer(1));
  out.unmade = checks_in(row->integer(2));
  out.clean = row->integer(3) != 0;
  auto state = chain::decode_chain_state(row->bytes(4));
  if (!state)
    return tl::make_unexpected(row_damaged(state.error()).error());
  out.state = std::move(*state);
  const bool same_tip =
      row->is_null(5) ? !out.state.last
                      : out.state.last && row->integer(5) == std::int64_t{out.state.last->height} &&
                            row->bytes(6).size() == sizeof(chain::hash::bytes) &&
                            chain::load_hash(row->bytes(6)) == out.state.last->block_hash;
  if (!same_tip)
    return tl::make_unexpected(row_damaged("the tip and the chain state beside it differ").error());
  return out;
}

result<void> write_state(connection& database, const state_row& row) {
  auto update = statement::prepare(
      database,
      "UPDATE chain_state SET tip_height = ?1, tip_hash = ?2, block_count = ?3, covered = ?4, "
      "unmade = ?5, clean = ?6, encoded = ?7 WHERE id = 1");
  if (!update)
    return tl::make_unexpected(update.error());
  const auto encoded = chain::encode(row.state);
  if (row.state.last)
    update->bind(1, std::int64_t{row.state.last->height})
        .bind(2, byte_view{row.state.last->block_hash.bytes});
  return update->bind(3, static_cast<std::int64_t>(row.block_count))
      .bind(4, signed_bits(row.covered))
      .bind(5, signed_bits(row.unmade))
      .bind(6, std::int64_t{row.clean})
      .bind(7, byte_view{encoded})
      .run();
}

result<store_rows> read_rows(connection& database) {
  auto identity = read_identity(database);
  if (!identity)
    return tl::make_unexpected(identity.error());
  auto state = read_state(database);
  if (!state)
    return tl::make_unexpected(state.error());
  if (auto done = check_tip(database, *state); !done)
    return tl::make_unexpected(done.error());
  auto followed = read_followed(database, state->state);
  if (!followed)
    return tl::make_unexpected(followed.error());
  state->state.followed = std::move(followed->followed);
  state->since_snapshot = followed->since;
  auto known = last_known(database);
  if (!known)
    return tl::make_unexpected(known.error());
  auto receipt = read_receipt(database);
  if (!receipt)
    return tl::make_unexpected(receipt.error());
  store_rows out;
  out.state = std::move(*state);
  out.resume = {std::move(*identity), out.state.state, *known, out.state.clean,
                std::move(*receipt)};
  return out;
}

void advance(state_row& next, const verified_bundle& bundle) {
  for (const auto& block : bundle.blocks) {
    next.since_snapshot.block_bytes += block.size;
    next.since_snapshot.stake_bytes += block.stakes.size();
    next.covered = next.covered & covered_by(block.record);
    next.unmade = next.unmade | block.record.unmade;
  }
  next.block_count += bundle.blocks.size();
  next.state = bundle.after;
}

result<void> write_blocks(connection& database, const verified_bundle& bundle) {
  auto insert =
      statement::prepare(database, "INSERT INTO blocks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  if (!insert)
    return tl::make_unexpected(insert.error());
  const byte_view file = bundle.bytes.view();
  for (const auto& block : bundle.blocks) {
    if (block.stakes.empty())
      insert->bind_null(6);
    else
      insert->bind(6, byte_view{block.stakes});
    if (auto done = insert->bind(1, std::int64_t{block.height})
                        .bind(2, byte_view{block.block_hash.bytes})
                        .bind(3, block.timestamp)
                        .bind(4, signed_bits(block.record.made))
                        .bind(5, signed_bits(block.record.unmade))
                        .bind(7, file.subspan(block.offset, block.size))
                        .run();
        !done)
      return done;
  }
  return {};
}

result<void> write_bundle(connection& database, const verified_bundle& bundle) {
  // A file that grew, or was taken in part: the record becomes that of the newer copy, for all
  // blocks.
  auto upsert = statement::prepare(
      database,
      "INSERT INTO bundles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT "
      "(file_start) "
      "DO UPDATE SET block_count = block_count + excluded.block_count, file_blocks = "
      "excluded.file_blocks, file_bytes = excluded.file_bytes, file_sha256 = excluded.file_sha256, "
      "blocks_sha256 = excluded.blocks_sha256, url = excluded.url, fetched_at_ms = "
      "excluded.fetched_at_ms, committed_at_ms = excluded.committed_at_ms "
      "WHERE first_height + block_count = excluded.first_height");
  if (!upsert)
    return tl::make_unexpected(upsert.error());
  auto done = upsert->bind(1, std::int64_t{bundle.file_start})
                  .bind(2, std::int64_t{bundle.range.first})
                  .bind(3, std::int64_t{bundle.range.count})
                  .bind(4, std::int64_t{bundle.file_blocks})
                  .bind(5, static_cast<std::int64_t>(bundle.bytes.size()))
                  .bind(6, byte_view{bundle.file_sha256.bytes})
                  .bind(7, byte_view{bundle.blocks_sha256.bytes})
                  .bind(8, std::string_view{bundle.source.url})
                  .bind(9, bundle.source.fetched_at_ms)
                  .bind(10, now_ms())
                  .run();
  if (done && database.changed_rows() != 1)
    return row_damaged("the record of the file that starts at " +
                       std::to_string(bundle.file_start) + " does not end before height " +
                       std::to_string(bundle.range.first));
  return done;
}

std::optional<known_part> known_after(const verified_bundle& last) {
  if (last.range.end() == std::uint64_t{last.file_start} + blocks_per_file)
    return std::nullopt;
  return known_part{
      {last.taken_from, static_cast<std::uint32_t>(last.range.end() - last.taken_from)},
      last.file_blocks,
      last.blocks_sha256};
}

} // namespace blockferry::storage
