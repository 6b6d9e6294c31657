#pragma once

#include "chain/bytes.hpp"

#include <string_view>

namespace blockferry::chain {

/// BLAKE2Xs with 32 bytes of output, no key, no salt, personalization "AleoHtC0"
/// (specification 3.3). Used only to derive constants, so it is written for reading.
[[nodiscard]] std::array<std::uint8_t, 32> blake2xs(std::string_view message);

} // namespace blockferry::chain
