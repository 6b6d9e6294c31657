#pragma once

#include "chain/network.hpp"

#include <string>

namespace blockferry::kit {

/// A developer network as snarkOS makes them (specification 10.4): testnet's id, the consensus
/// heights of column "test", low targets.  `genesis` is that of the chain made.
[[nodiscard]] chain::network developer_network(const chain::hash& genesis,
                                               bool beacons_after_genesis);

/// A network as the file that the program reads.
[[nodiscard]] std::string network_file(const chain::network& net);

} // namespace blockferry::kit
