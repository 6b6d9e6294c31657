#include "messages/errors.hpp"

#include <algorithm>
#include <iterator>

namespace blockferry {

namespace {

struct named_code {
  errc code;
  std::string_view name;
};

constexpr named_code names[] = {
    {errc::cdn_unreachable, "cdn_unreachable"},
    {errc::cdn_timed_out, "cdn_timed_out"},
    {errc::cdn_truncated, "cdn_truncated"},
    {errc::cdn_bad_status, "cdn_bad_status"},
    {errc::cdn_not_found, "cdn_not_found"},
    {errc::cdn_rate_limited, "cdn_rate_limited"},
    {errc::cdn_too_large, "cdn_too_large"},
    {errc::cdn_bad_encoding, "cdn_bad_encoding"},
    {errc::cdn_forbidden_address, "cdn_forbidden_address"},
    {errc::cdn_tls, "cdn_tls"},
    {errc::cdn_protocol, "cdn_protocol"},
    {errc::cdn_bad_latest, "cdn_bad_latest"},
    {errc::cdn_nothing_new, "cdn_nothing_new"},
    {errc::bundle_malformed, "bundle_malformed"},
    {errc::bundle_check_failed, "bundle_check_failed"},
    {errc::bundle_contradicts_store, "bundle_contradicts_store"},
    {errc::bundle_mirrors_disagree, "bundle_mirrors_disagree"},
    {errc::store_io, "store_io"},
    {errc::store_full, "store_full"},
    {errc::store_damaged, "store_damaged"},
    {errc::store_foreign, "store_foreign"},
    {errc::store_newer, "store_newer"},
    {errc::store_other_network, "store_other_network"},
    {errc::store_other_start, "store_other_start"},
    {errc::store_below_floor, "store_below_floor"},
    {errc::store_locked, "store_locked"},
    {errc::shutting_down, "shutting_down"},
    {errc::worker_died, "worker_died"},
    {errc::invalid_argument, "invalid_argument"},
};

} // namespace

std::string_view to_string(errc code) {
  const auto* const found = std::ranges::find(names, code, &named_code::code);
  return found == std::end(names) ? "unknown" : found->name;
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
