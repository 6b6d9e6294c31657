#pragma once

#include "chain/hash/bits.hpp"
#include "chain/math/curve.hpp"

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace blockferry::chain {

/// BHP, the Bowe-Hopwood-Pedersen hash of the chain (specification 3.4), for inputs of any length.
/// Immutable after construction; any thread may call.
///
/// Four neighbouring chunks of three bits are merged into one table look-up, of half size by
/// symmetry, and the constant prefix of every input (domain and length) is a start point, kept for
/// the lengths that most calls have.
class bhp {
public:
  bhp(std::size_t windows, std::size_t window_size, std::string_view domain,
      std::initializer_list<std::size_t> usual_sizes);
  bhp(const bhp&) = delete;
  bhp& operator=(const bhp&) = delete;
  ~bhp();

  /// Bits covered by one table look-up: where a sum may be cut (see `sum`).
  static constexpr std::size_t group_bits = 12;

  /// Hash of one input.
  [[nodiscard]] field hash_bits(bit_view input) const;
  /// Hashes of many inputs, with one field inversion for each round of the longest.
  void hash_many(std::span<const bit_view> inputs, std::span<field> out) const;

  /// Inputs of up to this many bits take one round.
  [[nodiscard]] std::size_t round_bits() const noexcept;
  /// Where the sum of an input of `size` bits starts.
  [[nodiscard]] point start(std::size_t size) const;
  /// Adds the terms of the bits [from, to) of an input of one round; `from` is a multiple of
  /// `group_bits`.  The hash of a short input is the x-coordinate of sum(start(size), input, 0,
  /// size), and the parts may be added in any order.
  [[nodiscard]] point sum(point to_what, bit_view input, std::size_t from, std::size_t to) const;

private:
  struct tables;

  [[nodiscard]] point sum_chunks(point to_what, bit_view bits, std::size_t first_chunk) const;
  [[nodiscard]] point prefix_of(std::size_t size) const;

  std::unique_ptr<const tables> tables_;
};

/// BHP1024 and BHP512 of the chain.  The first call builds the tables (some 100 ms); thread-safe.
[[nodiscard]] const bhp& bhp1024();
[[nodiscard]] const bhp& bhp512();

} // namespace blockferry::chain
