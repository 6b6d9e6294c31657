#include "chain/hash/forest.hpp"

#include <algorithm>
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

constexpr std::size_t nodes_at_once = 4096;

/// `hash_some` of all, some at once; what is left where `stop` asks stays zero.
template <class Item, class Hash>
std::vector<hash> hash_in_parts(std::span<const Item> all, Hash hash_some,
                                const std::stop_token& stop) {
  std::vector<hash> out;
  out.reserve(all.size());
  while (out.size() < all.size() && !stop.stop_requested()) {
    const auto some =
        hash_some(all.subspan(out.size(), std::min(nodes_at_once, all.size() - out.size())));
    out.insert(out.end(), some.begin(), some.end());
  }
  out.resize(all.size());
  return out;
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

void forest::climb(const std::stop_token& stop) {
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
  const auto made = hash_in_parts<node_children>(pairs, node_hashes, stop);
  const auto beside = hash_in_parts<hash>(singles, nodes_beside_nothing, stop);
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

std::vector<hash> forest::roots(const std::stop_token& stop) && {
  pad();
  for (unsigned level = 0; level < depth_ && !stop.stop_requested(); ++level)
    climb(stop);
  return stop.stop_requested() ? std::vector<hash>{} : std::move(nodes_);
}

} // namespace blockferry::chain
