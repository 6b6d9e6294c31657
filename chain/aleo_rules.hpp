#pragma once

#include "chain/network.hpp"
#include "chain/rules.hpp"

#include <memory>

namespace blockferry::chain {

class signer_pool;

/// The rules of an Aleo network.
class aleo_rules final : public rules {
public:
  /// `more` are checkpoints beside the network's own.
  explicit aleo_rules(network net, std::vector<checkpoint> more = {});
  ~aleo_rules() override;

  [[nodiscard]] expected<checked_blocks, check_failure>
  check_bundle(const bundle_job& job, std::stop_token stop) const override;
  [[nodiscard]] expected<chain_state, check_failure>
  extend(const chain_state& before, const checked_blocks& blocks) const override;
  [[nodiscard]] expected<std::vector<check_record>, check_failure>
  check_history(const chain_state& before, const checked_blocks& blocks,
                std::stop_token stop) const override;

private:
  network net_;                          ///< with all checkpoints
  std::unique_ptr<signer_pool> signers_; ///< caches, see chain/signers
};

} // namespace blockferry::chain
