#pragma once

#include "chain/bytes.hpp"
#include "chain/failure.hpp"

#include <string>

namespace blockferry::chain {

/// A latest.json is refused beyond this size.
constexpr std::size_t latest_bytes_max = 4096;

/// The `exclusive_height` of a CDN's latest.json: bincode of a string that holds a JSON object
/// (specification 1.2).  Depth, size and number are bounded; the error says what does not fit.
[[nodiscard]] expected<height_t, std::string> parse_latest(byte_view file);

/// What a CDN would serve for a chain whose last block is `last`.
[[nodiscard]] byte_buffer make_latest(height_t last_height, const hash& last_hash);

} // namespace blockferry::chain
