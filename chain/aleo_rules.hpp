#pragma once

#include "chain/network.hpp"
#include "chain/rules.hpp"

namespace blockferry::chain {

/// The rules of an Aleo network.
class aleo_rules final : public rules {
public:
  /// `more` are checkpoints beside the network's own.
  explicit aleo_rules(network net, std::vector<checkpoint> more = {});

  [[nodiscard]] expected<checked_blocks, check_failure>
  check_bundle(const bundle_job& job, std::stop_token stop) const override;
  [[nodiscard]] expected<chain_state, check_failure>
  extend(const chain_state& before, const checked_blocks& blocks) const override;
  [[nodiscard]] expected<std::vector<check_record>, check_failure>
  check_history(const chain_state& before, const checked_blocks& blocks,
                std::stop_token stop) const override;

private:
  network net_; ///< with all checkpoints
};

} // namespace blockferry::chain
