#include "actors/downloader.hpp"

#include "chain/latest.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {

downloader_state::downloader_state() = default;
downloader_state::~downloader_state() = default;

void downloader_state::start(downloader_actor::pointer self, downloader_setup setup) {
  self_ = self;
  setup_ = std::move(setup);
  random_.seed(setup_.seed);
  mirrors_ = std::make_unique<mirror_book>(setup_.options.mirrors, setup_.options.wait);
  jobs_ = std::make_unique<file_jobs>(setup_.options.window_bytes, setup_.options.bundle_bytes);
  polls_.resize(setup_.options.mirrors.size());
  next_planned_ = next_committed_ = setup_.next_height;
  known_ = setup_.known;
  last_progress_ = now();
  setup_.network->connect([to = downloader_actor{self_}](transfer_result result) {
    caf::anon_send(to, std::move(result));
  });
}

time_point downloader_state::now() const {
  return self_->clock().now();
}

void downloader_state::meet(const node_peers& peers) {
  peers_ = peers;
  last_progress_ = now();
  pump();
}

std::optional<height_t> downloader_state::target() const {
  const auto tip = mirrors_->highest_tip();
  if (!tip || !setup_.options.until)
    return tip;
  return std::min(*tip, *setup_.options.until);
}

void downloader_state::pump() {
  if (draining_ || ends_)
    return;
  plan_files();
  poll_latest();
  start_transfers();
  hedge_head();
  check_end();
  arm_timer();
  report();
}

// --- latest.json
// -------------------------------------------------------------------------------------

void downloader_state::poll_latest() {
  const bool idle = jobs_->all().empty();
  for (mirror_id id = 0; id < polls_.size(); ++id) {
    latest_poll& poll = polls_[id];
    const bool wanted = !poll.answered || (idle && !target_reached_) || setup_.options.follow;
    if (poll.id != 0 || !wanted || now() < poll.due)
      continue;
    poll.id = ++last_transfer_;
    transfers_[poll.id] = {id, true};
    transfer_request request;
    request.id = poll.id;
    request.mirror = id;
    request.bytes_max = limits::latest_bytes_max;
    request.deadline = setup_.options.wait.latest_deadline;
    request.if_none_match = poll.etag;
    request.if_modified_since = poll.last_modified;
    setup_.network->start(request);
  }
}

void downloader_state::finished_latest(mirror_id mirror, transfer_result& result) {
  latest_poll& poll = polls_[mirror];
  poll.id = 0;
  poll.due = now() + jittered(setup_.options.wait.poll_interval);
  mirrors_->started(mirror); // polls do not count as transfers while they run
  const auto fail = [&](const failure& why, std::optional<milliseconds> retry_after) {
    mirrors_->failed(mirror, now(), why.message, retry_after, random_);
    poll.due = now() + jittered(setup_.options.wait.backoff_first * 4);
    if (retry_after)
      poll.due =
          std::max(poll.due, now() + std::clamp(*retry_after, setup_.options.wait.retry_after_min,
                                                setup_.options.wait.retry_after_max));
  };
  if (!result.outcome)
    return fail(result.outcome.error().why, result.outcome.error().retry_after);
  transfer_body& body = *result.outcome;
  if (!body.not_modified) {
    const auto exclusive = chain::parse_latest(body.bytes.view());
    if (!exclusive)
      return fail({errc::cdn_bad_latest, body.url + ": " + exclusive.error()}, std::nullopt);
    if (*exclusive > 0)
      mirrors_->advertises(mirror, std::min(*exclusive - 1, limits::height_max));
    poll.etag = body.etag;
    poll.last_modified = body.last_modified;
  }
  poll.answered = true;
  mirrors_->succeeded(mirror, body.bytes.size(), result.duration);
}

// --- files
// -------------------------------------------------------------------------------------------

void downloader_state::plan_files() {
  const auto end = target();
  if (!end)
    return;
  while (next_planned_ <= *end && jobs_->transfer_count() < setup_.options.connections &&
         jobs_->has_room_for_another()) {
    if (!jobs_->all().empty()) {
      const file_job& last = jobs_->all().rbegin()->second;
      // Behind a file that may be short nothing can be planned: where it ends is known when it is
      // there. And a file that waits for a mirror or for room waits before those behind it.
      if (last.blocks_min < blocks_per_file || (last.transfers.empty() && !last.ticket))
        return;
    }
    plan_file(next_planned_ / blocks_per_file * blocks_per_file);
    start_transfers();
  }
}

void downloader_state::plan_file(height_t file_start) {
  file_job job;
  job.file_start = file_start;
  const std::uint64_t file_end = std::uint64_t{file_start} + blocks_per_file;
  const std::uint64_t wanted_end =
      setup_.options.until
          ? std::min<std::uint64_t>(file_end, std::uint64_t{*setup_.options.until} + 1)
          : file_end;
  job.wanted = {next_planned_, static_cast<std::uint32_t>(wanted_end - next_planned_)};
  // Only the file that holds the tip may be short.
  const bool holds_tip = *mirrors_->highest_tip() < file_end - 1;
  job.blocks_min = holds_tip ? 0 : blocks_per_file;
  if (known_ && known_->taken.end() == next_planned_ && next_planned_ % blocks_per_file != 0)
    job.known = known_;
  next_planned_ = static_cast<height_t>(wanted_end);
  jobs_->all().emplace(file_start, std::move(job));
}

void downloader_state::start_transfers() {
  for (auto& [file_start, job] : jobs_->all()) {
    if (jobs_->transfer_count() >= setup_.options.connections)
      return;
    const std::size_t missing =
        job.ticket ? 0
                   : setup_.options.compare -
                         std::min<std::size_t>(setup_.options.compare, job.bodies.size());
    while (job.transfers.size() < missing && start_transfer(job, false)) {
    }
  }
}

bool downloader_state::start_transfer(file_job& job, bool hedge) {
  auto avoid = job.tried;
  for (const auto& [id, transfer] : job.transfers)
    if (!hedge || setup_.options.compare > 1 || mirrors_->size() > 1)
      avoid.insert(transfer.mirror);
  for (mirror_id id = 0; id < mirrors_->size(); ++id)
    if (!mirrors_->may_have(id, job.wanted.first))
      avoid.insert(id);
  const auto mirror = mirrors_->choose(now(), avoid);
  const auto bytes = jobs_->reserve(job, hedge || !job.transfers.empty());
  if (!mirror || !bytes)
    return false;
  transfer_request request;
  request.id = ++last_transfer_;
  request.mirror = *mirror;
  request.file_start = job.file_start;
  request.bytes_max = *bytes;
  request.deadline = setup_.options.wait.transfer_deadline;
  transfers_[request.id] = {*mirror, false};
  job.transfers[request.id] = {*mirror, *bytes, now()};
  mirrors_->started(*mirror);
  setup_.network->start(request);
  return true;
}

/// A second request for the file that everything behind it waits for.
void downloader_state::hedge_head() {
  file_job* head = jobs_->head();
  if (head == nullptr || head->ticket || head->transfers.size() != 1 || setup_.options.compare > 1)
    return;
  if (now() >= head->transfers.begin()->second.started + hedge_delay())
    start_transfer(*head, true);
}

milliseconds downloader_state::hedge_delay() const {
  return std::max(setup_.options.wait.hedge_min, 4 * usual_duration_);
}

void downloader_state::finished(transfer_result result) {
  const auto known = transfers_.find(result.id);
  if (known == transfers_.end())
    return; // abandoned before
  const auto [mirror, is_latest] = known->second;
  transfers_.erase(known);
  if (draining_)
    return;
  if (is_latest)
    finished_latest(mirror, result);
  else if (file_job* job = jobs_->by_transfer(result.id))
    finished_file(*job, result);
  pump();
}

void downloader_state::finished_file(file_job& job, transfer_result& result) {
  const mirror_id mirror = job.transfers[result.id].mirror;
  job.transfers.erase(result.id);
  if (!result.outcome)
    return failed_file(job, mirror, result.outcome.error());
  mirrors_->succeeded(mirror, result.bytes_received, result.duration);
  usual_duration_ =
      usual_duration_.count() == 0 ? result.duration : (3 * usual_duration_ + result.duration) / 4;
  jobs_->saw_size(result.outcome->bytes.size());
  bytes_fetched_ += result.outcome->bytes.size();
  job.bodies.push_back({mirror, std::move(*result.outcome), result.finished_at_ms});
  if (agreed_body(job.bodies, setup_.options.compare) != nullptr)
    return hand_over(job);
  job.tried.insert(mirror);
  if (job.bodies.size() >= mirrors_->size()) {
    job.last_failure = failure{errc::bundle_mirrors_disagree,
                               "fewer than " + std::to_string(setup_.options.compare) +
                                   " mirrors agree on file " + std::to_string(job.file_start)};
    job.bodies.clear();
    round_over(job);
  }
}

void downloader_state::hand_over(file_job& job) {
  const waiting_body& best = *agreed_body(job.bodies, setup_.options.compare);
  fetched_bundle out;
  out.ticket = ++last_ticket_;
  out.file_start = job.file_start;
  out.wanted = job.wanted;
  out.blocks_min = job.blocks_min;
  out.known = job.known;
  out.bytes = best.body.bytes;
  out.source = {best.body.url, best.mirror, best.fetched_at_ms};
  job.ticket = out.ticket;
  job.supplier = best.mirror;
  job.held_bytes = out.bytes.size();
  job.bodies.clear();
  blocks_fetched_ += job.wanted.count;
  abandon_transfers(job); // the hedge, or the hedged
  compat::send(self_, peers_.verifier, std::move(out));
}

void downloader_state::abandon_transfers(file_job& job) {
  for (const auto& [id, transfer] : job.transfers) {
    setup_.network->cancel(id);
    mirrors_->abandoned(transfer.mirror);
    transfers_.erase(id);
  }
  job.transfers.clear();
}

void downloader_state::failed_file(file_job& job, mirror_id mirror, const transfer_failure& why) {
  job.last_failure = why.why;
  job.last_url = mirrors_->url(mirror);
  if (why.why.code == errc::cdn_too_large && why.bytes_needed <= setup_.options.bundle_bytes &&
      job.bytes_needed < setup_.options.bundle_bytes) {
    // It did not fit its share of the window; it is asked for again with a larger one.
    job.bytes_needed =
        std::clamp(why.bytes_needed,
                   std::min(2 * limits::first_reservation_bytes, setup_.options.bundle_bytes),
                   setup_.options.bundle_bytes);
    mirrors_->abandoned(mirror);
    return;
  }
  if (why.why.code == errc::cdn_not_found) {
    mirrors_->abandoned(mirror);
    return lacks_file(job, mirror);
  }
  mirrors_->failed(mirror, now(), why.why.message, why.retry_after, random_);
  job.tried.insert(mirror);
  round_over(job);
}

/// A mirror has no such file, or nothing new in it: beyond its tip that is ordinary life.
void downloader_state::lacks_file(file_job& job, mirror_id mirror) {
  job.tried.insert(mirror);
  job.lacking.insert(mirror);
  mirrors_->lacks(mirror, job.wanted.first);
  polls_[mirror].due = std::max(polls_[mirror].due, now() + setup_.options.wait.backoff_first);
  round_over(job);
}

/// Once every mirror has failed a file, the next round begins; where none has it, it is given up.
void downloader_state::round_over(file_job& job) {
  if (job.tried.size() < mirrors_->size() || !job.transfers.empty())
    return;
  job.round_failed = job.lacking.size() < mirrors_->size();
  const bool none_has_it = !job.round_failed;
  job.tried.clear();
  job.lacking.clear();
  if (!none_has_it)
    return;
  // No mirror has it: it and what was planned behind it are forgotten, until one says that it has.
  const height_t from = job.file_start;
  next_planned_ = job.wanted.first;
  for (auto one = jobs_->all().find(from); one != jobs_->all().end();) {
    abandon_transfers(one->second);
    one = jobs_->all().erase(one);
  }
}

// --- what became of a bundle
// ---------------------------------------------------------------------------

void downloader_state::committed(const bundle_committed& news) {
  file_job* job = jobs_->by_ticket(news.ticket);
  last_progress_ = now();
  next_committed_ = static_cast<height_t>(news.range.end());
  known_ = news.known;
  if (job != nullptr) {
    if (news.range.end() < job->wanted.end()) // the file was short
      next_planned_ = next_committed_;
    if (job->supplier)
      mirrors_->vindicated(*job->supplier);
    jobs_->all().erase(job->file_start);
  }
  pump();
}

void downloader_state::refused(const bundle_refused& news) {
  file_job* job = jobs_->by_ticket(news.ticket);
  if (job == nullptr || draining_)
    return;
  job->ticket.reset();
  job->held_bytes = 0;
  job->last_failure = news.why;
  job->last_check = news.check;
  job->last_url = news.source.url;
  const mirror_id mirror = news.source.mirror;
  if (news.why.code == errc::cdn_nothing_new) {
    lacks_file(*job, mirror);
  } else if (is_bundle_error(news.why.code)) {
    mirrors_->quarantine(mirror, now(), news.why.message, random_);
    auto& count = job->refusals[mirror];
    count.times = count.sha256 == news.file_sha256 ? count.times + 1 : 1;
    count.sha256 = news.file_sha256;
    job->tried.insert(mirror);
    if (job->refused_everywhere(mirrors_->size(), limits::refusal_rounds))
      ends_ = drain_reason::data_refused;
    round_over(*job);
  }
  if (ends_ && setup_.options.follow)
    ends_.reset(); // a node that follows stays stalled and goes on asking
  if (ends_)
    return report();
  pump();
}

// --- end, timer, report
// --------------------------------------------------------------------------------

void downloader_state::check_end() {
  const bool polls_answered = std::ranges::all_of(polls_, [this](const latest_poll& poll) {
    return poll.answered || now() - last_progress_ >= setup_.options.wait.latest_deadline;
  });
  const auto end = target();
  const bool wants_more = setup_.options.until && (!end || *end < *setup_.options.until);
  const bool any_tip =
      std::ranges::any_of(polls_, [](const latest_poll& poll) { return poll.answered; });
  target_reached_ = any_tip && polls_answered && jobs_->all().empty() && !wants_more &&
                    (!end || next_committed_ > *end);
  if (setup_.options.until && next_committed_ > *setup_.options.until)
    target_reached_ = true;
  const file_job* head = jobs_->head();
  const bool waits_for_network = head == nullptr || !head->ticket;
  if (!target_reached_ && !setup_.options.follow && waits_for_network &&
      now() - last_progress_ >= setup_.options.wait.give_up_after)
    ends_ = drain_reason::gave_up;
}

void downloader_state::arm_timer() {
  std::optional<time_point> due;
  const auto at = [&](time_point one) { due = due ? std::min(*due, one) : one; };
  for (const latest_poll& poll : polls_)
    if (poll.id == 0 && (!poll.answered || setup_.options.follow || jobs_->all().empty()))
      at(poll.due);
  for (const auto& [start, job] : jobs_->all())
    if (!job.ticket && job.transfers.empty())
      if (const auto chance = mirrors_->next_chance(job.tried))
        at(*chance);
  if (const file_job* head = jobs_->head(); head != nullptr && head->transfers.size() == 1)
    at(head->transfers.begin()->second.started + hedge_delay());
  if (!setup_.options.follow)
    at(last_progress_ + setup_.options.wait.give_up_after);
  if (!due || (target_reached_ && !setup_.options.follow))
    return;
  // What is due already, but could not be started, waits for room or a mirror: looked at again
  // soon.
  const auto soonest = now() + std::chrono::milliseconds{20};
  compat::send_self_after(self_, std::max(*due, soonest) - now(), tick{++tick_number_});
}

void downloader_state::wake(tick due) {
  if (due.number == tick_number_)
    pump();
}

milliseconds downloader_state::jittered(milliseconds interval) {
  return milliseconds{std::uniform_int_distribution<std::int64_t>{
      interval.count() * 3 / 4, interval.count() * 5 / 4}(random_)};
}

std::optional<stall> downloader_state::stalled() const {
  if (jobs_->all().empty())
    return std::nullopt;
  const file_job& head = jobs_->all().begin()->second;
  if (!head.last_failure || !(head.round_failed || ends_))
    return std::nullopt;
  return stall{*head.last_failure, head.file_start, head.last_url, head.last_check};
}

void downloader_state::report() {
  download_status news;
  news.target = target();
  news.blocks_fetched = blocks_fetched_;
  news.bytes_fetched = bytes_fetched_;
  news.window_bytes = jobs_->window_bytes_used();
  news.window_bundles = static_cast<std::uint32_t>(jobs_->all().size());
  news.stalled = stalled();
  news.target_reached = target_reached_;
  news.ends = ends_;
  news.mirrors = mirrors_->status(now());
  compat::send(self_, peers_.supervisor, std::move(news));
}

downloader_drained downloader_state::drain() {
  draining_ = true;
  const auto abandoned = static_cast<std::uint32_t>(transfers_.size());
  for (const auto& [id, what] : transfers_)
    setup_.network->cancel(id);
  transfers_.clear();
  ++tick_number_;
  return {abandoned};
}

downloader_actor::behavior_type
downloader(downloader_actor::stateful_pointer<downloader_state> self, downloader_setup setup) {
  auto& state = compat::state_of(self);
  state.start(self, std::move(setup));
  return {
      [&state](const node_peers& peers) { state.meet(peers); },
      [&state](transfer_result& result) { state.finished(std::move(result)); },
      [&state](const bundle_committed& news) { state.committed(news); },
      [&state](const bundle_refused& news) { state.refused(news); },
      [&state](tick due) { state.wake(due); },
      [&state](const drain_request&) { return state.drain(); },
  };
}

} // namespace blockferry
