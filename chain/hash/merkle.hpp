#pragma once

#include "chain/hash/bits.hpp"

#include <span>
#include <vector>

namespace blockferry::chain {

/// Two children of a tree node.
struct node_children {
  hash left;
  hash right;
};

/// The message of a node: a one, then the children's bits.
constexpr std::size_t node_left_bit = 1;
constexpr std::size_t node_right_bit = 254;
constexpr std::size_t node_bits = 507;

/// leaf() of the specification, section 3.5, of each string of leaf bits.
[[nodiscard]] std::vector<hash> leaf_hashes(std::span<const bit_view> leaves);
/// node() of each pair.
[[nodiscard]] std::vector<hash> node_hashes(std::span<const node_children> nodes);

/// E, the value of an absent leaf.
[[nodiscard]] const hash& empty_leaf();
/// Root of a subtree of 2^height absent leaves; E for height 0, at most 32.
[[nodiscard]] const hash& empty_subtree(unsigned height);

/// Root of the tree of `depth` levels over hashed leaves; at most 2^depth of them.
[[nodiscard]] hash merkle_root_of_hashed(std::vector<hash> leaves, unsigned depth);
/// The same over leaf bits.
[[nodiscard]] hash merkle_root(std::span<const bit_view> leaves, unsigned depth);

} // namespace blockferry::chain
