#pragma once

#include "chain/bytes.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace blockferry::kit {

/// One finalize operation: its kind and its fields (specification 2.5).
struct finalize_operation {
  std::uint8_t kind = 0;
  std::vector<chain::hash> fields;
};

/// Root of a tree whose leaves are the 253 bits of each field (specification 3.5).
[[nodiscard]] chain::hash root_of_fields(std::span<const chain::hash> fields, unsigned depth);

/// A mapping's id (specification 4.5); `program` without ".aleo".
[[nodiscard]] chain::hash mapping_id(std::string_view program, std::string_view mapping);
/// The ids of credits.aleo's mappings.
[[nodiscard]] const chain::hash& credits_mapping(std::string_view name);
/// Update of a u32 in credits.aleo/metadata at the address with this x.
[[nodiscard]] finalize_operation metadata_update(std::uint8_t key, std::uint32_t value);

/// Operations of the ratifications of genesis and of any later block without a puzzle reward.
[[nodiscard]] std::vector<finalize_operation> genesis_operations(std::uint32_t members,
                                                                 std::uint32_t delegators);
[[nodiscard]] const std::vector<finalize_operation>& reward_operations();

/// finalize_root over the transactions' operations, one list each, and the ratified ones.
[[nodiscard]] chain::hash
finalize_root(std::span<const std::vector<finalize_operation>> transactions,
              const std::vector<finalize_operation>& ratified);

/// ratifications_root over the wire bytes of each ratification.
[[nodiscard]] chain::hash ratifications_root(std::span<const chain::byte_buffer> ratifications);
/// transactions_root over the ids.
[[nodiscard]] chain::hash transactions_root(std::span<const chain::hash> ids);

} // namespace blockferry::kit
