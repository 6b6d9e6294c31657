#include "runtime/exit_code.hpp"

namespace blockferry::runtime {

exit_code exit_code_of(const failure& why) noexcept {
  if (is_cdn_error(why.code))
    return exit_code::network_gave_up;
  if (is_bundle_error(why.code))
    return exit_code::data_refused;
  switch (why.code) {
  case errc::store_io:
    return exit_code::storage;
  case errc::store_full:
    return exit_code::disk_full;
  case errc::store_damaged:
    return exit_code::data_refused;
  case errc::store_foreign:
  case errc::store_newer:
  case errc::store_other_network:
  case errc::store_other_start:
  case errc::store_below_floor:
  case errc::invalid_argument:
    return exit_code::usage;
  case errc::store_locked:
    return exit_code::store_locked;
  case errc::cdn_unreachable:
  case errc::cdn_timed_out:
  case errc::cdn_truncated:
  case errc::cdn_bad_status:
  case errc::cdn_not_found:
  case errc::cdn_rate_limited:
  case errc::cdn_too_large:
  case errc::cdn_bad_encoding:
  case errc::cdn_forbidden_address:
  case errc::cdn_tls:
  case errc::cdn_protocol:
  case errc::cdn_bad_latest:
  case errc::cdn_nothing_new:
  case errc::bundle_malformed:
  case errc::bundle_check_failed:
  case errc::bundle_contradicts_store:
  case errc::bundle_mirrors_disagree:
  case errc::shutting_down:
  case errc::worker_died:
    return exit_code::other;
  }
  return exit_code::other;
}

exit_code exit_code_of(const drain_receipt& receipt) noexcept {
  // Whatever asked for the stop: a store that failed on the way is what a script must hear of.
  if (receipt.error && is_store_error(receipt.error->code))
    return exit_code_of(*receipt.error);
  switch (receipt.reason) {
  case drain_reason::signal:
  case drain_reason::requested:
  case drain_reason::completed:
    break;
  case drain_reason::gave_up:
    return exit_code::network_gave_up;
  case drain_reason::data_refused:
    return exit_code::data_refused;
  case drain_reason::store_failed:
    return receipt.error ? exit_code_of(*receipt.error) : exit_code::storage;
  case drain_reason::actor_died:
    return exit_code::other;
  }
  // Asked to stop, but the last commit failed: what the store says counts.
  return receipt.clean   ? exit_code::done
         : receipt.error ? exit_code_of(*receipt.error)
                         : exit_code::storage;
}

} // namespace blockferry::runtime
