#include "storage/receipt_table.hpp"

#include <algorithm>

namespace blockferry::storage {

result<void> write_receipt(connection& database, const drain_receipt& receipt) {
  auto row = statement::prepare(
      database,
      "INSERT OR REPLACE INTO receipt VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
      "?11, ?12, ?13, ?14)");
  if (!row)
    return tl::make_unexpected(row.error());
  row->bind(1, static_cast<std::int64_t>(receipt.reason))
      .bind(2, std::string_view{receipt.detail})
      .bind(5, static_cast<std::int64_t>(receipt.blocks_fetched))
      .bind(6, static_cast<std::int64_t>(receipt.blocks_verified))
      .bind(7, static_cast<std::int64_t>(receipt.blocks_committed))
      .bind(8, std::int64_t{receipt.transfers_abandoned})
      .bind(9, std::int64_t{receipt.bundles_dropped})
      .bind(10, receipt.started_at_ms)
      .bind(11, receipt.duration_ms)
      .bind(12, std::int64_t{receipt.clean});
  if (receipt.durable)
    row->bind(3, std::int64_t{receipt.durable->height})
        .bind(4, byte_view{receipt.durable->block_hash.bytes});
  if (receipt.error)
    row->bind(13, static_cast<std::int64_t>(receipt.error->code))
        .bind(14, std::string_view{receipt.error->message});
  return row->run();
}

result<std::optional<drain_receipt>> read_receipt(connection& database) {
  auto row = statement::prepare(
      database,
      "SELECT reason, detail, durable_height, durable_hash, blocks_fetched, blocks_verified, "
      "blocks_committed, transfers_abandoned, bundles_dropped, started_at_ms, duration_ms, clean, "
      "error_code, error_message FROM receipt WHERE id = 1");
  if (!row)
    return tl::make_unexpected(row.error());
  const auto found = row->step();
  if (!found)
    return tl::make_unexpected(found.error());
  if (!*found)
    return std::optional<drain_receipt>{};
  drain_receipt out;
  out.reason = static_cast<drain_reason>(row->integer(0));
  out.detail = row->text(1);
  if (!row->is_null(2) && row->bytes(3).size() == sizeof(chain::hash::bytes)) {
    out.durable = chain::tip{static_cast<height_t>(row->integer(2)), {}};
    std::ranges::copy(row->bytes(3), out.durable->block_hash.bytes.begin());
  }
  out.blocks_fetched = static_cast<std::uint64_t>(row->integer(4));
  out.blocks_verified = static_cast<std::uint64_t>(row->integer(5));
  out.blocks_committed = static_cast<std::uint64_t>(row->integer(6));
  out.transfers_abandoned = static_cast<std::uint32_t>(row->integer(7));
  out.bundles_dropped = static_cast<std::uint32_t>(row->integer(8));
  out.started_at_ms = row->integer(9);
  out.duration_ms = row->integer(10);
  out.clean = row->integer(11) != 0;
  if (!row->is_null(12))
    out.error = failure{static_cast<errc>(row->integer(12)), row->text(13)};
  return std::optional{std::move(out)};
}

} // namespace blockferry::storage
