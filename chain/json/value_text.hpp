#pragma once

#include "chain/bytes.hpp"

#include <string>

namespace blockferry::chain {

/// The chain's own text form of values that a reader let pass: several lines, two spaces a level.
[[nodiscard]] std::string plaintext_text(byte_view value);
[[nodiscard]] std::string future_text(byte_view value);

} // namespace blockferry::chain
