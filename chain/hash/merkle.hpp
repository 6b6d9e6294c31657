#pragma once

#include "chain/hash/bits.hpp"
#include "chain/hash/packed.hpp"

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
/// Where its last chunk begins: three bits of the right child.
constexpr std::size_t node_last_chunk_bit = 504;
/// Where the whole groups of look-ups end in which only the left child has bits, and how many bits
/// of it stand before.
constexpr std::size_t node_left_cut = 252;
constexpr std::size_t node_left_cut_bits = node_left_cut - node_left_bit;

/// leaf() of the specification, section 3.5, of each string of leaf bits.
[[nodiscard]] std::vector<hash> leaf_hashes(std::span<const bit_view> leaves);
/// node() of each pair.
[[nodiscard]] std::vector<hash> node_hashes(std::span<const node_children> nodes);

/// Where the sums of nodes start that have this right child, by the last bits of the left one: the
/// rest of the left child, up to `node_left_cut`, is what they lack.
[[nodiscard]] chunk_starts starts_beside(const hash& right);

/// E, the value of an absent leaf.
[[nodiscard]] const hash& empty_leaf();
/// Root of a subtree of 2^height absent leaves; E for height 0, at most 32.
[[nodiscard]] const hash& empty_subtree(unsigned height);

/// Root of the tree of `depth` levels over hashed leaves; at most 2^depth of them.
[[nodiscard]] hash merkle_root_of_hashed(std::vector<hash> leaves, unsigned depth);
/// The same over leaf bits.
[[nodiscard]] hash merkle_root(std::span<const bit_view> leaves, unsigned depth);

} // namespace blockferry::chain
