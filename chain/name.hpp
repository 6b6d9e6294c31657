#pragma once

#include "chain/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace blockferry::chain {

/// Prefixes of names (specification 3.7).
inline constexpr std::string_view block_hash_prefix = "ab";
inline constexpr std::string_view state_root_prefix = "sr";
inline constexpr std::string_view ratification_prefix = "ar";
inline constexpr std::string_view transaction_prefix = "at";
inline constexpr std::string_view transition_prefix = "au";
inline constexpr std::string_view address_prefix = "aleo";
inline constexpr std::string_view solution_prefix = "solution";
inline constexpr std::string_view signature_prefix = "sign";

/// bech32m of the wire bytes, without bech32's limit on the length.
[[nodiscard]] std::string bech32m(std::string_view prefix, byte_view bytes);
/// The reverse; none if prefix, alphabet, checksum or padding do not fit.
[[nodiscard]] std::optional<byte_buffer> parse_bech32m(std::string_view prefix,
                                                       std::string_view text);

/// "ab1..", the name of a block hash, and back.
[[nodiscard]] std::string block_name(const hash& block_hash);
[[nodiscard]] std::optional<hash> parse_block_name(std::string_view text);
/// "sr1..", the name of a state root.
[[nodiscard]] std::string state_root_name(const hash& root);
/// A field in decimal, "17field", as the chain shows ids and roots without a prefix of their own.
[[nodiscard]] std::string field_name(const hash& element);

} // namespace blockferry::chain
