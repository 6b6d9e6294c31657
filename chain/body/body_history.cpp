#include "chain/body/body_history.hpp"

#include "chain/body/reward_checks.hpp"

namespace blockferry::chain {

expected<check_record, broken_rule>
check_body_history(const network& net, const body_context& before, const metadata& header,
                   const body_facts& body, const stake::block_votes& votes) {
  constexpr check_set checks{check::solutions, check::rewards};
  if (header.height == 0)
    return check_record{checks, {}};
  if (before.previous == nullptr)
    return check_record{{}, checks | check_set{check::certificate_history}};
  const metadata& previous = *before.previous;

  const bool beacon = votes.rounds.empty();
  if (beacon && header.round - previous.round != 1)
    return make_unexpected(broken_rule{check::rounds, std::to_string(previous.round) + " + 1",
                                       std::to_string(header.round), "round of a beacon block"});
  if (!beacon && previous.round != 0 && votes.rounds.front().round > previous.round)
    return make_unexpected(broken_rule{check::certificate_history,
                                       "certificates from round " + std::to_string(previous.round),
                                       "from round " + std::to_string(votes.rounds.front().round),
                                       "rounds since the block before"});

  check_record out;
  std::optional<hash> epoch_hash;
  if (before.epoch_hash != nullptr)
    epoch_hash = *before.epoch_hash;
  if (auto broken = check_solution_targets(previous, header, body, epoch_hash))
    return make_unexpected(std::move(*broken));
  const bool epoch_compared = body.epoch_hashes.empty() || epoch_hash;
  (epoch_compared ? out.made : out.unmade).add(check::solutions);
  if (body.unread.empty())
    if (auto broken = check_rewards(net, previous, header, body))
      return make_unexpected(std::move(*broken));
  (body.unread.empty() ? out.made : out.unmade).add(check::rewards);
  return out;
}

void follow_epoch(const network& net, const block_facts& block, std::optional<hash>& epoch_hash) {
  if (net.blocks_per_epoch != 0 && block.height % net.blocks_per_epoch == 0)
    epoch_hash = block.previous_hash;
}

} // namespace blockferry::chain
