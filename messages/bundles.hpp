#pragma once

#include "chain/chain_state.hpp"
#include "chain/checked_blocks.hpp"
#include "chain/failure.hpp"
#include "messages/errors.hpp"
#include "messages/payload.hpp"

#include <optional>
#include <string>
#include <vector>

namespace blockferry {

using chain::height_range;
using chain::height_t;

/// A CDN file holds this many blocks, and its start is a multiple of it (specification 1.1).
constexpr std::uint32_t blocks_per_file = 50;

/// Number of a mirror: its position in the list of origins.
using mirror_id = std::uint32_t;
/// One attempt to carry one file, counted by the downloader from 1.
using bundle_ticket = std::uint64_t;

/// Where a file's bytes came from.  Recorded with its blocks.
struct bundle_source {
  std::string url;
  mirror_id mirror = 0;
  std::int64_t fetched_at_ms = 0; ///< Unix time, milliseconds
  friend bool operator==(const bundle_source&, const bundle_source&) = default;
};

/// The part of a file that the store already has, because the file was short or was taken in part:
/// the known blocks of a newer copy must equal the committed bytes.
struct known_part {
  height_range taken;            ///< heights that are committed
  std::uint32_t file_blocks = 0; ///< blocks in the file when it was last fetched
  chain::hash blocks_sha256;     ///< over the committed blocks with their length prefixes, in order
  friend bool operator==(const known_part&, const known_part&) = default;
};

/// downloader -> verifier: one file, complete as its server framed it, unverified.
struct fetched_bundle {
  bundle_ticket ticket = 0;
  height_t file_start = 0;
  height_range wanted;             ///< blocks to judge and commit; the file may end before
  std::uint32_t blocks_min = 0;    ///< a file with fewer is refused: only the tip's may be short
  std::optional<known_part> known; ///< set when the store has some of the file's blocks
  payload bytes;
  bundle_source source;
  friend bool operator==(const fetched_bundle&, const fetched_bundle&) = default;
};

/// verifier -> writer: blocks that passed, linked to everything before them.  Only the verifier
/// makes one.
struct verified_bundle {
  bundle_ticket ticket = 0;
  height_t file_start = 0;
  height_range range;      ///< heights of `blocks`; never empty
  height_t taken_from = 0; ///< first block of this file that the store has once `blocks` are in
  std::uint32_t file_blocks = 0; ///< blocks in the file as fetched
  payload bytes;
  bundle_source source;
  chain::hash file_sha256; ///< over the whole file as fetched
  /// As in `known_part`: over every block of this file that the store has once `blocks` are in.
  chain::hash blocks_sha256;
  std::vector<chain::block_facts> blocks; ///< records are final; offsets are into `bytes`
  chain::chain_state after;               ///< state after the last of `blocks`
  /// The next blocks are here and being verified: they follow, or a `commit_group` in their place.
  bool followed = false;
  friend bool operator==(const verified_bundle&, const verified_bundle&) = default;
};

/// writer -> downloader, verifier and supervisor: these blocks survive SIGKILL and power loss. Sent
/// after COMMIT returned SQLITE_OK with synchronous=FULL, never earlier.
struct bundle_committed {
  bundle_ticket ticket = 0;
  height_t file_start = 0;
  height_range range;
  std::uint64_t bytes = 0;         ///< size of the file, as counted against the window
  chain::tip tip;                  ///< durable tip after the group that held this bundle
  std::optional<known_part> known; ///< set while the file is not whole in the store
  friend bool operator==(const bundle_committed&, const bundle_committed&) = default;
};

/// verifier -> downloader: these bytes are not wanted; ask another mirror.
struct bundle_refused {
  bundle_ticket ticket = 0;
  height_t file_start = 0;
  bundle_source source;
  chain::hash file_sha256;                   ///< tells "the same refused bytes from every mirror"
  failure why;                               ///< `bundle_*`, `shutting_down`, or `worker_died`
  std::optional<chain::check_failure> check; ///< for `bundle_check_failed`
  friend bool operator==(const bundle_refused&, const bundle_refused&) = default;
};

} // namespace blockferry
