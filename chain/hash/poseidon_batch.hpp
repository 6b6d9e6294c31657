#pragma once

#include "chain/hash/poseidon.hpp"

#include <vector>

namespace blockferry::chain {

/// Hashes of many inputs by one Poseidon instance, with the permutations of all in common, so that
/// the lanes of a batch stay full.
class poseidon_batch {
public:
  explicit poseidon_batch(const poseidon& by) : by_{by} {}

  /// Begins an input; gives its number.
  std::size_t add_input() {
    starts_.push_back(fields_.size());
    return starts_.size() - 1;
  }
  /// The next field of the last input.
  void add(const field& one) { fields_.push_back(one); }
  [[nodiscard]] std::size_t size() const noexcept { return starts_.size(); }
  /// One hash an input.
  [[nodiscard]] std::vector<field> hashes() const;

private:
  [[nodiscard]] std::size_t size_of(std::size_t input) const {
    return (input + 1 < starts_.size() ? starts_[input + 1] : fields_.size()) - starts_[input];
  }

  const poseidon& by_;
  std::vector<field> fields_; ///< of all inputs, one after another
  std::vector<std::size_t> starts_;
};

} // namespace blockferry::chain
