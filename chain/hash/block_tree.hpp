#pragma once

#include "chain/checked_blocks.hpp"

#include <span>
#include <vector>

namespace blockferry::chain {

/// The tree over all block hashes (specification 5) in parts, so that the parts can be made in
/// parallel: leaves and subtrees of a run of blocks need nothing before it, `append_subtrees` joins
/// runs, and `state_roots` gives every root inside a run from the peaks before it.

/// Leaf of each block hash; `out` as long as `block_hashes`.
void tree_leaves(std::span<const hash> block_hashes, std::span<hash> out);

/// The maximal aligned subtrees over leaves at heights first, first + 1, .., left to right.
[[nodiscard]] std::vector<subtree> fold_leaves(height_t first, std::span<const hash> leaves);

/// Adds the subtrees of a run that starts at leaf `leaf_count` to the peaks of all leaves before
/// it.
void append_subtrees(std::vector<subtree>& peaks, std::span<const subtree> more);

/// Element i is the root over the `leaf_count` leaves in `peaks` and leaves[0 .. i - 1]: the
/// previous_state_root of block leaf_count + i, but for genesis, whose root is zero by definition.
[[nodiscard]] std::vector<hash> state_roots(std::span<const subtree> peaks,
                                            std::uint64_t leaf_count, std::span<const hash> leaves);

} // namespace blockferry::chain
