#include "messages/errors.hpp"

namespace blockferry {

std::string_view to_string(errc code) {
  switch (code) {
  case errc::cdn_unreachable:
    return "cdn_unreachable";
  case errc::cdn_timed_out:
    return "cdn_timed_out";
  case errc::cdn_truncated:
    return "cdn_truncated";
  case errc::cdn_bad_status:
    return "cdn_bad_status";
  case errc::cdn_not_found:
    return "cdn_not_found";
  case errc::cdn_rate_limited:
    return "cdn_rate_limited";
  case errc::cdn_too_large:
    return "cdn_too_large";
  case errc::cdn_bad_encoding:
    return "cdn_bad_encoding";
  case errc::cdn_forbidden_address:
    return "cdn_forbidden_address";
  case errc::cdn_tls:
    return "cdn_tls";
  case errc::cdn_protocol:
    return "cdn_protocol";
  case errc::cdn_bad_latest:
    return "cdn_bad_latest";
  case errc::cdn_nothing_new:
    return "cdn_nothing_new";
  case errc::bundle_malformed:
    return "bundle_malformed";
  case errc::bundle_check_failed:
    return "bundle_check_failed";
  case errc::bundle_contradicts_store:
    return "bundle_contradicts_store";
  case errc::bundle_mirrors_disagree:
    return "bundle_mirrors_disagree";
  case errc::store_io:
    return "store_io";
  case errc::store_full:
    return "store_full";
  case errc::store_damaged:
    return "store_damaged";
  case errc::store_foreign:
    return "store_foreign";
  case errc::store_newer:
    return "store_newer";
  case errc::store_other_network:
    return "store_other_network";
  case errc::store_other_start:
    return "store_other_start";
  case errc::store_below_floor:
    return "store_below_floor";
  case errc::store_locked:
    return "store_locked";
  case errc::shutting_down:
    return "shutting_down";
  case errc::worker_died:
    return "worker_died";
  case errc::invalid_argument:
    return "invalid_argument";
  }
  return "unknown";
}

bool is_cdn_error(errc code) noexcept {
  return code >= errc::cdn_unreachable && code <= errc::cdn_nothing_new;
}

bool is_bundle_error(errc code) noexcept {
  return code >= errc::bundle_malformed && code <= errc::bundle_mirrors_disagree;
}

bool is_store_error(errc code) noexcept {
  return code >= errc::store_io && code <= errc::store_locked;
}

} // namespace blockferry
