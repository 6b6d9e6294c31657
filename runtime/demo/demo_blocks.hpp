#pragma once

#include "runtime/demo/demo_cdn.hpp"

#include <vector>

namespace blockferry::runtime {

/// Heights 0 to `demo_tip` as CDN files, and their latest.json, compiled into the program.  Block 0
/// is the genesis block of Aleo's mainnet; the blocks after it are empty, were made by
/// snarkVM 4.11.0 and signed by one test key.  They are right in every hash, root, target and
/// reward, but they are not the live chain's blocks.
[[nodiscard]] std::vector<demo_file> demo_blocks();

constexpr unsigned demo_tip = 1059;

} // namespace blockferry::runtime
