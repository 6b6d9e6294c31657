#pragma once

#include "chain/checks.hpp"
#include "messages/bundles.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace blockferry {

using std::chrono::milliseconds;

/// Every limit of the pipeline, named, with its unit.
namespace limits {

constexpr std::uint64_t bundle_bytes_max = 64ULL << 20; ///< a larger file is a classed failure
constexpr std::uint64_t window_bytes_max = 96ULL << 20; ///< from request to commit
constexpr std::size_t window_bundles_max = 256;         ///< from plan to commit
/// Of one transaction, beyond its first bundle.
constexpr std::uint64_t group_bytes_max = 16ULL << 20;
/// The writer begins a transaction with less only if nothing follows, or after `gather_max`.
constexpr std::uint64_t gather_bytes_min = 8ULL << 20;
constexpr milliseconds gather_max{100};
constexpr std::uint64_t reservation_bytes_min = 64ULL << 10;
constexpr std::uint64_t first_reservation_bytes = 4ULL << 20; ///< before any size is known
constexpr std::uint64_t latest_bytes_max = 4096;
constexpr std::uint32_t connections_max = 64;
constexpr std::uint32_t refusal_rounds = 3; ///< the same refused bytes from every mirror so often
constexpr std::uint32_t compare_max = 16;   ///< mirrors that --compare may demand
/// The last height of the last file whose heights all fit 32 bits.
constexpr height_t height_max = 0xffffffffU / blocks_per_file * blocks_per_file - 1;

// The block at the head of the line may always be fetched, whatever waits behind it.
static_assert(bundle_bytes_max <= window_bytes_max - window_bytes_max / 3);
static_assert(first_reservation_bytes <= window_bytes_max - bundle_bytes_max);

} // namespace limits

/// How a downloader waits, in one place.
struct patience {
  milliseconds transfer_deadline{120'000}; ///< for a whole file
  milliseconds latest_deadline{15'000};
  milliseconds backoff_first{250};
  milliseconds backoff_max{30'000};
  milliseconds retry_after_min{1'000};
  milliseconds retry_after_max{300'000};
  milliseconds hedge_min{1'000};       ///< before a second request for the head of the line
  milliseconds quarantine{600'000};    ///< until a quarantined mirror is trusted again
  milliseconds give_up_after{600'000}; ///< without progress, in a sync
  milliseconds poll_interval{5'000};   ///< between two looks at latest.json when following
};

/// What a node is to do.
struct node_options {
  std::vector<std::string>
      mirrors;         ///< base URLs, for status and records; the transport has its own list
  bool follow = false; ///< after the tip is reached: go on until told to stop
  std::optional<height_t> until; ///< the last height to carry, inclusive
  chain::level floor = chain::level::header;
  chain::check_set required;
  std::uint32_t compare = 1;     ///< so many mirrors must agree on a block
  std::uint32_t connections = 8; ///< transfers at once
  std::uint32_t workers = 1;     ///< verify workers
  std::uint64_t window_bytes = limits::window_bytes_max;
  std::uint64_t bundle_bytes = limits::bundle_bytes_max;
  std::uint64_t group_bytes = limits::group_bytes_max;
  patience wait;
  bool detached_writer = true; ///< a thread of its own for the writer; false under a test scheduler
};

} // namespace blockferry
