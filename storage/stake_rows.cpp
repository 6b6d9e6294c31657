#include "storage/stake_rows.hpp"

#include "chain/stake/stake_codec.hpp"

namespace blockferry::storage {
namespace {

using chain::stake::block_stakes;
using chain::stake::following;

tl::unexpected<failure> damaged(const std::string& what) {
  return tl::make_unexpected(
      failure{errc::store_damaged,
              what + ". The store does not hold what was written to it: restore it from a copy, or "
                     "move it away and sync anew."});
}

/// The height that a snapshot stands before, and the snapshot; none if there is none.
struct snapshot {
  height_t next_height = 0;
  following state;
};

result<std::optional<snapshot>> read_snapshot(connection& database) {
  auto row =
      statement::prepare(database, "SELECT next_height, encoded FROM stake_snapshot WHERE id = 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found)
    return std::optional<snapshot>{};
  auto state = chain::stake::decode_following(row->bytes(1));
  if (!state)
    return damaged(state.error());
  return snapshot{static_cast<height_t>(row->integer(0)), std::move(*state)};
}

/// Whether the last block was followed; a chain checked below `consensus` is not, and is not read.
result<bool> is_followed(connection& database) {
  auto row = statement::prepare(
      database, "SELECT stakes IS NOT NULL FROM blocks ORDER BY height DESC LIMIT 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  return *found && row->integer(0) != 0;
}

/// Collects rows in the order of heights.
struct tail {
  following base;
  height_t first = 0;
  std::vector<block_stakes> blocks;
  stake_progress since;
};

result<void> read_tail(connection& database, tail& out) {
  auto rows = statement::prepare(database, "SELECT height, stakes, length(bytes) FROM blocks "
                                           "WHERE height >= ?1 ORDER BY height");
  if (!rows)
    return tl::make_unexpected(rows.error());
  rows->bind(1, std::int64_t{out.first});
  for (;;) {
    const auto found = rows->step();
    if (!found)
      return tl::make_unexpected(found.error());
    if (!*found)
      return {};
    const auto height = static_cast<height_t>(rows->integer(0));
    if (rows->is_null(1)) { // nothing was followed here: it begins anew behind it
      out = {chain::stake::following_from_the_middle(), height + 1, {}, {}};
      continue;
    }
    auto block = chain::stake::decode_block_stakes(rows->bytes(1));
    if (!block)
      return damaged(block.error() + ", height " + std::to_string(height));
    const std::uint64_t last_round =
        out.blocks.empty() ? out.base.committees.last_round() : out.blocks.back().round;
    if (height > 0 && block->round <= last_round)
      return damaged("the rounds of the stored blocks do not rise at height " +
                     std::to_string(height));
    out.blocks.push_back(std::move(*block));
    out.since.stake_bytes += rows->bytes(1).size();
    out.since.block_bytes += static_cast<std::uint64_t>(rows->integer(2));
  }
}

} // namespace

bool snapshot_due(const stake_progress& since, std::uint64_t snapshot_bytes) noexcept {
  return since.block_bytes >= 21 * (snapshot_bytes + since.stake_bytes) ||
         since.block_bytes >= 128 * snapshot_bytes;
}

result<void> write_snapshot(connection& database, const chain::chain_state& state) {
  auto insert = statement::prepare(database, "INSERT OR REPLACE INTO stake_snapshot "
                                             "VALUES (1, ?1, ?2)");
  if (!insert)
    return tl::make_unexpected(insert.error());
  const auto encoded = chain::stake::encode(*state.followed.open());
  return insert->bind(1, std::int64_t{state.next_height}).bind(2, byte_view{encoded}).run();
}

result<followed_rows> read_followed(connection& database, const chain::chain_state& state) {
  const auto followed = is_followed(database);
  if (!followed)
    return tl::make_unexpected(followed.error());
  const bool has_blocks = state.next_height != state.start_height;
  if (has_blocks && !*followed)
    return followed_rows{};
  auto kept = read_snapshot(database);
  if (!kept)
    return tl::make_unexpected(kept.error());
  tail out;
  if (*kept)
    out = {std::move((*kept)->state), (*kept)->next_height, {}, {}};
  else if (!has_blocks)
    return followed_rows{};
  else if (state.start_height != 0)
    out = {chain::stake::following_from_the_middle(), state.start_height, {}, {}};
  if (auto done = read_tail(database, out); !done)
    return tl::make_unexpected(done.error());
  if (out.first + out.blocks.size() != state.next_height)
    return damaged("the rows that the committees follow from do not lead to the tip");
  return followed_rows{
      chain::stake::followed{std::move(out.base), out.first, std::move(out.blocks)}, out.since};
}

} // namespace blockferry::storage
