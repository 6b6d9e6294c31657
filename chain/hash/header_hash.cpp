#include "chain/hash/header_hash.hpp"

#include "chain/hash/merkle.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace blockferry::chain {
namespace {

// Offsets of specification 2.1.
constexpr std::size_t previous_hash_offset = 33;
constexpr std::size_t first_root_offset = 66;
constexpr std::size_t metadata_offset = 259;
constexpr std::size_t metadata_bytes = 86;
constexpr std::size_t root_leaves = 6; ///< leaves 0 .. 5 are the header's roots
constexpr std::size_t zero_leaf_index = 6;
constexpr std::size_t metadata_leaf_index = 7;
constexpr std::size_t header_leaves = 8;

// Messages, in bits: a zero, the index and the value of a leaf; a zero byte and the metadata; two
// hashes.
constexpr std::size_t leaf_value_bit = 9;
constexpr std::size_t leaf_bits = 262;
constexpr std::size_t leaf_group_bit = 12; ///< where its whole groups of look-ups begin
constexpr std::size_t metadata_bits = 8 + 8 * metadata_bytes;
constexpr std::size_t root_bit = 253;
constexpr std::size_t block_bits = 506;
constexpr std::size_t block_last_chunk_bit = 504;

/// What is the same in all headers.
struct header_constants {
  /// Where the sum of a header's leaf starts: its first nine bits, a zero and the index, are in it,
  /// and three of its value.
  std::array<chunk_starts, header_leaves> leaf_starts;
  point metadata_start;
  chunk_starts block_starts;
  hash zero_leaf; ///< leaf 6 of every header
  /// Where the parent of leaves 6 and 7 starts, up to `node_left_cut`.
  chunk_starts last_pair_starts;
};

const header_constants& constants() {
  static const header_constants made = [] {
    header_constants out;
    const point start = bhp1024().start(leaf_bits);
    for (std::size_t i = 0; i < header_leaves; ++i) {
      bit_string head;
      head.append(i << 1, leaf_value_bit);
      out.leaf_starts[i] = starts_by_chunk(
          bhp1024(), bhp1024().sum_one(start, head.view(), 0, leaf_value_bit), leaf_value_bit);
    }
    out.metadata_start = bhp1024().start(metadata_bits);
    out.block_starts =
        starts_by_chunk(bhp1024(), bhp1024().start(block_bits), block_last_chunk_bit);
    const packed_inputs zero{1, leaf_bits};
    out.zero_leaf = hash_batch(bhp1024(), zero, leaf_group_bit, leaf_bits,
                               out.leaf_starts[zero_leaf_index].front(), 1)
                        .front();
    bit_string left;
    left.append(1, node_left_bit);
    left.append_field(out.zero_leaf);
    const point with_left =
        bhp512().sum_one(bhp512().start(node_bits), left.view(), 0, node_left_cut);
    out.last_pair_starts = starts_by_chunk(bhp512(), with_left, node_last_chunk_bit);
    return out;
  }();
  return made;
}

hash field_at(byte_view front, std::size_t offset) {
  hash out;
  std::memcpy(out.bytes.data(), front.data() + offset, out.bytes.size());
  return out;
}

std::vector<hash> metadata_hashes(std::span<const byte_view> fronts) {
  packed_inputs inputs{fronts.size(), metadata_bits};
  for (std::size_t i = 0; i < fronts.size(); ++i)
    for (std::size_t at = 0; at < metadata_bytes; ++at) // after a zero in place of the version byte
      inputs.put(i, 8 + 8 * at, std::uint64_t{fronts[i][metadata_offset + at]});
  return hash_batch(bhp1024(), inputs, 0, metadata_bits, constants().metadata_start, fronts.size());
}

/// Leaves 0 .. 5 and 7 of each front, one front after the other.
std::vector<hash> hashed_leaves(std::span<const byte_view> fronts, std::span<const hash> metadata) {
  constexpr std::size_t each = root_leaves + 1;
  packed_inputs inputs{each * fronts.size(), leaf_bits};
  std::vector<const point*> starts;
  starts.reserve(each * fronts.size());
  const auto add = [&](std::size_t index, const hash& value) {
    inputs.put(starts.size(), leaf_value_bit, value);
    starts.push_back(&constants().leaf_starts[index][chunk_of(value, 0)]);
  };
  for (std::size_t i = 0; i < fronts.size(); ++i) {
    for (std::size_t k = 0; k < root_leaves; ++k)
      add(k, field_at(fronts[i], first_root_offset + 32 * k));
    add(metadata_leaf_index, metadata[i]);
  }
  return hash_batch(bhp1024(), inputs.batch(leaf_group_bit, leaf_bits, starts));
}

/// The parent of leaves 6 and 7 of each header, of whose leaves the last is leaf 7.
std::vector<hash> last_pairs(std::span<const hash> leaves) {
  constexpr std::size_t each = root_leaves + 1;
  const std::size_t count = leaves.size() / each;
  const auto leaf = [&](std::size_t i) -> const hash& { return leaves[each * i + root_leaves]; };
  packed_inputs inputs{count, node_bits};
  for (std::size_t i = 0; i < count; ++i) {
    inputs.put(i, node_left_bit, constants().zero_leaf);
    inputs.put(i, node_right_bit, leaf(i));
  }
  return hash_batch(
      bhp512(), inputs, node_left_cut, node_last_chunk_bit, constants().last_pair_starts, count,
      [&](std::size_t i) { return chunk_of(leaf(i), node_last_chunk_bit - node_right_bit); });
}

/// Roots of the header trees.
std::vector<hash> header_roots(std::span<const hash> leaves) {
  std::vector<node_children> pairs;
  for (std::size_t at = 0; at < leaves.size(); at += root_leaves + 1)
    for (std::size_t k = 0; k < root_leaves; k += 2)
      pairs.push_back({leaves[at + k], leaves[at + k + 1]});
  const auto made = node_hashes(pairs);
  const auto last = last_pairs(leaves);
  std::vector<hash> level; // 4 nodes a header, then 2, then its root
  for (std::size_t i = 0; i < last.size(); ++i) {
    level.insert(level.end(), {made[3 * i], made[3 * i + 1], made[3 * i + 2]});
    level.push_back(last[i]);
  }
  for (int height = 0; height < 2; ++height) {
    pairs.clear();
    for (std::size_t k = 0; k < level.size(); k += 2)
      pairs.push_back({level[k], level[k + 1]});
    level = node_hashes(pairs);
  }
  return level;
}

} // namespace

void block_hashes(std::span<const byte_view> fronts, std::span<hash> out) {
  // Each step takes all fronts at once, so that a step costs one field inversion.
  const auto roots = header_roots(hashed_leaves(fronts, metadata_hashes(fronts)));
  packed_inputs inputs{fronts.size(), block_bits};
  for (std::size_t i = 0; i < fronts.size(); ++i) {
    inputs.put(i, 0, field_at(fronts[i], previous_hash_offset));
    inputs.put(i, root_bit, roots[i]);
  }
  std::ranges::copy(hash_batch(bhp1024(), inputs, 0, block_last_chunk_bit, constants().block_starts,
                               fronts.size(),
                               [&](std::size_t i) {
                                 return chunk_of(roots[i], block_last_chunk_bit - root_bit);
                               }),
                    out.begin());
}

} // namespace blockferry::chain
