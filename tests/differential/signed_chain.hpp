#pragma once

#include "binder.hpp"
#include "mutation.hpp"

#include <filesystem>

namespace blockferry::differential {

/// A chain of four validators with different stakes, all of whose keys are known, and transactions
/// of real blocks to put into its blocks.
class signed_chain {
public:
  /// `data` is the folder of the reference blocks.  Throws std::runtime_error if they cannot be
  /// read.
  explicit signed_chain(const std::filesystem::path& data);

  /// Without transactions, from genesis on: what the mutants follow.
  [[nodiscard]] const std::vector<chain::byte_buffer>& blocks() const noexcept { return blocks_; }
  /// The block of this height with the transactions of the real block of this height: valid, but
  /// that nobody pays for what it does.
  [[nodiscard]] chain::byte_buffer with_transactions(chain::height_t height) const;
  /// That block changed in one place and then bound and signed anew, so that nothing before the
  /// change's own check refuses it.  The same seed gives the same mutant.
  [[nodiscard]] mutant mutate(chain::height_t height, std::uint64_t seed) const;

  /// Binds and signs blocks of it; the committee's keys first.
  [[nodiscard]] const binder& keys() const noexcept { return binder_; }

  static constexpr chain::height_t block_count = 100;

private:
  std::vector<chain::byte_buffer> blocks_;
  std::vector<chain::byte_buffer> real_;
  binder binder_;
};

} // namespace blockferry::differential
