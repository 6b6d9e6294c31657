#include "chain/hash/block_tree.hpp"

#include "chain/hash/merkle.hpp"

#include <array>
#include <bit>

namespace blockferry::chain {
namespace {

constexpr unsigned tree_depth = 32;

/// A root in the making: the node over the last leaves of its tree.
struct climb {
  std::uint64_t leaf_count;
  hash node;
};

/// The complete nodes of one height that the climbs may meet as left siblings: those of even index.
struct siblings {
  std::uint64_t first = 0; ///< index of the first in its row
  std::vector<hash> nodes;
  [[nodiscard]] std::size_t left_of(std::uint64_t index) const { return (index - 1 - first) / 2; }
};

const point& node_start() {
  static const point made = bhp512().start(node_bits);
  return made;
}

/// Where the sums of nodes start whose right child is the empty subtree of each height.
const chunk_starts& starts_with_empty_right(unsigned height) {
  static const std::vector<chunk_starts> all = [] {
    std::vector<chunk_starts> out;
    for (unsigned i = 0; i <= tree_depth; ++i)
      out.push_back(starts_beside(empty_subtree(i)));
    return out;
  }();
  return all[height];
}

/// Where the sums of nodes start that have these left children.
std::vector<point> starts_with_left(std::span<const hash> left) {
  packed_inputs inputs{left.size(), node_bits};
  for (std::size_t i = 0; i < left.size(); ++i) {
    inputs.put(i, 0, 1);
    inputs.put(i, node_left_bit, left[i]);
  }
  const std::vector<const point*> starts(left.size(), &node_start());
  std::vector<point> out(left.size());
  bhp512().sum(inputs.batch(0, node_left_cut, starts), out);
  return out;
}

/// The peak of one height and the climbs that are complete there.
siblings complete_nodes(std::span<const subtree> peaks, std::uint64_t leaf_count,
                        std::span<const climb> climbs, unsigned height) {
  const std::uint64_t nodes_before = leaf_count >> height;
  siblings out{nodes_before / 2 * 2, {}};
  for (const subtree& one : peaks)
    if (one.height == height)
      out.nodes.push_back(one.root);
  for (const climb& one : climbs)
    if (one.leaf_count > leaf_count && one.leaf_count % (std::uint64_t{1} << height) == 0 &&
        (one.leaf_count >> height) % 2 == 1)
      out.nodes.push_back(one.node);
  return out;
}

/// Takes every climb from `height` to the next.  One child is the same for many neighbours: a
/// complete subtree to the left, an empty one to the right; its share of the sum is computed once.
void climb_one(std::span<climb> climbs, unsigned height, const siblings& complete) {
  const auto lefts = starts_with_left(complete.nodes);
  std::vector<std::size_t> with_left, with_right;
  for (std::size_t i = 0; i < climbs.size(); ++i)
    (((climbs[i].leaf_count - 1) >> height) % 2 == 1 ? with_left : with_right).push_back(i);

  std::vector<point> sums(climbs.size());
  std::vector<const point*> starts;
  packed_inputs right_inputs{with_left.size(), node_bits};
  for (std::size_t k = 0; k < with_left.size(); ++k) {
    const climb& one = climbs[with_left[k]];
    const std::size_t sibling = complete.left_of((one.leaf_count - 1) >> height);
    right_inputs.put(k, node_left_bit, complete.nodes[sibling]);
    right_inputs.put(k, node_right_bit, one.node);
    starts.push_back(&lefts[sibling]);
  }
  const auto left_sums = std::span{sums}.first(with_left.size());
  bhp512().sum(right_inputs.batch(node_left_cut, node_bits, starts), left_sums);

  starts.clear();
  packed_inputs left_inputs{with_right.size(), node_left_cut};
  for (std::size_t k = 0; k < with_right.size(); ++k) {
    const climb& one = climbs[with_right[k]];
    // Padding stands only below the smallest power of two that holds all leaves; above it the
    // sibling is the empty leaf itself.
    const auto top = static_cast<unsigned>(std::bit_width(one.leaf_count - 1));
    const unsigned empty = height < top ? height : 0;
    left_inputs.put(k, 0, 1);
    left_inputs.put(k, node_left_bit, one.node);
    starts.push_back(&starts_with_empty_right(empty)[chunk_of(one.node, node_left_cut_bits)]);
  }
  bhp512().sum(left_inputs.batch(0, node_left_cut, starts),
               std::span{sums}.subspan(with_left.size()));

  std::vector<hash> above(climbs.size());
  active_kernels().x_wires(sums, above);
  with_left.insert(with_left.end(), with_right.begin(), with_right.end());
  for (std::size_t k = 0; k < climbs.size(); ++k)
    climbs[with_left[k]].node = above[k];
}

} // namespace

std::vector<hash> state_roots(std::span<const subtree> peaks, std::uint64_t leaf_count,
                              std::span<const hash> leaves) {
  // Climb k leads to root k, or to root k + 1 while the first, which has no new leaf to begin with
  // but only the smallest peak, has not begun.
  std::vector<climb> climbs;
  for (std::size_t i = 1; i < leaves.size(); ++i)
    climbs.push_back({leaf_count + i, leaves[i - 1]});
  const bool has_first = leaf_count != 0 && !leaves.empty();
  const auto first_begins = static_cast<unsigned>(std::countr_zero(leaf_count));
  for (unsigned height = 0; height < tree_depth; ++height) {
    const siblings complete = complete_nodes(peaks, leaf_count, climbs, height);
    if (has_first && height == first_begins)
      climbs.insert(climbs.begin(), {leaf_count, complete.nodes.front()});
    if (!climbs.empty())
      climb_one(climbs, height, complete);
  }
  std::vector<hash> out(leaves.size());
  for (const climb& one : climbs)
    out[one.leaf_count - leaf_count] = one.node;
  return out;
}

} // namespace blockferry::chain
