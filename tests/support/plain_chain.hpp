#pragma once

#include "chain/network.hpp"
#include "chain/rules.hpp"

#include <functional>
#include <vector>

namespace blockferry::testing {

/// One block of a plain chain: 84 bytes and padding.
struct plain_block {
  chain::height_t height = 0;
  chain::hash previous_hash;
  chain::hash own_hash;
  std::uint64_t sum = 0;  ///< over all blocks before it: what only history can judge
  std::uint64_t salt = 0; ///< tells forks apart
};

/// A chain whose blocks cost next to nothing to make and to check, so that a test of the pipeline
/// can afford thousands of runs.  The same for the same arguments.
class plain_chain {
public:
  /// `blocks` blocks from height 0 on, each `block_bytes` long, at least 84.  From `fork_at` on
  /// they differ from those of a chain with another `fork`.
  explicit plain_chain(std::uint32_t blocks, std::size_t block_bytes = 100, std::uint64_t fork = 0,
                       chain::height_t fork_at = 0);

  [[nodiscard]] std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(blocks_.size());
  }
  [[nodiscard]] const chain::hash& hash_of(chain::height_t height) const {
    return blocks_[height].own_hash;
  }
  /// Before block `start`, at least 1, as a start file has it.
  [[nodiscard]] chain::chain_state state_before(chain::height_t start) const;
  /// The CDN's file from `file_start` on, with the blocks below `end`; `change` may spoil one.
  [[nodiscard]] chain::byte_buffer file(chain::height_t file_start,
                                        std::uint64_t end = ~std::uint64_t{0},
                                        const std::function<void(plain_block&)>& change = {}) const;

private:
  std::vector<plain_block> blocks_;
  std::size_t block_bytes_;
};

/// Hash of a plain block with these contents.
[[nodiscard]] chain::hash plain_hash(const plain_block& block);

/// Rules for plain chains, with the same three steps as those of a real chain.
class plain_rules final : public chain::rules {
public:
  explicit plain_rules(const chain::hash& genesis, std::vector<chain::checkpoint> checkpoints = {});

  [[nodiscard]] chain::expected<chain::checked_blocks, chain::check_failure>
  check_bundle(const chain::bundle_job& job, std::stop_token stop) const override;
  [[nodiscard]] chain::expected<chain::chain_state, chain::check_failure>
  extend(const chain::chain_state& before, const chain::checked_blocks& blocks) const override;
  [[nodiscard]] chain::expected<std::vector<chain::check_record>, chain::check_failure>
  check_history(const chain::chain_state& before, const chain::checked_blocks& blocks,
                std::stop_token stop) const override;

private:
  chain::hash genesis_;
  std::vector<chain::checkpoint> checkpoints_;
};

} // namespace blockferry::testing
