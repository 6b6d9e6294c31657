#pragma once

#include "chain/bytes.hpp"

#include <initializer_list>

namespace blockferry::chain {

/// SHA3-256 (FIPS 202) of the parts, one after another.  Throws std::bad_alloc where the library
/// cannot make a context.
[[nodiscard]] hash sha3_256(std::initializer_list<byte_view> parts);

} // namespace blockferry::chain
