#include "runtime/commands/verify_state.hpp"

namespace blockferry::runtime {

void state_tally::add(const chain::check_record& record) {
  ++blocks_;
  covered_ = covered_ & storage::covered_by(record);
  unmade_ = unmade_ | record.unmade;
}

storage::state_row state_tally::row() const {
  storage::state_row out;
  out.state = state_;
  out.block_count = blocks_;
  out.covered = covered_;
  out.unmade = unmade_;
  return out;
}

std::optional<finding> state_tally::compare(const storage::state_row& stored,
                                            bool may_say_less) const {
  const chain::chain_state& row = stored.state;
  const std::pair<bool, const char*> parts[] = {
      {stored.block_count == blocks_, "count of blocks"},
      {row.start_height == state_.start_height && row.next_height == state_.next_height, "heights"},
      {row.last == state_.last, "tip"},
      {row.last_metadata == state_.last_metadata, "metadata of the last block"},
      {row.pinned == state_.pinned, "pinned hash"},
      {(may_say_less && !row.history_known) || row.history_known == state_.history_known,
       "word on whether all hashes before are known"},
      {(may_say_less && !row.history_known) || row.peaks == state_.peaks, "Merkle peaks"},
      {(may_say_less && row.followed.empty()) || row.followed == state_.followed, "committees"},
      {may_say_less ? covered_.includes(stored.covered) : stored.covered == covered_,
       "checks that every block has"},
      {may_say_less || stored.unmade == unmade_, "checks that some block lacks"},
  };
  for (const auto& [same, what] : parts)
    if (!same)
      return finding{row.next_height, std::string{"would follow on a chain state whose "} + what +
                                          " the blocks do not give"};
  return std::nullopt;
}

} // namespace blockferry::runtime
