#pragma once

#include "chain/chain_state.hpp"
#include "messages/errors.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace blockferry {

/// Why a node stops.  The exit code of a process follows from it and from the first failure.
enum class drain_reason : std::uint8_t {
  signal = 1,   ///< SIGTERM or SIGINT
  requested,    ///< the API or a host actor
  completed,    ///< the tip, or --until, is reached
  gave_up,      ///< no progress on the network for --give-up-after
  data_refused, ///< the same refused bytes from every mirror, or all contradict the store
  store_failed, ///< the sticky storage error
  actor_died,   ///< the downloader, verifier or writer ended unexpectedly
};

[[nodiscard]] std::string_view to_string(drain_reason reason);

/// Asks for an orderly stop; any time, any number of times, from anyone.
struct drain_request {
  drain_reason reason = drain_reason::requested;
  std::string detail; ///< "SIGTERM", the name of a host, or empty
  friend bool operator==(const drain_request&, const drain_request&) = default;
};

/// Reply of the downloader: no new request, transfers abandoned.
struct downloader_drained {
  std::uint32_t transfers_abandoned = 0;
  std::uint64_t blocks_fetched = 0; ///< since the start of the node
  friend bool operator==(const downloader_drained&, const downloader_drained&) = default;
};

/// Reply of the verifier: whatever was ready in order is in the writer's mailbox.
struct verifier_drained {
  std::uint32_t bundles_dropped = 0; ///< fetched, but not verified
  std::uint64_t blocks_verified = 0; ///< since the start of the node
  friend bool operator==(const verifier_drained&, const verifier_drained&) = default;
};

/// What a stop left behind, for people and as JSON; kept in the store.
struct drain_receipt {
  drain_reason reason = drain_reason::requested;
  std::string detail;
  std::optional<chain::tip> durable; ///< the last block that survives; absent for an empty store
  std::uint64_t blocks_fetched = 0;  ///< since the start of the node
  std::uint64_t blocks_verified = 0;
  std::uint64_t blocks_committed = 0;
  std::uint32_t transfers_abandoned = 0;
  std::uint32_t bundles_dropped = 0; ///< fetched or verified, but not committed
  std::int64_t started_at_ms = 0;    ///< Unix time of the first drain request, milliseconds
  /// From there until the last commit had ended; in the store's own copy, until it began to end.
  std::int64_t duration_ms = 0;
  bool clean = false;           ///< the store was marked clean
  std::optional<failure> error; ///< why not, or why the node stopped by itself
  friend bool operator==(const drain_receipt&, const drain_receipt&) = default;
};

/// supervisor -> writer: commit what is queued, then mark the store clean with this receipt.  The
/// writer fills in what only it knows: durable tip, committed count, duration.
struct drain_writer {
  drain_receipt receipt;
  friend bool operator==(const drain_writer&, const drain_writer&) = default;
};

/// Reply to `drain_writer`.  With `receipt.clean`, everything up to `receipt.durable` survives
/// SIGKILL and power loss, and the reply was sent after COMMIT returned SQLITE_OK with
/// synchronous=FULL, never earlier.  Without it `receipt.error` is the sticky storage error, and
/// `receipt.durable` is what was acknowledged before it.
struct committed_ack {
  drain_receipt receipt;
  friend bool operator==(const committed_ack&, const committed_ack&) = default;
};

} // namespace blockferry
