#include "actors/downloader.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {

std::optional<height_t> downloader_state::target() const {
  const auto tip = mirrors_->highest_tip(setup_.options.compare);
  if (!tip || !setup_.options.until)
    return tip;
  return std::min(*tip, *setup_.options.until);
}

void downloader_state::plan_files() {
  const auto end = target();
  while (end && next_planned_ <= *end && jobs_->transfer_count() < setup_.options.connections &&
         jobs_->has_room_for_another()) {
    if (!jobs_->empty()) {
      const file_job& last = jobs_->all().rbegin()->second;
      // Behind a file that may be short nothing can be planned: where it ends is known when it is
      // there.  And a file that waits for a mirror or for room waits before those behind it.
      if (!last.whole || (last.transfers.empty() && last.bodies.empty() && !last.supplied))
        return;
    }
    plan_file(next_planned_ / blocks_per_file * blocks_per_file);
    start_transfers();
  }
}

void downloader_state::plan_file(height_t file_start) {
  file_job job;
  job.file_start = file_start;
  const height_t file_last = file_start + (blocks_per_file - 1); // `height_max` ends a file
  const height_t wanted_last = std::min(file_last, setup_.options.until.value_or(file_last));
  job.wanted = {next_planned_, wanted_last - next_planned_ + 1};
  // Only the file that holds the tip may be short.
  job.whole = *mirrors_->highest_tip(setup_.options.compare) >= file_last;
  if (known_ && known_->taken.end() == next_planned_ && next_planned_ != file_start)
    job.known = known_;
  next_planned_ = wanted_last + 1;
  jobs_->all().emplace(file_start, std::move(job));
}

/// A file that was planned for a tip that counts no more may be the last one; what was refused for
/// being short is then held against nobody.
void downloader_state::expect_short_file(file_job& job) {
  const auto tip = mirrors_->highest_tip(setup_.options.compare);
  if (tip && *tip >= job.file_start + (blocks_per_file - 1))
    return;
  job.whole = false;
  job.refusals.clear();
}

/// What no mirror stands by any more is forgotten, from the end on, until one advertises it again.
void downloader_state::drop_beyond_target() {
  const auto end = target();
  while (!jobs_->empty()) {
    file_job& last = jobs_->all().rbegin()->second;
    if (last.supplied || (end && last.wanted.first <= *end))
      return;
    next_planned_ = last.wanted.first;
    abandon_transfers(last);
    jobs_->all().erase(last.file_start);
  }
}

} // namespace blockferry
