#pragma once

#include "storage/file_system.hpp"
#include "storage/store.hpp"

#include <filesystem>

namespace blockferry::storage {

/// Name of the database file in a store's folder.
inline constexpr const char* database_name = "blocks.sqlite";

/// Whether `path` is a name that the store in `folder` has, or SQLite beside it, or its lock: what
/// is written there by anybody else is the end of the store.
[[nodiscard]] bool is_name_of_store(const std::filesystem::path& folder,
                                    const std::filesystem::path& path);

/// Makes an empty store: complete under another name, synced, renamed, its folder synced.  So a
/// file under its own name is always a whole store, and a start killed at any moment leaves none or
/// all of it; an error leaves nothing.  The caller holds the lock.
[[nodiscard]] result<void> create_store(const std::filesystem::path& folder,
                                        const store_identity& identity,
                                        const chain::chain_state& begin, file_system& files);

/// A fresh random store id.
[[nodiscard]] std::array<std::uint8_t, 16> random_store_id();

} // namespace blockferry::storage
