#pragma once

#include "chain/bytes.hpp"
#include "chain/transactions/literals.hpp"

#include <cstdint>
#include <random>
#include <span>
#include <string_view>

namespace blockferry::kit {

/// Wire bytes of plaintexts (specification 2.7): literals.
[[nodiscard]] chain::byte_buffer literal_value(chain::literal_type type, chain::byte_view bytes);
[[nodiscard]] chain::byte_buffer address_value(const chain::hash& address);
[[nodiscard]] chain::byte_buffer field_value(const chain::hash& element);
[[nodiscard]] chain::byte_buffer boolean_value(bool value);
[[nodiscard]] chain::byte_buffer u8_value(std::uint8_t value);
[[nodiscard]] chain::byte_buffer u64_value(std::uint64_t value);

/// A future of `program`.aleo whose arguments are plaintexts.
[[nodiscard]] chain::byte_buffer future_value(std::string_view program, std::string_view function,
                                              std::span<const chain::byte_buffer> arguments);
/// A ciphertext of one element, by chance: nobody can tell what it hides.
[[nodiscard]] chain::byte_buffer ciphertext_value(std::mt19937_64& random);
/// A record of a public owner without entries, both by chance.
[[nodiscard]] chain::byte_buffer record_value(std::mt19937_64& random);

} // namespace blockferry::kit
