#pragma once

#include "chain/checks.hpp"
#include "chain/network.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <vector>

namespace blockferry::fuzz {

/// A made chain from genesis on, always the same.
struct seed_chain {
  chain::network net;
  std::vector<byte_buffer> blocks;
};

/// Beacon blocks with transactions, genesis included.
[[nodiscard]] const seed_chain& beacon_chain(std::size_t blocks);
/// Quorum blocks of four validators, genesis included.
[[nodiscard]] const seed_chain& quorum_chain(std::size_t blocks);

/// What `check_bundle` is tried with: a first byte that chooses (see `choice`), then a file.
struct choice {
  bool quorum = false; ///< of which of the two networks
  chain::level floor = chain::level::header;
};
[[nodiscard]] choice choice_of(std::uint8_t byte);

} // namespace blockferry::fuzz
