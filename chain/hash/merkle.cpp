#include "chain/hash/merkle.hpp"

#include <bit>

namespace blockferry::chain {
namespace {

constexpr unsigned height_max = 32;

} // namespace

std::vector<hash> leaf_hashes(std::span<const bit_view> leaves) {
  std::vector<bit_string> inputs(leaves.size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    inputs[i].append(0, 1);
    inputs[i].append(leaves[i], 0, leaves[i].size);
  }
  std::vector<bit_view> views;
  for (const auto& input : inputs)
    views.push_back(input.view());
  std::vector<field> made(views.size());
  bhp1024().hash_many(views, made);
  std::vector<hash> out;
  out.reserve(made.size());
  for (const field& value : made)
    out.push_back(value.wire());
  return out;
}

std::vector<hash> node_hashes(std::span<const node_children> nodes) {
  static const chunk_starts starts =
      starts_by_chunk(bhp512(), bhp512().start(node_bits), node_last_chunk_bit);
  packed_inputs inputs{nodes.size(), node_bits};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    inputs.put(i, 0, 1);
    inputs.put(i, node_left_bit, nodes[i].left);
    inputs.put(i, node_right_bit, nodes[i].right);
  }
  return hash_batch(bhp512(), inputs, 0, node_last_chunk_bit, starts, nodes.size(),
                    [&](std::size_t i) {
                      return chunk_of(nodes[i].right, node_last_chunk_bit - node_right_bit);
                    });
}

chunk_starts starts_beside(const hash& right) {
  constexpr std::size_t left_values = std::size_t{1} << (node_right_bit - node_left_cut);
  const point start = bhp512().start(node_bits);
  chunk_starts out;
  packed_inputs inputs{left_values, node_bits};
  for (std::size_t value = 0; value < left_values; ++value) {
    inputs.put(value, node_left_cut, value);
    inputs.put(value, node_right_bit, right);
  }
  const std::vector<const point*> starts(left_values, &start);
  bhp512().sum(inputs.batch(node_left_cut, node_bits, starts), std::span{out}.first(left_values));
  return out;
}

const hash& empty_subtree(unsigned height) {
  static const std::vector<hash> all = [] {
    const node_children zero{};
    std::vector<hash> out = node_hashes({&zero, 1});
    while (out.size() <= height_max) {
      const node_children two{out.back(), out.back()};
      out.push_back(node_hashes({&two, 1}).front());
    }
    return out;
  }();
  return all[height];
}

const hash& empty_leaf() {
  return empty_subtree(0);
}

hash merkle_root_of_hashed(std::vector<hash> level, unsigned depth) {
  if (level.empty())
    level.push_back(empty_leaf());
  level.resize(std::bit_ceil(level.size()), empty_leaf());
  unsigned height = 0;
  for (; level.size() > 1; ++height) {
    std::vector<node_children> nodes;
    for (std::size_t i = 0; i < level.size(); i += 2)
      nodes.push_back({level[i], level[i + 1]});
    level = node_hashes(nodes);
  }
  for (; height < depth; ++height) {
    const node_children node{level.front(), empty_leaf()};
    level = node_hashes({&node, 1});
  }
  return level.front();
}

hash merkle_root(std::span<const bit_view> leaves, unsigned depth) {
  return merkle_root_of_hashed(leaf_hashes(leaves), depth);
}

} // namespace blockferry::chain
