#include "chain/hash/merkle.hpp"

#include "chain/hash/bhp.hpp"

#include <bit>

namespace blockferry::chain {
namespace {

constexpr unsigned height_max = 32;

std::vector<hash> wires(std::span<const field> values) {
  std::vector<hash> out;
  out.reserve(values.size());
  for (const field& value : values)
    out.push_back(value.wire());
  return out;
}

std::vector<hash> hash_each(const bhp& hasher, std::span<const bit_string> inputs) {
  std::vector<bit_view> views;
  views.reserve(inputs.size());
  for (const auto& input : inputs)
    views.push_back(input.view());
  std::vector<field> out(views.size());
  hasher.hash_many(views, out);
  return wires(out);
}

} // namespace

std::vector<hash> leaf_hashes(std::span<const bit_view> leaves) {
  std::vector<bit_string> inputs(leaves.size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    inputs[i].append(0, 1);
    inputs[i].append(leaves[i], 0, leaves[i].size);
  }
  return hash_each(bhp1024(), inputs);
}

std::vector<hash> node_hashes(std::span<const node_children> nodes) {
  std::vector<bit_string> inputs(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    inputs[i].append(1, 1);
    inputs[i].append_field(nodes[i].left);
    inputs[i].append_field(nodes[i].right);
  }
  return hash_each(bhp512(), inputs);
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
