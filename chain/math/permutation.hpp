#pragma once

#include "chain/math/field.hpp"

#include <span>

namespace blockferry::chain {

/// A Poseidon permutation in the form that is fast to compute: the matrices of the partial rounds
/// are sparse, and only their first element gets a constant ("POSEIDON: a new hash function for
/// zero-knowledge proof systems", Grassi and others, 2021, appendix B).
struct permutation_tables {
  std::size_t width = 0;       ///< t, elements of a state; at most `permutation_width_max`
  std::size_t half_rounds = 0; ///< full rounds before, and after, the partial ones
  std::size_t partial_rounds = 0;
  std::span<const field> before; ///< half_rounds x t constants
  std::span<const field> after;  ///< likewise
  std::span<const field> matrix; ///< t x t, row after row: of all full rounds but the one below
  std::span<const field> joint;  ///< t x t, of the last full round before the partial ones
  /// Of each partial round 2 t elements: its constant; the first row; the first column below it.
  /// All else of the matrix is that of the identity.
  std::span<const field> sparse;
};

constexpr std::size_t permutation_width_max = 9;

} // namespace blockferry::chain
