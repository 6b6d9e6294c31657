#pragma once

#include "tests/fuzz/fuzz.hpp"

namespace blockferry::fuzz {

/// The database file of a small store that was drained: eight made blocks with all their records.
[[nodiscard]] const byte_buffer& made_store();

/// Lets everything that opens a store look at this file: reader, offline check, and a node's start.
/// Whatever it holds, each ends with a value or a `store_*` failure.
void look_at_store(byte_view file);

} // namespace blockferry::fuzz
