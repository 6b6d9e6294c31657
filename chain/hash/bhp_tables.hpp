#pragma once

#include "chain/math/kernels.hpp"

#include <array>
#include <cstddef>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace blockferry::chain {

/// Bits of a chunk, and of the group of chunks that one look-up covers.
constexpr std::size_t chunk_bits = 3;
constexpr std::size_t group_chunks = 4;
constexpr std::size_t group_bits = chunk_bits * group_chunks;
/// Half of all values: the sign of the group's last chunk is taken out.
constexpr std::size_t group_entries = 1U << (group_bits - 1);
/// A round begins with 188 bits of domain and 64 of length, or with 252 bits of the last output.
constexpr std::size_t prefix_bits = 252;
constexpr std::size_t prefix_chunks = prefix_bits / chunk_bits;

/// Look-up tables of one BHP instance.  Single chunks are there from the start, groups by parts.
class bhp_tables {
public:
  /// Parts of the groups: those of the prefix, of usual inputs after it, and what longer inputs
  /// add.
  enum part_name : std::size_t { prefix, usual, rest, part_count };

  bhp_tables(std::size_t windows, std::size_t window_size, std::string_view domain,
             std::size_t short_bits);

  [[nodiscard]] std::size_t chunk_count() const noexcept { return chunk_count_; }

  /// Writes one term for each step of the bits [from, to), which stand at chunk `first_chunk` and
  /// after: single chunks up to the next whole group, groups, single chunks.  Returns the end.
  /// `words` has a word more than the bits need, and zeros after the last bit.
  term* write_terms(const std::uint64_t* words, std::size_t from, std::size_t to,
                    std::size_t first_chunk, term* out) const;
  /// How many terms that are.
  [[nodiscard]] static std::size_t term_count(std::size_t from, std::size_t to);

  /// A term that adds nothing.
  [[nodiscard]] static term nothing();

private:
  struct lazy_groups {
    std::size_t first = 0, count = 0; ///< groups
    mutable std::once_flag once;
    mutable std::vector<prepared_point> entries;
  };

  [[nodiscard]] const prepared_point* groups_from(std::size_t group) const;
  void fill(const lazy_groups& part) const;
  [[nodiscard]] term chunk_term(std::size_t chunk, std::uint64_t value) const;

  std::size_t chunk_count_;
  /// multiples_[4 c + k - 1] = k times base c, k in 1 .. 4
  std::vector<prepared_point> multiples_;
  std::array<lazy_groups, part_count> parts_;
};

} // namespace blockferry::chain
