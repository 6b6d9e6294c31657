#include "actors/downloader.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace blockferry {

downloader_state::downloader_state() = default;
downloader_state::~downloader_state() = default;

void downloader_state::start(downloader_actor::pointer self, downloader_setup setup) {
  self_ = self;
  setup_ = std::move(setup);
  random_.seed(setup_.seed);
  const node_options& options = setup_.options;
  mirrors_ = std::make_unique<mirror_book>(options.mirrors, options.wait);
  polls_ = std::make_unique<tip_polls>(options.mirrors.size(), options.wait);
  // Where mirrors are compared, a file may have to wait in as many copies as there are mirrors.
  jobs_ = std::make_unique<file_jobs>(options.window_bytes, options.bundle_bytes,
                                      options.compare > 1 ? options.mirrors.size() : 1);
  next_planned_ = next_committed_ = setup_.next_height;
  known_ = setup_.known;
  read_clock();
  last_progress_ = now();
  // Weak: a transport that outlives the node keeps nothing of it alive.
  setup_.network->connect([to = caf::actor_cast<caf::actor_addr>(self_)](transfer_result result) {
    if (const auto downloader = caf::actor_cast<downloader_actor>(to))
      caf::anon_send(downloader, std::move(result));
  });
}

/// Once a message: were the clock read again while it is handled, a wait that ends between two
/// looks would be too long for a start and too short for a timer, and nothing would follow.
void downloader_state::read_clock() {
  now_ = self_->clock().now();
}

void downloader_state::meet(const node_peers& peers) {
  read_clock();
  peers_ = peers;
  last_progress_ = now();
  pump();
}

void downloader_state::pump() {
  if (closed_ || ends_)
    return;
  drop_beyond_target();
  start_transfers();
  plan_files();
  poll_tips();
  hedge_head();
  check_end();
  arm_timer();
  report();
}

void downloader_state::finished(transfer_result result) {
  if (closed_)
    return;
  read_clock();
  if (const auto poll = running_polls_.extract(result.id))
    polls_->take(poll.mapped(), result, now(), *mirrors_, random_);
  else if (file_job* job = jobs_->by_transfer(result.id))
    finished_file(*job, result);
  else
    return; // abandoned before
  pump();
}

void downloader_state::committed(const bundle_committed& news) {
  read_clock();
  last_progress_ = now();
  next_committed_ = static_cast<height_t>(news.range.end());
  known_ = news.known;
  if (const file_job* job = jobs_->by_ticket(news.ticket)) {
    if (news.range.end() < job->wanted.end()) // the file was short, and nothing planned behind it
      next_planned_ = next_committed_;
    mirrors_->vindicated(job->supplied->mirror, job->supplied->asked_at);
    mirrors_->has(job->supplied->mirror, next_committed_ - 1);
    jobs_->all().erase(job->file_start);
  }
  pump();
}

void downloader_state::refused(const bundle_refused& news) {
  file_job* job = jobs_->by_ticket(news.ticket);
  if (job == nullptr || closed_)
    return;
  read_clock();
  if (is_store_error(news.why.code)) { // the supervisor drains: what is fetched now is lost
    closed_ = true;
    return;
  }
  const mirror_id mirror = job->supplied->mirror;
  if (job->supplied->is_short) { // of file and tip one is a lie, and only the file can be proved
    mirrors_->misses(mirror, job->file_start + (blocks_per_file - 1));
    expect_short_file(*job);
  }
  job->supplied.reset();
  job->last_failure = news.why;
  job->last_check = news.check;
  job->last_url = news.source.url;
  if (news.why.code == errc::cdn_nothing_new) {
    lacks_file(*job, mirror);
  } else {
    if (is_bundle_error(news.why.code)) {
      mirrors_->quarantine(mirror, now(), news.why.message, random_);
      job->count_refusal(news);
    } else { // verify workers ended over it, by whosever fault
      mirrors_->set_back(mirror, now(), news.why.message, random_);
    }
    // A node that follows stays stalled and goes on asking.
    if (job->refused_everywhere(*mirrors_, limits::refusal_rounds) && !setup_.options.follow) {
      ends_ = drain_reason::data_refused;
      refused_file_ = job->file_start;
      return report();
    }
    job->tried.insert(mirror);
    compare_bodies(*job);
  }
  pump();
}

bool downloader_state::polls_again() const {
  return setup_.options.follow || (jobs_->empty() && !target_reached_);
}

void downloader_state::poll_tips() {
  for (const auto& request : polls_->begin_due(now(), polls_again(), last_transfer_)) {
    running_polls_[request.id] = request.mirror;
    setup_.network->start(request);
  }
}

void downloader_state::check_end() {
  const auto idle = now() - last_progress_;
  const auto& options = setup_.options;
  // A mirror that does not answer holds an end up for a while only.
  const bool tips_known =
      polls_->answered() >= options.compare &&
      (polls_->answered() == mirrors_->size() || idle >= options.wait.latest_deadline);
  const auto end = target();
  target_reached_ = options.until
                        ? next_committed_ > *options.until
                        : tips_known && jobs_->empty() && (!end || next_committed_ > *end);
  file_job* head = jobs_->head();
  const bool waits_for_network = head == nullptr || !head->supplied;
  if (!target_reached_ && !options.follow && waits_for_network &&
      idle >= options.wait.give_up_after)
    ends_ = drain_reason::gave_up;
}

void downloader_state::arm_timer() {
  std::optional<time_point> due;
  const auto at = [&](std::optional<time_point> one) {
    if (one && *one > now())
      due = due ? std::min(*due, *one) : *one;
  };
  at(polls_->next_due(polls_again()));
  for (const auto& [start, job] : jobs_->all())
    if (!job.supplied)
      at(mirrors_->next_chance(now(), job.avoided(*mirrors_)));
  if (const file_job* head = jobs_->head(); head != nullptr && head->transfers.size() == 1)
    at(hedge_at(*head));
  at(last_progress_ + setup_.options.wait.latest_deadline);
  at(last_progress_ + setup_.options.wait.give_up_after);
  if (!due || (armed_ && *armed_ <= *due))
    return;
  armed_ = due;
  compat::send_self_after(self_, *due - now(), tick{++tick_number_});
}

void downloader_state::wake(tick due) {
  if (due.number != tick_number_)
    return; // an earlier one took its place
  read_clock();
  armed_.reset();
  pump();
}

std::optional<stall> downloader_state::stalled() const {
  if (jobs_->empty()) {
    const auto why = polls_->all_failing();
    const height_t file_start = next_committed_ / blocks_per_file * blocks_per_file;
    return why ? std::optional{stall{*why, file_start, mirrors_->url(0), std::nullopt}}
               : std::nullopt;
  }
  const auto& jobs = jobs_->all();
  // What ends a sync need not be the file at the head, which may just hang.
  const file_job& job = refused_file_ ? jobs.at(*refused_file_) : jobs.begin()->second;
  if (!job.last_failure || !(job.round_failed || ends_))
    return std::nullopt;
  return stall{*job.last_failure, job.file_start, job.last_url, job.last_check};
}

/// For the operator of a sync that gave up: what did not come.
std::string downloader_state::waited_for() const {
  const node_options& options = setup_.options;
  if (!jobs_->empty()) {
    const file_job& head = jobs_->all().begin()->second;
    std::set<mirror_id> asked; // a hedge may ask the same again
    for (const auto& [id, transfer] : head.transfers)
      asked.insert(transfer.mirror);
    std::string out = "file " + std::to_string(head.file_start);
    for (const mirror_id mirror : asked)
      out += " from " + mirrors_->url(mirror);
    return out;
  }
  if (polls_->answered() < options.compare)
    return "latest.json of " + std::to_string(options.compare) + " of " +
           std::to_string(mirrors_->size()) + " mirrors, " + std::to_string(polls_->answered()) +
           " answered";
  return "height " + std::to_string(next_committed_) + ", which no mirror has" +
         (options.until ? " (--until " + std::to_string(*options.until) + ")" : "");
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
  if (ends_ == drain_reason::gave_up)
    news.remark = "nothing was committed for --give-up-after, waited for " + waited_for();
  if (ends_ == drain_reason::data_refused)
    news.remark = "file " + std::to_string(news.stalled->file_start) + " from " + news.stalled->url;
  const auto missing = mirrors_->missing_tip_above(std::max<height_t>(next_committed_, 1) - 1);
  if (missing && target_reached_ && !setup_.options.until)
    news.remark = "the CDN advertises height " + std::to_string(*missing) +
                  ", but has no file for what follows the last block";
  // Nothing is missing of that chain, and yet it is none to call the store complete by.
  else if (target_reached_ && !setup_.options.until && news.target &&
           *news.target + 1 < next_committed_)
    news.remark = "the CDN advertises height " + std::to_string(*news.target) +
                  " only, and the next block here is " + std::to_string(next_committed_);
  news.mirrors = mirrors_->status(now());
  if (reported_ == news)
    return;
  reported_ = news;
  compat::send(self_, peers_.supervisor, std::move(news));
}

downloader_drained downloader_state::drain() {
  closed_ = true;
  auto abandoned = static_cast<std::uint32_t>(running_polls_.size());
  for (const auto& [id, mirror] : running_polls_)
    setup_.network->cancel(id);
  running_polls_.clear();
  for (auto& [file_start, job] : jobs_->all()) {
    abandoned += static_cast<std::uint32_t>(job.transfers.size());
    abandon_transfers(job);
  }
  return {abandoned, blocks_fetched_};
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
