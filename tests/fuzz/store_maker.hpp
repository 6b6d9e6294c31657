#pragma once

#include "tests/fuzz/fuzz.hpp"

namespace blockferry::fuzz {

/// The database file of a small store that was drained: eight made blocks with all their records.
[[nodiscard]] const byte_buffer& made_store();

/// The same store and its journal, as a kill within a transaction leaves both.
struct killed_files {
  byte_buffer database;
  byte_buffer journal;
};
[[nodiscard]] const killed_files& killed_store();

/// Lets everything that opens a store look at this file, and at the journal beside it unless that
/// is empty: reader, offline check, and a node's start.  Whatever they hold, each ends with a value
/// or a `store_*` failure.
void look_at_store(byte_view file, byte_view journal = {});

} // namespace blockferry::fuzz
