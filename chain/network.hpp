#pragma once

#include "chain/bytes.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace blockferry::chain {

constexpr std::size_t consensus_version_count = 22;
/// A consensus version that is not scheduled.
constexpr height_t never = 0xffffffff;

/// A block that must have this hash.
struct checkpoint {
  height_t height = 0;
  hash block_hash;
  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

/// A value that changes with the consensus version: (first version, value), versions rising from 1.
using version_series = std::vector<std::pair<std::uint8_t, std::uint64_t>>;

/// Everything by which one Aleo network differs from another (specification 10.2 and 10.4).  Data,
/// not code: three are built in, any other comes from a file.
struct network {
  std::string name;            ///< "mainnet", or what the file says
  std::uint16_t id = 0;        ///< 0 mainnet, 1 testnet, 2 canary
  std::string cdn_url;         ///< the public CDN; empty where there is none
  std::optional<hash> genesis; ///< hash of block 0; without it only a pinned start is possible
  std::array<height_t, consensus_version_count> consensus_heights{}; ///< V1 .. V22
  std::int64_t genesis_timestamp = 0;                                ///< T0, Unix seconds
  std::uint64_t genesis_coinbase_target = 0;
  std::uint64_t genesis_proof_target = 0;
  height_t supply_limit_height = 263527685; ///< rewards are 0 from here on
  std::uint32_t blocks_per_epoch = 360;     ///< at least 2: the targets divide by half of it
  version_series anchor_time_seconds;
  version_series certificates_max;
  bool beacons_after_genesis =
      false; ///< accepts beacon blocks after genesis, as developer chains do
  std::vector<checkpoint> checkpoints;
};

[[nodiscard]] const network& mainnet();
[[nodiscard]] const network& testnet();
[[nodiscard]] const network& canary();
/// By name, or null.
[[nodiscard]] const network* built_in_network(std::string_view name);

/// The consensus version (1 .. 22) in force at `height`.
[[nodiscard]] std::uint8_t consensus_version(const network& net, height_t height);
/// The value of a series in force at `version`; 0 for an empty series.
[[nodiscard]] std::uint64_t value_at(const version_series& series, std::uint8_t version);

} // namespace blockferry::chain
