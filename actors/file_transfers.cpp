#include "actors/downloader.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {

void downloader_state::start_transfers() {
  for (auto& [file_start, job] : jobs_->all()) {
    if (job.supplied)
      continue;
    // At least one: where so many disagree that none is left to wait for, another mirror decides.
    const std::size_t heard = job.bodies.size() + job.transfers.size();
    const std::size_t compare = setup_.options.compare;
    std::size_t missing = heard < compare ? compare - heard : (job.transfers.empty() ? 1 : 0);
    for (; missing > 0; --missing)
      if (jobs_->transfer_count() >= setup_.options.connections || !start_transfer(job, false))
        break;
  }
}

bool downloader_state::start_transfer(file_job& job, bool hedge) {
  auto avoid = job.avoided(*mirrors_);
  if (hedge && mirrors_->size() == 1)
    avoid.clear(); // another connection is all there is
  const auto mirror = mirrors_->choose(now(), avoid);
  const auto bytes = jobs_->reserve(job);
  if (!mirror || !bytes)
    return false;
  transfer_request request;
  request.id = ++last_transfer_;
  request.mirror = *mirror;
  request.file_start = job.file_start;
  request.bytes_max = *bytes;
  request.deadline = setup_.options.wait.transfer_deadline;
  request.fresh_connection = job.refusals.contains(*mirror);
  job.transfers[request.id] = {*mirror, *bytes, now()};
  mirrors_->started(*mirror);
  setup_.network->start(request);
  return true;
}

time_point downloader_state::hedge_at(const file_job& head) const {
  return head.transfers.begin()->second.started +
         std::max(setup_.options.wait.hedge_min, 4 * usual_duration_);
}

/// A second request, to another mirror, for the file that everything behind it waits for; even if
/// every connection is busy with those.
void downloader_state::hedge_head() {
  file_job* head = jobs_->head();
  if (head != nullptr && head->transfers.size() == 1 && setup_.options.compare == 1 &&
      now() >= hedge_at(*head))
    start_transfer(*head, true);
}

void downloader_state::finished_file(file_job& job, transfer_result& result) {
  const auto transfer = job.transfers.extract(result.id).mapped();
  const mirror_id mirror = transfer.mirror;
  if (!result.outcome)
    return failed_file(job, transfer, result.outcome.error());
  transfer_body& body = *result.outcome;
  mirrors_->succeeded(mirror, result.bytes_received, result.duration);
  usual_duration_ =
      usual_duration_.count() == 0 ? result.duration : (3 * usual_duration_ + result.duration) / 4;
  jobs_->saw_size(body.bytes.size());
  bytes_fetched_ += body.bytes.size();
  const std::uint64_t before = job.wanted.first - job.file_start;
  const std::uint64_t claimed = std::max(claimed_blocks(body.bytes), before);
  blocks_fetched_ += std::min<std::uint64_t>(claimed - before, job.wanted.count);
  job.bodies.push_back({mirror, std::move(body), result.finished_at_ms, transfer.started});
  compare_bodies(job);
}

void downloader_state::compare_bodies(file_job& job) {
  if (const auto* best = agreed_body(job.bodies, setup_.options.compare))
    return hand_over(job, *best);
  if (!job.end_round(*mirrors_) || job.bodies.size() < setup_.options.compare)
    return;
  job.last_failure =
      failure{errc::bundle_mirrors_disagree,
              "fewer than " + std::to_string(setup_.options.compare) +
                  " mirrors agree on the blocks of file " + std::to_string(job.file_start) +
                  ": none of them counts, they are asked again"};
  job.last_url = job.bodies.back().body.url;
  for (const auto& one : job.bodies)
    mirrors_->set_back(one.mirror, now(), job.last_failure->message, random_);
  job.bodies.clear();
}

void downloader_state::hand_over(file_job& job, const waiting_body& best) {
  fetched_bundle out;
  out.ticket = ++last_ticket_;
  out.file_start = job.file_start;
  out.wanted = job.wanted;
  out.blocks_min = job.whole ? blocks_per_file : 0;
  out.known = job.known;
  out.bytes = best.body.bytes;
  out.source = {best.body.url, best.mirror, best.fetched_at_ms};
  job.supplied = supply{out.ticket, best.mirror, best.asked_at, out.bytes.size(),
                        claimed_blocks(out.bytes) < out.blocks_min};
  job.bodies.clear();
  for (const auto& [id, transfer] : job.transfers) { // the hedge, or the hedged
    setup_.network->cancel(id);
    mirrors_->outpaced(transfer.mirror);
  }
  job.transfers.clear();
  compat::send(self_, peers_.verifier, std::move(out));
}

void downloader_state::abandon_transfers(file_job& job) {
  for (const auto& [id, transfer] : job.transfers) {
    setup_.network->cancel(id);
    mirrors_->abandoned(transfer.mirror);
  }
  job.transfers.clear();
}

void downloader_state::failed_file(file_job& job, const running_transfer& transfer,
                                   const transfer_failure& why) {
  const mirror_id mirror = transfer.mirror;
  job.last_failure = why.why;
  job.last_check.reset();
  job.last_url = mirrors_->url(mirror);
  if (why.why.code == errc::cdn_too_large) {
    const auto cap = jobs_->bundle_bytes();
    if (transfer.reserved_bytes < cap && why.bytes_needed <= cap) {
      // It did not fit its share of the window; it is asked for again with a larger one.
      job.bytes_needed = std::min(cap, std::max(why.bytes_needed, 2 * transfer.reserved_bytes));
      mirrors_->abandoned(mirror);
      return compare_bodies(job); // it may have been the last of a round: its hedge had failed
    }
    job.last_failure->message +=
        "; a file may have " + std::to_string(cap) + " bytes (options --bundle-max and --window)";
  }
  if (why.why.code == errc::cdn_not_found) {
    if (mirrors_->ends_by(mirror, job.file_start + (blocks_per_file - 1))) {
      mirrors_->abandoned(mirror);
      return lacks_file(job, mirror);
    }
    mirrors_->misses(mirror, job.wanted.first);
  }
  mirrors_->failed(mirror, now(), job.last_failure->message, why.retry_after, random_);
  job.tried.insert(mirror);
  compare_bodies(job); // enough may have been heard
}

/// A mirror has no such file, or nothing new in it: where its tip is, that is ordinary life.
void downloader_state::lacks_file(file_job& job, mirror_id mirror) {
  mirrors_->lacks(mirror, job.wanted.first);
  polls_->put_off(mirror, now() + setup_.options.wait.backoff_first);
  job.tried.insert(mirror);
  compare_bodies(job);
}

} // namespace blockferry
