#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace blockferry {

/// Every error that crosses an actor or a folder, classed by what its receiver does about it:
/// `cdn_*` try again, perhaps elsewhere; `bundle_*` discard these bytes and ask another mirror;
/// `store_*` stop.  0 is "no error" by the convention of CAF and is never used.
enum class errc : std::uint8_t {
  // Retry: the network did not deliver.
  cdn_unreachable = 1,   ///< name lookup, connect, or reset without an answer
  cdn_timed_out,         ///< connect time, total deadline, or too slow
  cdn_truncated,         ///< fewer bytes than announced
  cdn_bad_status,        ///< an HTTP status other than 200 (or 304 to a conditional request)
  cdn_not_found,         ///< 404 or 410, or a file that is not there
  cdn_rate_limited,      ///< 429, or 503 with Retry-After
  cdn_too_large,         ///< more bytes than the transfer's limit
  cdn_bad_encoding,      ///< a Content-Encoding other than identity
  cdn_forbidden_address, ///< the host leads to an address that the origin does not permit
  cdn_tls,               ///< certificate, host name or handshake refused
  cdn_protocol,          ///< anything else a peer may do wrong in HTTP
  cdn_bad_latest,        ///< latest.json cannot be read
  cdn_nothing_new,       ///< a whole file, but without a block beyond those that are committed
  // Discard: the bytes are wrong.
  bundle_malformed = 40,    ///< framing, or a short file that must be full
  bundle_check_failed,      ///< a check of the chain refused a block
  bundle_contradicts_store, ///< differs from blocks that are committed
  bundle_mirrors_disagree,  ///< --compare: mirrors gave different blocks
  // Stop: the store cannot go on.
  store_io = 80,       ///< any storage error without a class of its own
  store_full,          ///< ENOSPC, EDQUOT, EFBIG, or the low-disk guard
  store_damaged,       ///< not what was written: names what and where
  store_foreign,       ///< not a blockferry database
  store_newer,         ///< schema of a newer program
  store_other_network, ///< belongs to another network
  store_other_start,   ///< begins at another height or hash than asked for
  store_below_floor,   ///< holds blocks whose records do not reach the floor
  store_locked,        ///< another process or node holds it
  // The node itself.
  shutting_down = 120, ///< came after the drain request
  worker_died,         ///< a verify worker ended before it answered
  invalid_argument,    ///< a usage or configuration error
};

[[nodiscard]] std::string_view to_string(errc code);

[[nodiscard]] bool is_cdn_error(errc code) noexcept;
[[nodiscard]] bool is_bundle_error(errc code) noexcept;
[[nodiscard]] bool is_store_error(errc code) noexcept;

/// An error with its circumstances.  `message` names cause, consequence and next step.
struct failure {
  errc code{};
  std::string message;
  friend bool operator==(const failure&, const failure&) = default;
};

} // namespace blockferry
