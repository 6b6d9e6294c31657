#include "chain/hash/forest.hpp"

#include "chain/hash/packed.hpp"

#include <bit>

namespace blockferry::chain {
namespace {

/// The first bit of the right child's that begins a group of look-ups; what stands before is summed
/// with the left child's.
constexpr std::size_t right_cut = 264;

/// node(value, E) of each value: the terms of E behind `right_cut` are in the start.
std::vector<hash> nodes_beside_nothing(std::span<const hash> values) {
  static const point start = [] {
    packed_inputs inputs{1, node_bits};
    inputs.put(0, node_right_bit, empty_leaf());
    const point node_start = bhp512().start(node_bits);
    const point* const begin = &node_start;
    point out;
    bhp512().sum(inputs.batch(right_cut, node_bits, {&begin, 1}), {&out, 1});
    return out;
  }();
  const std::uint64_t head =
      number_of_wire(empty_leaf())[0] & ((std::uint64_t{1} << (right_cut - node_right_bit)) - 1);
  packed_inputs inputs{values.size(), right_cut};
  for (std::size_t i = 0; i < values.size(); ++i) {
    inputs.put(i, 0, 1);
    inputs.put(i, node_left_bit, values[i]);
    inputs.put(i, node_right_bit, head);
  }
  return hash_batch(bhp512(), inputs, 0, right_cut, start, values.size());
}

} // namespace

void forest::pad() {
  std::vector<hash> padded;
  padded.reserve(nodes_.size() + sizes_.size());
  std::size_t at = 0;
  for (std::size_t& size : sizes_) {
    padded.insert(padded.end(), nodes_.begin() + static_cast<std::ptrdiff_t>(at),
                  nodes_.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
    const std::size_t full = std::bit_ceil(std::max<std::size_t>(size, 1));
    padded.resize(padded.size() + full - size, empty_leaf());
    size = full;
  }
  nodes_ = std::move(padded);
}

void forest::climb() {
  std::vector<node_children> pairs;
  std::vector<hash> singles;
  std::size_t at = 0;
  for (const std::size_t size : sizes_) {
    if (size == 1)
      singles.push_back(nodes_[at]);
    for (std::size_t i = 0; i + 1 < size; i += 2)
      pairs.push_back({nodes_[at + i], nodes_[at + i + 1]});
    at += size;
  }
  const auto made = node_hashes(pairs);
  const auto beside = nodes_beside_nothing(singles);
  auto next_made = made.begin();
  auto next_beside = beside.begin();
  nodes_.clear();
  for (std::size_t& size : sizes_) {
    if (size == 1) {
      nodes_.push_back(*next_beside++);
      continue;
    }
    size /= 2;
    nodes_.insert(nodes_.end(), next_made, next_made + static_cast<std::ptrdiff_t>(size));
    next_made += static_cast<std::ptrdiff_t>(size);
  }
}

std::vector<hash> forest::roots() && {
  pad();
  for (unsigned level = 0; level < depth_; ++level)
    climb();
  return std::move(nodes_);
}

} // namespace blockferry::chain
