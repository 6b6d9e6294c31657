#include "chain/hash/block_tree.hpp"

#include "chain/hash/merkle.hpp"
#include "chain/hash/packed.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

/// A leaf's message: a zero, then the block hash.
constexpr std::size_t leaf_bits = 254;
constexpr std::size_t last_chunk_bit = 252;

/// The complete nodes of one height over a run of leaves: indexes first, first + 1, ..
struct row {
  std::uint64_t first = 0;
  std::vector<hash> nodes;
};

/// The row above, made of the pairs that are complete.
row next_row(const row& below) {
  std::vector<node_children> pairs;
  for (std::size_t i = below.first % 2; i + 1 < below.nodes.size(); i += 2)
    pairs.push_back({below.nodes[i], below.nodes[i + 1]});
  return {(below.first + 1) / 2, node_hashes(pairs)};
}

} // namespace

void tree_leaves(std::span<const hash> block_hashes, std::span<hash> out) {
  static const chunk_starts starts =
      starts_by_chunk(bhp1024(), bhp1024().start(leaf_bits), last_chunk_bit);
  packed_inputs inputs{block_hashes.size(), leaf_bits};
  for (std::size_t i = 0; i < block_hashes.size(); ++i)
    inputs.put(i, 1, block_hashes[i]);
  const auto last_chunk = [&](std::size_t i) {
    return chunk_of(block_hashes[i], last_chunk_bit - 1);
  };
  std::ranges::copy(
      hash_batch(bhp1024(), inputs, 0, last_chunk_bit, starts, block_hashes.size(), last_chunk),
      out.begin());
}

std::vector<subtree> fold_leaves(height_t first, std::span<const hash> leaves) {
  std::vector<subtree> left;
  std::vector<subtree> right; // from the last to the first
  row level{first, {leaves.begin(), leaves.end()}};
  for (std::uint8_t height = 0; !level.nodes.empty(); ++height) {
    if ((level.first + level.nodes.size()) % 2 == 1) {
      right.push_back({height, level.nodes.back()});
      level.nodes.pop_back();
    }
    if (level.first % 2 == 1 && !level.nodes.empty()) {
      left.push_back({height, level.nodes.front()});
      level.nodes.erase(level.nodes.begin());
      ++level.first;
    }
    level = next_row(level);
  }
  left.insert(left.end(), right.rbegin(), right.rend());
  return left;
}

void append_subtrees(std::vector<subtree>& peaks, std::span<const subtree> more) {
  for (const subtree& one : more) {
    peaks.push_back(one);
    while (peaks.size() >= 2 && peaks[peaks.size() - 2].height == peaks.back().height) {
      const node_children pair{peaks[peaks.size() - 2].root, peaks.back().root};
      peaks.pop_back();
      peaks.back() = {static_cast<std::uint8_t>(peaks.back().height + 1),
                      node_hashes({&pair, 1}).front()};
    }
  }
}

} // namespace blockferry::chain
