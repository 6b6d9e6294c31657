#pragma once

#include "tests/kit/quorum_maker.hpp"
#include "tests/kit/traffic.hpp"

#include <optional>

namespace blockferry::kit {

/// A chain of a developer network on a genesis of its own.
struct chain_plan {
  chain::network net;
  std::uint64_t seed = 1;
  std::vector<validator> validators;
  std::size_t delegators = 0;
  std::set<kind> kinds;
  std::size_t block_bytes = 0; ///< about; what `kinds` do not fill, splits do
  std::int64_t block_seconds = 10;
};

/// Makes its blocks, genesis first, by the committee or, where the network takes them, by beacons:
/// all signed by the first validator.
class made_chain {
public:
  made_chain(const chain_plan& plan, bool by_beacons);

  [[nodiscard]] chain::byte_buffer next();
  [[nodiscard]] const chain_maker& chain() const;

private:
  people who_;
  std::optional<chain_maker> beacons_;
  std::optional<quorum_maker> quorum_;
  chain::byte_buffer genesis_;
};

/// The first `count` blocks.
[[nodiscard]] std::vector<chain::byte_buffer> blocks_of(const chain_plan& plan, std::size_t count,
                                                        bool by_beacons = false);

} // namespace blockferry::kit
