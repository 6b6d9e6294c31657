#pragma once

#include "chain/math/permutation.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace blockferry::chain {

/// Poseidon over the field (specification 3.6): capacity 1, exponent 17, 8 full and 31 partial
/// rounds. Immutable after construction; any thread may call.
class poseidon {
public:
  /// `rate` is 2, 4 or 8 on the chain.
  explicit poseidon(std::size_t rate);
  poseidon(const poseidon&) = delete;
  poseidon& operator=(const poseidon&) = delete;

  /// One hash of any number of fields.
  [[nodiscard]] field hash(std::span<const field> input) const;
  /// As many outputs as `out` is long.
  void hash_many(std::span<const field> input, std::span<field> out) const;
  /// The low 250 bits of the hash, a number below R.
  [[nodiscard]] std::array<std::uint64_t, 4> hash_to_scalar(std::span<const field> input) const;

  /// Permutes states of rate + 1 elements each in place.
  void permute(std::span<field> states) const;
  /// The state after the first block of a hash of `size` fields, which depends on nothing else: the
  /// fields come next, in blocks of `rate`, the first of them without a permutation before it.
  [[nodiscard]] std::vector<field> state_before(std::size_t size) const;
  /// The low 250 bits of an element.
  [[nodiscard]] static std::array<std::uint64_t, 4> scalar_of(const field& output);

  [[nodiscard]] std::size_t rate() const noexcept { return rate_; }
  /// Round constants of round r: `width()` elements from r * width() on.
  [[nodiscard]] std::span<const field> round_constants() const noexcept { return constants_; }
  /// The matrix, row after row.
  [[nodiscard]] std::span<const field> matrix() const noexcept { return matrix_; }
  [[nodiscard]] std::size_t width() const noexcept { return rate_ + 1; }

private:
  void make_sparse();

  std::size_t rate_;
  field domain_;
  std::vector<field> constants_;
  std::vector<field> matrix_;
  std::vector<field> before_, after_, joint_, sparse_; ///< see `permutation_tables`
  permutation_tables tables_;                          ///< views of them
};

/// The three instances of the chain, made at the first call; thread-safe.
[[nodiscard]] const poseidon& poseidon2();
[[nodiscard]] const poseidon& poseidon4();
[[nodiscard]] const poseidon& poseidon8();

} // namespace blockferry::chain
