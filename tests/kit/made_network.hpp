#pragma once

#include "chain/network.hpp"

#include <string>

namespace blockferry::kit {

/// A developer network as snarkOS makes them (specification 10.4): testnet's id, the consensus
/// heights of column "test", low targets.  `genesis` is that of the chain made.
[[nodiscard]] chain::network developer_network(const chain::hash& genesis,
                                               bool beacons_after_genesis);
/// The network whose last consensus version is `version` (1 to 22): V1 from height 0 on, each later
/// one a block later, so that from height `version` - 1 on it is in force for good.
[[nodiscard]] chain::network at_version(chain::network net, std::uint8_t version);

/// A network as the file that the program reads.
[[nodiscard]] std::string network_file(const chain::network& net);

} // namespace blockferry::kit
