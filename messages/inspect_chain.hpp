#pragma once

#include "chain/rules.hpp"
#include "chain/stake/stake_codec.hpp"
#include "chain/start_file.hpp"
#include "messages/caf_compat.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>

/// How CAF sees the chain's values inside our messages, and the helpers for that.

namespace blockferry::compat {

/// Inspects the fields in their order, under the type's name.
template <class Inspector, class... Fields>
typename Inspector::result_type inspect_fields(Inspector& f, const char* type, Fields&... fields) {
  return f(caf::meta::type_name(type), fields...);
}

/// Inspects a value through its bytes: `pack` makes them when the inspector reads the value,
/// `unpack` takes them, and says whether they fit, when it writes the value.
template <class Inspector, class Pack, class Unpack>
typename Inspector::result_type inspect_packed(Inspector& f, const char* type, Pack pack,
                                               Unpack unpack) {
  std::vector<std::uint8_t> bytes;
  if constexpr (Inspector::reads_state)
    bytes = pack();
  return f(caf::meta::type_name(type), bytes, caf::meta::load_callback([&]() -> caf::error {
             return unpack(bytes) ? caf::error{} : caf::make_error(caf::sec::unknown_type);
           }));
}

/// Inspects an optional as a flag and a value.
template <class Inspector, class T>
typename Inspector::result_type inspect_optional(Inspector& f, const char* type,
                                                 std::optional<T>& x) {
  bool has_value = x.has_value();
  T value = x.value_or(T{});
  return f(caf::meta::type_name(type), has_value, value,
           caf::meta::load_callback([&]() -> caf::error {
             x = has_value ? std::optional<T>{value} : std::nullopt;
             return {};
           }));
}

} // namespace blockferry::compat

namespace blockferry::chain {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hash& x) {
  return compat::inspect_fields(f, "hash", x.bytes);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, height_range& x) {
  return compat::inspect_fields(f, "height_range", x.first, x.count);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_set& x) {
  std::uint64_t bits = x.bits();
  return f(caf::meta::type_name("check_set"), bits, caf::meta::load_callback([&]() -> caf::error {
             x = check_set{bits};
             return {};
           }));
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_record& x) {
  return compat::inspect_fields(f, "check_record", x.made, x.unmade);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, uint128& x) {
  return compat::inspect_fields(f, "uint128", x.low, x.high);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, metadata& x) {
  return compat::inspect_fields(f, "metadata", x.network_id, x.round, x.height, x.cumulative_weight,
                                x.cumulative_proof_target, x.coinbase_target, x.proof_target,
                                x.last_coinbase_target, x.last_coinbase_timestamp, x.timestamp);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, block_facts& x) {
  return compat::inspect_fields(f, "block_facts", x.height, x.block_hash, x.previous_hash,
                                x.timestamp, x.offset, x.size, x.record, x.stakes);
}
namespace stake {
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, block_stakes& x) {
  return compat::inspect_packed(
      f, "block_stakes", [&] { return encode(x); },
      [&](byte_view bytes) {
        auto stakes = decode_block_stakes(bytes);
        if (stakes)
          x = std::move(*stakes);
        return stakes.has_value();
      });
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, block_votes& x) {
  return compat::inspect_packed(
      f, "block_votes", [&] { return encode(x); },
      [&](byte_view bytes) {
        auto votes = decode_block_votes(bytes);
        if (votes)
          x = std::move(*votes);
        return votes.has_value();
      });
}
} // namespace stake
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, body_facts& x) {
  return compat::inspect_fields(f, "body_facts", x.epoch_hashes, x.least_target, x.weight,
                                x.priority_fees, x.block_reward, x.puzzle_reward, x.unread);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, subtree& x) {
  return compat::inspect_fields(f, "subtree", x.height, x.root);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, checked_blocks& x) {
  return compat::inspect_fields(f, "checked_blocks", x.file_blocks, x.blocks, x.headers,
                                x.first_solutions_root, x.previous_state_roots, x.leaves,
                                x.subtrees, x.stakes, x.votes, x.bodies, x.floor, x.required);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, chain_state& x) {
  return compat::inspect_packed(
      f, "chain_state", [&] { return encode_start_file(x); }, // with all that is followed
      [&](byte_view bytes) {
        auto state = decode_start_file(bytes);
        if (state)
          x = std::move(*state);
        return state.has_value();
      });
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_failure& x) {
  bool has_height = x.height.has_value();
  height_t height = x.height.value_or(0);
  return f(caf::meta::type_name("check_failure"), x.kind, x.which, has_height, height, x.offset,
           x.expected, x.found, x.detail, caf::meta::load_callback([&]() -> caf::error {
             x.height = has_height ? std::optional<height_t>{height} : std::nullopt;
             return {};
           }));
}

} // namespace blockferry::chain
