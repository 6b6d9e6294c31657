#pragma once

#include "chain/chain_state.hpp"
#include "messages/bundles.hpp"
#include "messages/drain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry {

/// The life of a node.  `stalled` is left again by itself.
enum class node_phase : std::uint8_t {
  starting = 1,
  syncing,
  following,
  stalled,
  draining,
  stopped,
  failed,
};

[[nodiscard]] std::string_view to_string(node_phase phase);

enum class mirror_health : std::uint8_t {
  good = 1,
  failing,     ///< backing off
  open,        ///< circuit open: only a probe now and then
  quarantined, ///< served bytes that a check refused, or that differ from the committed chain
};

[[nodiscard]] std::string_view to_string(mirror_health health);

struct mirror_status {
  std::string url;
  mirror_health health = mirror_health::good;
  std::string reason; ///< of the last failure or the quarantine; empty if there was none
  std::uint32_t failures_in_a_row = 0; ///< of files, of what they held, and of latest.json
  std::uint64_t bytes_received = 0;
  std::optional<std::uint64_t> bytes_per_second; ///< moving average of its transfers
  std::optional<height_t> tip;                   ///< as it advertised last
  std::int64_t retry_in_ms = 0; ///< until it is asked again, for a file or its tip; 0: now
  friend bool operator==(const mirror_status&, const mirror_status&) = default;
};

enum class committees_known : std::uint8_t {
  not_followed = 1, ///< below the level `consensus`
  followed,
  unknown, ///< followed, but lost or never known
};

[[nodiscard]] std::string_view to_string(committees_known state);

/// Whether the committees are known that the next blocks are checked with, and why not.
struct committees_status {
  committees_known state = committees_known::not_followed;
  std::string reason; ///< for `unknown`
  friend bool operator==(const committees_status&, const committees_status&) = default;
};

/// Costs a replay where the state is one that was just read from a store, else nothing.
[[nodiscard]] committees_status committees_of(const chain::stake::followed& state);

/// Why nothing moves.
struct stall {
  failure why;
  height_t file_start = 0;
  std::string url;
  std::optional<chain::check_failure> check;
  friend bool operator==(const stall&, const stall&) = default;
};

/// downloader -> supervisor, when something that people see has changed.
struct download_status {
  std::optional<height_t> target; ///< height of the advertised tip, or of --until
  /// As the files that arrived whole say; those fetched again after a refusal count again.
  std::uint64_t blocks_fetched = 0;
  std::uint64_t bytes_fetched = 0;
  std::uint64_t window_bytes = 0; ///< from request to commit, now
  std::uint32_t window_bundles = 0;
  std::optional<stall> stalled;
  bool target_reached = false; ///< everything up to the target is committed
  /// Why the downloader would end a sync by itself; a node that follows shows it as a stall.
  std::optional<drain_reason> ends;
  /// On `target_reached`: what is missing of the advertised chain; on `ends`: what was waited for,
  /// or which file was refused.
  std::string remark;
  std::vector<mirror_status> mirrors;
  friend bool operator==(const download_status&, const download_status&) = default;
};

/// Reply to `get_status`.  Every number is measured (P9).
struct node_status {
  node_phase phase = node_phase::starting;
  std::optional<chain::tip> durable;
  std::optional<height_t> target;
  std::uint64_t blocks_fetched = 0;
  std::uint64_t blocks_verified = 0;
  std::uint64_t blocks_committed = 0;
  std::uint64_t bytes_committed = 0;
  std::optional<double> blocks_per_second; ///< committed, over the last some 10 s
  std::optional<double> bytes_per_second;
  std::optional<std::uint64_t> eta_seconds; ///< absent: unknown
  std::optional<stall> stalled;
  std::uint64_t window_bytes = 0;
  std::uint32_t window_bundles = 0;
  std::vector<mirror_status> mirrors;
  /// After the last block verified; absent before the first one since the start of the node.
  std::optional<committees_status> committees;
  friend bool operator==(const node_status&, const node_status&) = default;
};

/// supervisor -> subscribers, in order; `drained` is the last.
struct phase_changed {
  node_phase phase = node_phase::starting;
  std::optional<stall> why; ///< for `stalled`
  friend bool operator==(const phase_changed&, const phase_changed&) = default;
};
struct progressed {
  node_status status;
  friend bool operator==(const progressed&, const progressed&) = default;
};
struct refused {
  bundle_refused bundle;
  friend bool operator==(const refused&, const refused&) = default;
};
struct drained {
  drain_receipt receipt;
  friend bool operator==(const drained&, const drained&) = default;
};

} // namespace blockferry
