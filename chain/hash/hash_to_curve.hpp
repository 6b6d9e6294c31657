#pragma once

#include "chain/math/curve.hpp"

#include <string>

namespace blockferry::chain {

/// H2C of the specification, section 3.3: the bases of every hash and signature.
[[nodiscard]] point hash_to_curve(const std::string& text);

} // namespace blockferry::chain
