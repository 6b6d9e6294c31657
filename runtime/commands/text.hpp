#pragma once

#include "chain/checks.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace blockferry::runtime {

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
/// "2024-09-04T15:00:00Z"; the bare number where no calendar reaches.
[[nodiscard]] std::string utc(std::int64_t unix_seconds);
/// "a, b", in the order of the checks' numbers; "none" for the empty set.
[[nodiscard]] std::string names_of(chain::check_set checks);

} // namespace blockferry::runtime
