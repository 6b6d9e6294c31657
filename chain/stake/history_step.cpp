#include "chain/stake/history_step.hpp"

namespace blockferry::chain::stake {

namespace {

std::shared_ptr<const following> state_before(const chain_state& before) {
  if (!before.followed.empty())
    return before.followed.open();
  return std::make_shared<const following>(before.next_height == 0 ? following{}
                                                                   : following_from_the_middle());
}

} // namespace

followed follow(const chain_state& before, const checked_blocks& blocks) {
  if (blocks.stakes.empty())
    return {};
  following state = *state_before(before);
  for (std::size_t i = 0; i < blocks.stakes.size(); ++i)
    state.add(blocks.blocks[i].height, blocks.stakes[i]);
  return followed{std::move(state)};
}

expected<void, check_failure> judge_votes(const chain_state& before, const checked_blocks& blocks,
                                          std::stop_token stop, std::span<check_record> records) {
  if (blocks.votes.empty())
    return {};
  const auto state = state_before(before);
  history_walk history{*state, before.next_height, blocks.stakes};
  // A start file's state begins where the run begins, and knows the block before.
  const bool after_start_file =
      before.start_height != 0 && before.last && before.next_height == before.start_height;
  std::uint64_t previous_round = before.last_metadata ? before.last_metadata->round : 0;
  for (std::size_t i = 0; i < blocks.votes.size(); ++i) {
    if (stop.stop_requested()) {
      check_failure cancelled;
      cancelled.kind = failure_kind::cancelled;
      return make_unexpected(std::move(cancelled));
    }
    const metadata& header = blocks.headers[i];
    auto made = check_votes({header.height, header.round, previous_round, header.timestamp,
                             &blocks.votes[i], i == 0 && after_start_file},
                            history);
    if (!made) {
      made.error().offset = blocks.blocks[i].offset;
      return make_unexpected(std::move(made.error()));
    }
    records[i].made = records[i].made | *made;
    records[i].unmade = records[i].unmade | (vote_checks - *made);
    previous_round = header.round;
    history.advance();
  }
  return {};
}

} // namespace blockferry::chain::stake
