#pragma once

#include "storage/sqlite.hpp"

namespace blockferry::storage {

/// Marks a database file as a blockferry store: "bfry" in the file header.
constexpr std::int32_t application_id = 0x62667279;
/// Version of the tables; a store of a newer one is refused.
constexpr std::int32_t schema_version = 1;
/// Chosen by measurement, see README.md.
constexpr int page_bytes = 16384;

/// Creates all tables in an empty database, the row that says what the store is, and the state in
/// which its chain begins.
[[nodiscard]] result<void> create_schema(connection& database, const store_identity& identity,
                                         const chain::chain_state& begin);

/// The row that says what the store is; it never changes.  `network_toml` is left empty.
[[nodiscard]] result<store_identity> read_identity(connection& database);

/// The network's text, apart from the identity, which is read without recovery.
[[nodiscard]] result<void> write_network(connection& database, const std::string& toml);
[[nodiscard]] result<std::string> read_network(connection& database);

/// The state before the store's first block: genesis, a pin, or the start file it began with.
[[nodiscard]] result<chain::chain_state> read_begin(connection& database,
                                                    const store_identity& identity);

/// What every connection that writes sets, and reads back: journal mode and synchronous=FULL.
[[nodiscard]] result<void> set_durability(connection& database);

} // namespace blockferry::storage
