#include "chain/hash/header_hash.hpp"

#include "chain/hash/bhp.hpp"
#include "chain/hash/merkle.hpp"

#include <algorithm>
#include <vector>

namespace blockferry::chain {
namespace {

// Offsets of specification 2.1.
constexpr std::size_t previous_hash_offset = 33;
constexpr std::size_t first_root_offset = 66;
constexpr std::size_t metadata_offset = 259;
constexpr std::size_t metadata_bytes = 86;
constexpr std::size_t root_leaves = 6; ///< leaves 0 .. 5 are the header's roots

hash field_at(byte_view front, std::size_t offset) {
  hash out;
  std::ranges::copy(front.subspan(offset, out.bytes.size()), out.bytes.begin());
  return out;
}

bit_string header_leaf(std::uint8_t index, const hash& value) {
  bit_string out;
  out.append_u8(index);
  out.append_field(value);
  return out;
}

std::vector<hash> hash_leaves(std::span<const bit_string> leaves) {
  std::vector<bit_view> views;
  views.reserve(leaves.size());
  for (const auto& leaf : leaves)
    views.push_back(leaf.view());
  return leaf_hashes(views);
}

std::vector<hash> metadata_hashes(std::span<const byte_view> fronts) {
  std::vector<bit_string> inputs(fronts.size());
  std::vector<bit_view> views(fronts.size());
  for (std::size_t i = 0; i < fronts.size(); ++i) {
    inputs[i].append_u8(0); // in place of the version byte, which is not hashed
    inputs[i].append_bytes(fronts[i].subspan(metadata_offset, metadata_bytes));
    views[i] = inputs[i].view();
  }
  std::vector<field> out(fronts.size());
  bhp1024().hash_many(views, out);
  std::vector<hash> wires;
  for (const field& one : out)
    wires.push_back(one.wire());
  return wires;
}

/// The six roots' leaves of each front, one after the other.
std::vector<hash> hashed_root_leaves(std::span<const byte_view> fronts) {
  std::vector<bit_string> leaves;
  leaves.reserve(root_leaves * fronts.size());
  for (const byte_view front : fronts)
    for (std::uint8_t i = 0; i < root_leaves; ++i)
      leaves.push_back(header_leaf(i, field_at(front, first_root_offset + std::size_t{32} * i)));
  return hash_leaves(leaves);
}

/// Leaf 6 of every header stands for a zero.
const hash& zero_leaf() {
  static const hash made = [] {
    const bit_string leaf = header_leaf(6, hash{});
    const bit_view view = leaf.view();
    return leaf_hashes({&view, 1}).front();
  }();
  return made;
}

} // namespace

void block_hashes(std::span<const byte_view> fronts, std::span<hash> out) {
  // Each step takes all fronts at once, so that a step costs one field inversion.
  const std::size_t n = fronts.size();
  const auto metadata = metadata_hashes(fronts);
  const auto roots = hashed_root_leaves(fronts);
  std::vector<bit_string> last_leaves;
  for (const hash& one : metadata)
    last_leaves.push_back(header_leaf(7, one));
  const auto lasts = hash_leaves(last_leaves);

  std::vector<node_children> pairs;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < root_leaves; k += 2)
      pairs.push_back({roots[root_leaves * i + k], roots[root_leaves * i + k + 1]});
    pairs.push_back({zero_leaf(), lasts[i]});
  }
  std::vector<hash> level = node_hashes(pairs); // 4 nodes a header, then 2, then its root
  while (level.size() > n) {
    std::vector<node_children> next;
    for (std::size_t k = 0; k < level.size(); k += 2)
      next.push_back({level[k], level[k + 1]});
    level = node_hashes(next);
  }
  std::vector<bit_string> inputs(n);
  std::vector<bit_view> views(n);
  for (std::size_t i = 0; i < n; ++i) {
    inputs[i].append_field(field_at(fronts[i], previous_hash_offset));
    inputs[i].append_field(level[i]);
    views[i] = inputs[i].view();
  }
  std::vector<field> hashes(n);
  bhp1024().hash_many(views, hashes);
  std::ranges::transform(hashes, out.begin(), [](const field& one) { return one.wire(); });
}

} // namespace blockferry::chain
