#include "runtime/commands/stored_network.hpp"

#include "runtime/network_file.hpp"

namespace blockferry::runtime {
namespace {

tl::unexpected<failure> damaged(const std::string& what) {
  return tl::make_unexpected(
      failure{errc::store_damaged,
              what + ". The store is damaged: restore it from a copy, or move its folder away and "
                     "sync anew."});
}

} // namespace

tl::expected<chain::network, failure> stored_network(const storage::store_identity& identity) {
  auto net = parse_network(identity.network_toml, "the network's text in the store");
  if (!net)
    return damaged(net.error().message);
  if (net->name != identity.network || net->id != identity.network_id ||
      (identity.genesis && net->genesis != identity.genesis))
    return damaged("the store says it belongs to the network '" + identity.network +
                   "', but keeps the text of '" + net->name + "', or of another genesis");
  // A newer program knows more heights and checkpoints of a live network than the store was told.
  if (const auto* built_in = chain::built_in_network(net->name))
    return *built_in;
  return net;
}

} // namespace blockferry::runtime
