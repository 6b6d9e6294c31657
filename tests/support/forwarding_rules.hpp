#pragma once

#include "chain/rules.hpp"

#include <memory>
#include <utility>

namespace blockferry::testing {

/// Judges as another does: the base of rules that differ from it in one step.
class forwarding_rules : public chain::rules {
public:
  explicit forwarding_rules(std::shared_ptr<const chain::rules> judge) : judge_(std::move(judge)) {}

  [[nodiscard]] chain::expected<chain::checked_blocks, chain::check_failure>
  check_bundle(const chain::bundle_job& job, std::stop_token stop) const override {
    return judge_->check_bundle(job, stop);
  }
  [[nodiscard]] chain::expected<chain::chain_state, chain::check_failure>
  extend(const chain::chain_state& before, const chain::checked_blocks& blocks) const override {
    return judge_->extend(before, blocks);
  }
  [[nodiscard]] chain::expected<std::vector<chain::check_record>, chain::check_failure>
  check_history(const chain::chain_state& before, const chain::checked_blocks& blocks,
                std::stop_token stop) const override {
    return judge_->check_history(before, blocks, stop);
  }

private:
  std::shared_ptr<const chain::rules> judge_;
};

} // namespace blockferry::testing
