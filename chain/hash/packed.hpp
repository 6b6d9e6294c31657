#pragma once

#include "chain/hash/bhp.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace blockferry::chain {

/// Many bit strings of one size in one buffer, for `bhp::sum`.
class packed_inputs {
public:
  packed_inputs(std::size_t count, std::size_t bits)
      : stride_{(bits + 63) / 64 + 1}, words_(count * stride_) {}

  /// Sets the 253 bits of a field element at a place that is still zero.
  void put(std::size_t input, std::size_t bit, const hash& element);
  /// Sets up to 64 bits, likewise.
  void put(std::size_t input, std::size_t bit, std::uint64_t value);

  [[nodiscard]] bhp_batch batch(std::size_t from, std::size_t to,
                                std::span<const point* const> starts) const {
    return {words_.data(), stride_, from, to, starts};
  }

private:
  std::size_t stride_;
  std::vector<std::uint64_t> words_;
};

/// x-coordinates of the sums.
[[nodiscard]] std::vector<hash> hash_batch(const bhp& hasher, const bhp_batch& batch);
/// The same where all have one start.
[[nodiscard]] std::vector<hash> hash_batch(const bhp& hasher, const packed_inputs& inputs,
                                           std::size_t from, std::size_t to, const point& start,
                                           std::size_t count);

} // namespace blockferry::chain
