#include "chain/stake/certificate_window.hpp"

#include <algorithm>

namespace blockferry::chain::stake {

certificate_window certificate_window::from_the_middle() {
  certificate_window made;
  made.complete_from_.reset();
  return made;
}

certificate_window::answer certificate_window::look_up(std::uint64_t round, const hash& id) const {
  const auto at = std::ranges::lower_bound(rounds_, round, {}, &round_certificates::round);
  if (at != rounds_.end() && at->round == round && std::ranges::binary_search(at->ids, id))
    return answer::known;
  return complete_from_ && round >= *complete_from_ ? answer::missing : answer::before_the_window;
}

void certificate_window::add(std::uint64_t block_round,
                             const std::vector<round_certificates>& certificates) {
  // What a block before the first one holds has a round below that first one's (6.3: rounds rise).
  if (!complete_from_)
    complete_from_ = block_round;
  for (const round_certificates& more : certificates) {
    auto at = std::ranges::lower_bound(rounds_, more.round, {}, &round_certificates::round);
    if (at == rounds_.end() || at->round != more.round)
      at = rounds_.insert(at, {more.round, {}});
    at->ids.insert(at->ids.end(), more.ids.begin(), more.ids.end());
    std::ranges::sort(at->ids);
    at->ids.erase(std::unique(at->ids.begin(), at->ids.end()), at->ids.end());
  }
  // A later block, of round A > block_round, must know previous rounds p with p + 99 > A only.
  const std::uint64_t oldest =
      block_round >= subdag_rounds_max ? block_round - (subdag_rounds_max - 2) : 0;
  std::erase_if(rounds_, [&](const round_certificates& one) { return one.round < oldest; });
}

std::optional<certificate_window>
certificate_window::restore(std::optional<std::uint64_t> complete_from,
                            std::vector<round_certificates> rounds) {
  const auto not_rising = [](const auto& a, const auto& b) { return !(a < b); };
  for (const round_certificates& one : rounds)
    if (std::ranges::adjacent_find(one.ids, not_rising) != one.ids.end())
      return std::nullopt;
  if (std::ranges::adjacent_find(rounds, not_rising, &round_certificates::round) != rounds.end())
    return std::nullopt;
  certificate_window made;
  made.complete_from_ = complete_from;
  made.rounds_ = std::move(rounds);
  return made;
}

} // namespace blockferry::chain::stake
