#pragma once

#include "messages/bundles.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace blockferry {

/// One transfer, counted by the downloader from 1; a hedge is a transfer of its own.
using transfer_id = std::uint64_t;

/// What the downloader asks of a transport.  The URL is not part of it: the transport builds it
/// from its own list of origins and the typed height, so that no remote string can steer a request.
struct transfer_request {
  transfer_id id = 0;
  mirror_id mirror = 0;
  /// Start of the file to fetch; absent: latest.json.
  std::optional<height_t> file_start;
  std::uint64_t bytes_max = 0;           ///< the body may not be longer
  std::chrono::milliseconds deadline{0}; ///< for the whole transfer
  std::string if_none_match;             ///< ETag of the copy at hand; empty: unconditional
  std::string if_modified_since; ///< Last-Modified of the copy at hand; empty: unconditional
  /// Not over a connection that exists: an answer nobody asked for shifts all that follow it.
  bool fresh_connection = false;
  friend bool operator==(const transfer_request&, const transfer_request&) = default;
};

/// A body that arrived whole with status 200, or "not modified".
struct transfer_body {
  bool not_modified = false; ///< status 304 to a conditional request; `bytes` is empty
  payload bytes;
  std::string etag;
  std::string last_modified;
  std::string url;          ///< as requested, for the record
  std::uint16_t status = 0; ///< HTTP status; 0 for `file`
  friend bool operator==(const transfer_body&, const transfer_body&) = default;
};

/// Why a transfer gave no body.
struct transfer_failure {
  failure why;                                          ///< `cdn_*`
  std::uint16_t status = 0;                             ///< HTTP status, 0 where there was none
  std::optional<std::chrono::milliseconds> retry_after; ///< as sent; the downloader clamps it
  std::uint64_t bytes_needed = 0; ///< for `cdn_too_large`: announced length, 0 if unknown
  friend bool operator==(const transfer_failure&, const transfer_failure&) = default;
};

/// transport -> downloader: the end of a transfer; exactly one for each `start` but for those
/// cancelled.
struct transfer_result {
  transfer_id id = 0;
  mirror_id mirror = 0;
  tl::expected<transfer_body, transfer_failure> outcome;
  std::uint64_t bytes_received = 0;
  std::chrono::milliseconds duration{0};
  std::int64_t finished_at_ms = 0; ///< Unix time, milliseconds
  friend bool operator==(const transfer_result&, const transfer_result&) = default;
};

} // namespace blockferry
