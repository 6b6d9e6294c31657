#pragma once

#include "chain/hash/bhp.hpp"
#include "chain/hash/bhp_tables.hpp"

#include <array>
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

/// Where sums start that begin with `start` and have the chunk at `bit`, a multiple of 3: one for
/// each value of its three bits.  A few points in place of one term in every sum.
using chunk_starts = std::array<point, std::size_t{1} << chunk_bits>;
[[nodiscard]] chunk_starts starts_by_chunk(const bhp& hasher, const point& start, std::size_t bit);

/// The three bits of an element from `bit` on, as a number; behind its last bit stand zeros.
[[nodiscard]] inline std::size_t chunk_of(const hash& element, std::size_t bit) {
  const unsigned low = element.bytes[bit / 8];
  const unsigned high = bit / 8 + 1 < element.bytes.size() ? element.bytes[bit / 8 + 1] : 0U;
  return (low | high << 8) >> bit % 8 & 7;
}

/// x-coordinates of the sums.
[[nodiscard]] std::vector<hash> hash_batch(const bhp& hasher, const bhp_batch& batch);
/// The same where all have one start.
[[nodiscard]] std::vector<hash> hash_batch(const bhp& hasher, const packed_inputs& inputs,
                                           std::size_t from, std::size_t to, const point& start,
                                           std::size_t count);
/// The same where each start is one of `starts`, by a number that `which(i)` gives.
template <class Which>
[[nodiscard]] std::vector<hash>
hash_batch(const bhp& hasher, const packed_inputs& inputs, std::size_t from, std::size_t to,
           const chunk_starts& starts, std::size_t count, Which which) {
  std::vector<const point*> chosen;
  chosen.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    chosen.push_back(&starts[which(i)]);
  return hash_batch(hasher, inputs.batch(from, to, chosen));
}

} // namespace blockferry::chain
