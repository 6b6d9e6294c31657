#pragma once

#include "read_block.hpp"

#include <vector>

namespace blockferry::differential {

/// Of a certificate before its author: two versions and its id.
inline constexpr std::size_t before_author = 1 + 1 + 32;

/// Bytes of a block.
struct part {
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// Parts in a row, with their number in front.
struct part_list {
  part count; ///< 1, 2 or 4 bytes
  std::vector<part> items;
};

/// Where the things of a block stand that a mutation may touch.
struct part_map {
  std::vector<part> fields;  ///< of 32 bytes: ids, roots, addresses, points
  std::vector<part> numbers; ///< of 4, 8 or 16 bytes
  std::vector<part> opaque;  ///< signatures, values, programs, proofs
  std::vector<part_list> lists;
};

[[nodiscard]] part_map parts_of(chain::byte_view block, const read_block& read);

} // namespace blockferry::differential
