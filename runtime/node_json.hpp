#pragma once

#include "messages/drain.hpp"
#include "messages/status.hpp"

#include <nlohmann/json_fwd.hpp>

/// The JSON that people's programs read: `status --json`, `sync --json`, the status socket.  Member
/// names are `snake_case` with their unit last; an unknown value is null, never left out.
namespace blockferry::runtime {

/// A failed check: `check height offset expected found detail`.
[[nodiscard]] nlohmann::ordered_json check_failure_json(const chain::check_failure& failure);

/// Why nothing moves: `code message file_start url check`.
[[nodiscard]] nlohmann::ordered_json stall_json(const stall& why);

/// Whether committees are known: `state reason`.
[[nodiscard]] nlohmann::ordered_json committees_json(const committees_status& committees);

/// What a node says of itself: `state height hash target fetched verified committed` (blocks since
/// its start), `bytes_committed blocks_per_second bytes_per_second eta_seconds stalled window_bytes
/// window_bundles mirrors committees`, each mirror with `url health reason failures_in_a_row
/// bytes_received bytes_per_second tip retry_in_ms`.  The status socket adds `pid`.
[[nodiscard]] nlohmann::ordered_json node_status_json(const node_status& status);

/// `reason detail height hash fetched verified committed transfers_abandoned bundles_dropped
/// started_at_ms duration_ms clean error`, the error null or `code message`.
[[nodiscard]] nlohmann::ordered_json receipt_json(const drain_receipt& receipt);

/// The receipt for people: a few lines, each ended.
[[nodiscard]] std::string receipt_text(const drain_receipt& receipt);

/// One line of JSON, without the newline; bytes that are not UTF-8 are replaced, never an error.
[[nodiscard]] std::string one_line(const nlohmann::ordered_json& value);

} // namespace blockferry::runtime
