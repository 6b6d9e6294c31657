#pragma once

#include "storage/sqlite.hpp"

namespace blockferry::storage {

/// Writes the receipt in place of the last one; inside a transaction of the caller.
[[nodiscard]] result<void> write_receipt(connection& database, const drain_receipt& receipt);

/// The last receipt, if there was a drain.
[[nodiscard]] result<std::optional<drain_receipt>> read_receipt(connection& database);

} // namespace blockferry::storage
