#pragma once

#include "chain/network.hpp"
#include "storage/store.hpp"

namespace blockferry::runtime {

/// The network of a store, from nothing but the store; a built-in one as this program knows it.
/// `store_damaged` where its text does not fit the rest of its identity.
[[nodiscard]] tl::expected<chain::network, failure>
stored_network(const storage::store_identity& identity);

} // namespace blockferry::runtime
