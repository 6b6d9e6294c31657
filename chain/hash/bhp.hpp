#pragma once

#include "chain/hash/bits.hpp"
#include "chain/math/kernels.hpp"

#include <initializer_list>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

namespace blockferry::chain {

/// Inputs of one shape for `bhp::sum`: input i is the bits [from, to) of the string that begins at
/// words[i * stride].  What stands before `from` and after `to` is in the starts already.
struct bhp_batch {
  const std::uint64_t* words = nullptr;
  std::size_t stride = 0;               ///< words; at least one more than `to` bits need
  std::size_t from = 0;                 ///< a multiple of 3
  std::size_t to = 0;                   ///< bits; zeros follow up to the next multiple of 12
  std::span<const point* const> starts; ///< one an input
};

/// BHP, the Bowe-Hopwood-Pedersen hash of the chain (specification 3.4), for inputs of any length.
/// Any thread may call; tables are made by whoever first needs them, the others wait.
///
/// Four neighbouring chunks of three bits are merged into one table look-up, of half size by
/// symmetry, and the constant prefix of every input (domain and length) is a start point, kept for
/// the lengths that most calls have.  The tables come in three parts: what usual inputs need, what
/// longer ones need, and what the second and later rounds need.
class bhp {
public:
  /// `short_bits`: inputs up to this long use the first part of the tables alone.
  bhp(std::size_t windows, std::size_t window_size, std::string_view domain, std::size_t short_bits,
      std::initializer_list<std::size_t> usual_sizes);
  bhp(const bhp&) = delete;
  bhp& operator=(const bhp&) = delete;
  ~bhp();

  /// Hash of one input.
  [[nodiscard]] field hash_bits(bit_view input) const;
  /// Hashes of many inputs, with one field inversion for each round of the longest.  Between two
  /// rounds it gives up where `stop` asks: `out` then means nothing.
  void hash_many(std::span<const bit_view> inputs, std::span<field> out,
                 const std::stop_token& stop = {}) const;

  /// Inputs of up to this many bits take one round.
  [[nodiscard]] std::size_t round_bits() const noexcept;
  /// Where the sum of an input of `size` bits starts.
  [[nodiscard]] point start(std::size_t size) const;
  /// Adds the terms of parts of inputs of one round.  The hash of a short input is the x-coordinate
  /// of its start with the terms of all its bits added, and the parts may be added in any order.
  void sum(const bhp_batch& batch, std::span<point> out) const;
  /// The same for one input, with a start of its own.
  [[nodiscard]] point sum_one(const point& start, bit_view input, std::size_t from,
                              std::size_t to) const;

private:
  struct tables;
  struct job;

  [[nodiscard]] point prefix_sum(std::size_t size, bool without_length_chunks) const;
  [[nodiscard]] job first_round(bit_view input) const;
  [[nodiscard]] job later_round(bit_view input, std::size_t done, const field& last) const;
  void sum_uneven(std::span<const job> jobs, std::span<point> out) const;

  std::unique_ptr<tables> tables_;
};

/// BHP1024 and BHP512 of the chain.
[[nodiscard]] const bhp& bhp1024();
[[nodiscard]] const bhp& bhp512();

} // namespace blockferry::chain
