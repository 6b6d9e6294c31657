#include "chain/hash/block_tree.hpp"

#include "chain/hash/bhp.hpp"
#include "chain/hash/merkle.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace blockferry::chain {
namespace {

constexpr unsigned tree_depth = 32;

/// The complete nodes of one height over peaks and new leaves: indexes first, first + 1, ..
struct row {
  std::uint64_t first = 0;
  std::vector<hash> nodes;
  [[nodiscard]] const hash& at(std::uint64_t index) const { return nodes[index - first]; }
};

/// The row above, made of the pairs that are complete, after the peak of that height.
row next_row(const row& below, const std::optional<hash>& peak, std::uint64_t first_new) {
  std::vector<node_children> pairs;
  const std::size_t skip = below.first % 2;
  for (std::size_t i = skip; i + 1 < below.nodes.size(); i += 2)
    pairs.push_back({below.nodes[i], below.nodes[i + 1]});
  row out{first_new, {}};
  if (peak) {
    --out.first;
    out.nodes.push_back(*peak);
  }
  const auto made = node_hashes(pairs);
  out.nodes.insert(out.nodes.end(), made.begin(), made.end());
  return out;
}

/// A root in the making: the node over the last leaves of its tree.
struct climb {
  std::uint64_t leaf_count;
  hash node;
};

std::optional<hash> peak_of(std::span<const subtree> peaks, unsigned height) {
  for (const subtree& one : peaks)
    if (one.height == height)
      return one.root;
  return std::nullopt;
}

/// The children of the node above one climb at `height`.
node_children children_above(const climb& one, unsigned height, const row& complete) {
  const std::uint64_t index = (one.leaf_count - 1) >> height;
  if (index % 2 == 1)
    return {complete.at(index - 1), one.node};
  // Padding stands only below the smallest power of two that holds all leaves; above it the sibling
  // is the empty leaf itself.
  const unsigned top = static_cast<unsigned>(std::bit_width(one.leaf_count - 1));
  return {one.node, height < top ? empty_subtree(height) : empty_leaf()};
}

} // namespace

void tree_leaves(std::span<const hash> block_hashes, std::span<hash> out) {
  std::vector<bit_string> bits(block_hashes.size());
  std::vector<bit_view> views(block_hashes.size());
  for (std::size_t i = 0; i < block_hashes.size(); ++i) {
    bits[i].append_field(block_hashes[i]);
    views[i] = bits[i].view();
  }
  const auto made = leaf_hashes(views);
  std::ranges::copy(made, out.begin());
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
    level = next_row(level, std::nullopt, level.first / 2);
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

std::vector<hash> state_roots(std::span<const subtree> peaks, std::uint64_t leaf_count,
                              std::span<const hash> leaves) {
  std::vector<hash> out(leaves.size());
  std::vector<climb> climbs; // climb k leads to root k, or to k + 1 while the first has not begun
  for (std::size_t i = 1; i < leaves.size(); ++i)
    climbs.push_back({leaf_count + i, leaves[i - 1]});
  // The root before the first leaf has no leaf to begin with, only the smallest peak.
  const bool has_first = leaf_count != 0 && !leaves.empty();
  const unsigned first_begins = static_cast<unsigned>(std::countr_zero(leaf_count));
  row complete{leaf_count, {leaves.begin(), leaves.end()}};
  if (const auto peak = peak_of(peaks, 0)) {
    --complete.first;
    complete.nodes.insert(complete.nodes.begin(), *peak);
  }
  for (unsigned height = 0; height < tree_depth; ++height) {
    if (has_first && height == first_begins)
      climbs.insert(climbs.begin(), {leaf_count, *peak_of(peaks, height)});
    std::vector<node_children> pairs;
    pairs.reserve(climbs.size());
    for (const climb& one : climbs)
      pairs.push_back(children_above(one, height, complete));
    const auto above = node_hashes(pairs);
    for (std::size_t i = 0; i < climbs.size(); ++i)
      climbs[i].node = above[i];
    complete = next_row(complete, peak_of(peaks, height + 1), leaf_count >> (height + 1));
  }
  for (const climb& one : climbs)
    out[one.leaf_count - leaf_count] = one.node;
  return out;
}

} // namespace blockferry::chain
