#pragma once

#include "messages/bundles.hpp"
#include "messages/drain.hpp"
#include "messages/inspect_chain.hpp"
#include "messages/status.hpp"
#include "messages/transfers.hpp"
#include "messages/verification.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

/// How CAF sees our messages.  Those that a verify worker exchanges are plain values that CAF can
/// carry to another machine; the others never leave the process.

namespace blockferry {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, payload& x) {
  return compat::inspect_packed(
      f, "payload", [&] { return std::vector<std::uint8_t>(x.view().begin(), x.view().end()); },
      [&](chain::byte_view bytes) {
        x = payload{std::make_shared<const chain::byte_buffer>(bytes.begin(), bytes.end())};
        return true;
      });
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, known_part& x) {
  return compat::inspect_fields(f, "known_part", x.taken, x.file_blocks, x.blocks_sha256);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, failure& x) {
  return compat::inspect_fields(f, "failure", x.code, x.message);
}

/// An optional member, as one field.
template <class T>
struct optional_field {
  std::optional<T>& value;
};
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, optional_field<T>& x) {
  return compat::inspect_optional(f, "optional", x.value);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_request& x) {
  optional_field<known_part> known{x.known};
  return compat::inspect_fields(f, "check_request", x.bytes, x.file_start, x.wanted, x.blocks_min,
                                known, x.floor, x.required);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, checked_bundle& x) {
  optional_field<failure> refused{x.refused};
  optional_field<chain::check_failure> check{x.check};
  return compat::inspect_fields(f, "checked_bundle", x.blocks, x.file_sha256, x.blocks_sha256,
                                refused, check, x.cancelled);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, history_request& x) {
  return compat::inspect_fields(f, "history_request", x.before, x.blocks);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, checked_history& x) {
  optional_field<chain::check_failure> refused{x.refused};
  return compat::inspect_fields(f, "checked_history", x.records, refused, x.cancelled);
}

struct get_status;
struct tick;
struct commit_group;
struct node_peers;

} // namespace blockferry

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::get_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::commit_group)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::node_peers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::fetched_bundle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::verified_bundle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::bundle_committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::bundle_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::bundle_verified)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::transfer_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::drain_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::drain_receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::drain_writer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::committed_ack)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::downloader_drained)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::verifier_drained)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::download_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::node_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::store_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::phase_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::progressed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(blockferry::drained)
