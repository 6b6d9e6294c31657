#pragma once

#include "chain/rules.hpp"
#include "messages/bundles.hpp"
#include "messages/status.hpp"

#include <optional>

namespace blockferry {

/// verifier -> verify_worker: judge a file by itself.  Plain values, so that a worker may be
/// elsewhere.
struct check_request {
  payload bytes;
  height_t file_start = 0;
  height_range wanted;
  std::uint32_t blocks_min = 0;
  std::optional<known_part> known;
  chain::level floor = chain::level::header;
  chain::check_set required;
  friend bool operator==(const check_request&, const check_request&) = default;
};

/// The reply: the blocks, or why not.
struct checked_bundle {
  chain::checked_blocks blocks;
  chain::hash file_sha256;
  chain::hash blocks_sha256; ///< as in `verified_bundle`
  std::optional<failure> refused;
  std::optional<chain::check_failure> check; ///< for `bundle_check_failed`
  bool cancelled = false;
  friend bool operator==(const checked_bundle&, const checked_bundle&) = default;
};

/// verifier -> verify_worker: judge blocks against the state before them.
struct history_request {
  chain::chain_state before;
  chain::checked_blocks blocks;
  friend bool operator==(const history_request&, const history_request&) = default;
};

/// The reply: final records, or why not.
struct checked_history {
  std::vector<chain::check_record> records;
  std::optional<chain::check_failure> refused;
  bool cancelled = false;
  friend bool operator==(const checked_history&, const checked_history&) = default;
};

/// verifier -> supervisor: blocks were passed on to the writer.
struct bundle_verified {
  height_range range;
  std::int64_t last_timestamp = 0; ///< of the last of them: Unix seconds, as the block says
  committees_status committees;    ///< after them
};

/// writer -> supervisor: the sticky error; nothing is committed any more.
struct store_failed {
  failure why;
  std::optional<chain::tip> durable;
};

} // namespace blockferry
