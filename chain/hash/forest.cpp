#include "chain/hash/forest.hpp"

#include <bit>

namespace blockferry::chain {
namespace {

/// node(value, E) of each value: E and the value's last bits are in the start.
std::vector<hash> nodes_beside_nothing(std::span<const hash> values) {
  static const chunk_starts starts = starts_beside(empty_leaf());
  packed_inputs inputs{values.size(), node_left_cut};
  for (std::size_t i = 0; i < values.size(); ++i) {
    inputs.put(i, 0, 1);
    inputs.put(i, node_left_bit, values[i]);
  }
  return hash_batch(bhp512(), inputs, 0, node_left_cut, starts, values.size(),
                    [&](std::size_t i) { return chunk_of(values[i], node_left_cut_bits); });
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
