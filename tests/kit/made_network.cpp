#include "tests/kit/made_network.hpp"

#include "chain/name.hpp"

namespace blockferry::kit {
namespace {

/// V1 at 0, V2 at 5, each later one a block later.
constexpr chain::height_t second_version_height = 5;

std::string series_text(const chain::version_series& series) {
  std::string out;
  for (const auto& [version, value] : series)
    out +=
        (out.empty() ? "[" : ", [") + std::to_string(version) + ", " + std::to_string(value) + "]";
  return "[" + out + "]";
}

} // namespace

chain::network developer_network(const chain::hash& genesis, bool beacons_after_genesis) {
  chain::network out = chain::testnet();
  out.name = "made";
  out.cdn_url.clear();
  out.genesis = genesis;
  for (std::size_t i = 1; i < out.consensus_heights.size(); ++i)
    out.consensus_heights[i] = second_version_height + static_cast<chain::height_t>(i) - 1;
  out.genesis_coinbase_target = 31;
  out.genesis_proof_target = 8;
  out.beacons_after_genesis = beacons_after_genesis;
  out.checkpoints.clear();
  return out;
}

chain::network at_version(chain::network net, std::uint8_t version) {
  for (std::size_t i = 0; i < net.consensus_heights.size(); ++i)
    net.consensus_heights[i] = i < version ? static_cast<chain::height_t>(i) : chain::never;
  return net;
}

std::string network_file(const chain::network& net) {
  std::string heights;
  for (const auto height : net.consensus_heights)
    heights += (heights.empty() ? "" : ", ") + std::to_string(height);
  std::string out = "name = \"" + net.name + "\"\nid = " + std::to_string(net.id) + "\n";
  if (net.genesis)
    out += "genesis = \"" + chain::block_name(*net.genesis) + "\"\n";
  out += "consensus_heights = [" + heights + "]\n";
  out += "genesis_timestamp = " + std::to_string(net.genesis_timestamp) + "\n";
  out += "genesis_coinbase_target = " + std::to_string(net.genesis_coinbase_target) + "\n";
  out += "genesis_proof_target = " + std::to_string(net.genesis_proof_target) + "\n";
  out += "supply_limit_height = " + std::to_string(net.supply_limit_height) + "\n";
  out += "blocks_per_epoch = " + std::to_string(net.blocks_per_epoch) + "\n";
  out += "anchor_time_seconds = " + series_text(net.anchor_time_seconds) + "\n";
  out += "certificates_max = " + series_text(net.certificates_max) + "\n";
  out += std::string{"beacons_after_genesis = "} + (net.beacons_after_genesis ? "true" : "false") +
         "\n";
  return out;
}

} // namespace blockferry::kit
