#include "actors/supervisor.hpp"

#include "actors/mirror_book.hpp"
#include "chain/name.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {
namespace {

constexpr std::chrono::seconds news_interval{1};

std::string describe(const std::optional<chain::tip>& durable) {
  if (!durable)
    return "nothing";
  return "height " + std::to_string(durable->height) + " (" +
         chain::block_name(durable->block_hash) + ")";
}

} // namespace

void supervisor_state::start(supervisor_actor::pointer self, supervisor_setup setup) {
  self_ = self;
  setup_ = std::move(setup);
  warnings_ = rare_warnings{setup_.log};
  status_.durable = setup_.durable;
  const auto now = self_->clock().now();
  blocks_rate_.begin(now);
  bytes_rate_.begin(now);
  self_->set_down_handler([this](const caf::down_msg& down) { child_ended(down); });
  self_->set_exit_handler([this](const caf::exit_msg& exit) { host_ends(exit); });
}

void supervisor_state::adopt(const node_peers& children) {
  children_ = children;
  self_->monitor(children_.downloader);
  self_->monitor(children_.verifier);
  self_->monitor(children_.writer);
  alive_ = {children_.downloader.address(), children_.verifier.address(),
            children_.writer.address()};
  // The consumer before its producer: nobody gets a bundle before it knows where to pass it.
  compat::send(self_, children_.writer, children_);
  compat::send(self_, children_.verifier, children_);
  compat::send(self_, children_.downloader, children_);
  enter(node_phase::syncing);
}

node_status supervisor_state::status() {
  const auto now = self_->clock().now();
  status_.phase = phase_;
  status_.blocks_per_second = blocks_rate_.per_second(now);
  status_.bytes_per_second = bytes_rate_.per_second(now);
  status_.eta_seconds.reset();
  // While nothing moves, what moved before promises nothing.
  if (!status_.stalled && status_.target) {
    const std::uint64_t next = status_.durable ? std::uint64_t{status_.durable->height} + 1 : 0;
    const std::uint64_t end = std::uint64_t{*status_.target} + 1;
    status_.eta_seconds = seconds_for(end - std::min(next, end), status_.blocks_per_second);
  }
  node_status out = status_;
  let_time_pass(out.mirrors, now - mirrors_told_at_);
  return out;
}

void supervisor_state::subscribe(const listener_actor& listener) {
  if (std::ranges::find(listeners_, listener) != listeners_.end())
    return;
  self_->monitor(listener);
  listeners_.push_back(listener);
  compat::send(self_, listener, phase_changed{phase_, status_.stalled});
}

void supervisor_state::note(const download_status& news) {
  status_.target = news.target;
  status_.blocks_fetched = news.blocks_fetched;
  status_.stalled = news.stalled;
  status_.window_bytes = news.window_bytes;
  status_.window_bundles = news.window_bundles;
  status_.mirrors = news.mirrors;
  mirrors_told_at_ = self_->clock().now();
  if (news.ends) {
    std::optional<failure> why;
    if (news.stalled)
      why = news.stalled->why;
    return begin_drain(*news.ends, news.remark, std::move(why));
  }
  if (news.target_reached && !setup_.follow)
    return begin_drain(drain_reason::completed, news.remark, std::nullopt);
  enter(news.stalled          ? node_phase::stalled
        : news.target_reached ? node_phase::following
                              : node_phase::syncing);
  tell_soon();
}

void supervisor_state::note(const bundle_verified& news) {
  status_.blocks_verified += news.range.count;
  status_.committees = news.committees;
  warnings_.hold_against_clock(static_cast<height_t>(news.range.end() - 1), news.last_timestamp,
                               setup_.clock(), self_->clock().now());
}

void supervisor_state::note(const bundle_committed& news) {
  const auto now = self_->clock().now();
  status_.durable = news.tip;
  status_.blocks_committed += news.range.count;
  status_.bytes_committed += news.bytes;
  blocks_rate_.add(now, news.range.count);
  bytes_rate_.add(now, news.bytes);
  tell_soon();
}

void supervisor_state::note(const bundle_refused& news) {
  if (news.why.code == errc::shutting_down || news.why.code == errc::cdn_nothing_new)
    return;
  warnings_.refused(news, self_->clock().now());
  tell(refused{news});
}

void supervisor_state::note(const store_failed& news) {
  status_.durable = news.durable;
  begin_drain(drain_reason::store_failed, {}, news.why);
}

void supervisor_state::enter(node_phase phase) {
  // A drain is left only towards its end.
  const bool ending = phase_ >= node_phase::draining;
  if (phase == phase_ || (ending && phase < node_phase::draining))
    return;
  phase_ = phase;
  tell(phase_changed{phase_, status_.stalled});
}

void supervisor_state::tell_soon() {
  if (!std::exchange(news_is_due_, true))
    compat::send_self_after(self_, news_interval, tick{});
}

void supervisor_state::tell_progress() {
  news_is_due_ = false;
  tell(progressed{status()});
}

caf::result<drain_receipt> supervisor_state::drain(const drain_request& request) {
  if (ended_ && phase_ >= node_phase::stopped)
    return *receipt_;
  if (ended_) // by its host, without a receipt
    return caf::make_error(caf::sec::request_receiver_down);
  auto promise = self_->make_response_promise<drain_receipt>();
  waiting_.push_back(promise);
  begin_drain(request.reason, request.detail, std::nullopt);
  return promise;
}

void supervisor_state::begin_drain(drain_reason reason, std::string detail,
                                   std::optional<failure> error) {
  if (ended_)
    return;
  if (receipt_) {
    // The first reason stands; an error that ends the node meanwhile is told all the same.
    if (error && !receipt_->error)
      receipt_->error = std::move(error);
    return;
  }
  receipt_ = drain_receipt{};
  receipt_->reason = reason;
  receipt_->detail = std::move(detail);
  receipt_->error = std::move(error);
  receipt_->started_at_ms = setup_.clock();
  if (setup_.log)
    setup_.log->info("BF301 draining: {}", to_string(reason));
  enter(node_phase::draining);
  drain_downloader();
}

// The order of the drain, upstream to downstream, because each step empties what the next one waits
// for: after 1 nothing new reaches the verifier, after 2 nothing new reaches the writer, so that
// the commit of 3 is the last.  A child that has died has nothing left to wait for: its step is
// passed over.  One that dies over the request takes its answer with it, and CAF 0.17 tells nobody:
// its death counts as its answer.

/// Whether its answer was still awaited; it is not any more.
bool supervisor_state::passes_over(child one) {
  if (awaited_ != one)
    return false;
  awaited_ = child::none;
  return true;
}

/// 1. No new request; transfers are abandoned.
void supervisor_state::drain_downloader() {
  awaited_ = child::downloader;
  compat::request(self_, children_.downloader, drain_request{receipt_->reason, receipt_->detail})
      .then(
          [this](const downloader_drained& reply) {
            receipt_->transfers_abandoned = reply.transfers_abandoned;
            receipt_->blocks_fetched = reply.blocks_fetched;
            drain_verifier();
          },
          [this](caf::error&) { pass_over_downloader(); });
}

void supervisor_state::pass_over_downloader() {
  if (!passes_over(child::downloader))
    return;
  downloader_told_last_ = false;
  receipt_->blocks_fetched = status_.blocks_fetched;
  drain_verifier();
}

/// 2. What is inside a worker ends; what is ready in order goes to the writer; the rest is dropped.
void supervisor_state::drain_verifier() {
  if (ended_) // by its host, meanwhile
    return;
  awaited_ = child::verifier;
  compat::request(self_, children_.verifier, drain_request{receipt_->reason, receipt_->detail})
      .then(
          [this](const verifier_drained& reply) {
            receipt_->bundles_dropped = reply.bundles_dropped;
            receipt_->blocks_verified = reply.blocks_verified;
            drain_writer_last();
          },
          [this](caf::error&) { pass_over_verifier(); });
}

void supervisor_state::pass_over_verifier() {
  if (!passes_over(child::verifier))
    return;
  receipt_->blocks_verified = status_.blocks_verified;
  drain_writer_last();
}

/// 3. The last commit, with the receipt in it.
void supervisor_state::drain_writer_last() {
  if (ended_) // by its host, meanwhile
    return;
  // What a downloader that died had not yet told was fetched all the same; one that lives has
  // counted exactly.
  if (!downloader_told_last_)
    receipt_->blocks_fetched = std::max(receipt_->blocks_fetched, receipt_->blocks_verified);
  awaited_ = child::writer;
  compat::request(self_, children_.writer, drain_writer{*receipt_})
      .then([this](const committed_ack& ack) { end_with(ack.receipt); },
            [this](caf::error&) { give_up_on_writer(); });
}

void supervisor_state::give_up_on_writer() {
  if (!passes_over(child::writer))
    return;
  drain_receipt receipt = *receipt_;
  receipt.durable = status_.durable; // as acknowledged last
  receipt.blocks_committed = status_.blocks_committed;
  receipt.duration_ms = setup_.clock() - receipt.started_at_ms;
  if (!receipt.error)
    receipt.error =
        failure{errc::store_io, "the writer ended without an answer: the store is what was "
                                "acknowledged, the next start recovers it"};
  end_with(std::move(receipt));
}

/// 4. Everybody who waits gets the receipt; the node is gone.
void supervisor_state::end_with(drain_receipt receipt) {
  if (ended_) // by its host, meanwhile
    return;
  receipt_ = std::move(receipt);
  setup_.keep_receipt(*receipt_);
  status_.durable = receipt_->durable;
  if (setup_.log)
    setup_.log->info("BF302 drained in {} ms, durable: {}", receipt_->duration_ms,
                     describe(receipt_->durable));
  enter(receipt_->clean ? node_phase::stopped : node_phase::failed);
  for (auto& promise : waiting_)
    promise.deliver(*receipt_);
  waiting_.clear();
  tell(drained{*receipt_});
  leave({});
}

/// Ends with `reason` once every child has ended, so that who sees the supervisor go knows that the
/// store is closed.  (`spawn_node` sees to it that the children of a killed one end as well.)
void supervisor_state::leave(const caf::error& reason) {
  ended_ = true;
  quit_reason_ = reason;
  // They have answered and hold nothing any more, or the host does not want their answer.
  self_->send_exit(children_.downloader, caf::exit_reason::user_shutdown);
  self_->send_exit(children_.verifier, caf::exit_reason::user_shutdown);
  self_->send_exit(children_.writer, caf::exit_reason::user_shutdown);
  children_ = {};
  listeners_.clear();
  if (alive_.empty())
    self_->quit(quit_reason_);
}

void supervisor_state::child_ended(const caf::down_msg& down) {
  const auto is = [&](const auto& handle) { return handle && handle->address() == down.source; };
  std::erase_if(listeners_, is);
  std::erase(alive_, down.source);
  if (ended_ && alive_.empty())
    return self_->quit(quit_reason_);
  const char* who = is(children_.downloader) ? "downloader"
                    : is(children_.verifier) ? "verifier"
                    : is(children_.writer)   ? "writer"
                                             : nullptr;
  if (who == nullptr) // a listener, or all is over
    return;
  const auto code = is(children_.writer) ? errc::store_io
                                         : errc::worker_died; // a dead writer leaves the last ack
  begin_drain(drain_reason::actor_died, who,
              failure{code, std::string{"the "} + who + " ended unexpectedly"});
  if (is(children_.downloader))
    pass_over_downloader();
  else if (is(children_.verifier))
    pass_over_verifier();
  else
    give_up_on_writer();
}

void supervisor_state::host_ends(const caf::exit_msg& exit) {
  // Not a drain: the open transaction rolls back, the store is what was acknowledged.
  if (ended_)
    return; // the children are on their way out
  for (auto& promise : waiting_)
    promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  waiting_.clear();
  leave(exit.reason);
}

supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self, supervisor_setup setup) {
  auto& state = compat::state_of(self);
  state.start(self, std::move(setup));
  return {
      [&state](const node_peers& children) { state.adopt(children); },
      [&state](const drain_request& request) { return state.drain(request); },
      [&state](get_status) { return state.status(); },
      [&state](const listener_actor& listener) { state.subscribe(listener); },
      [&state](const download_status& news) { state.note(news); },
      [&state](const bundle_verified& news) { state.note(news); },
      [&state](const bundle_committed& news) { state.note(news); },
      [&state](const bundle_refused& news) { state.note(news); },
      [&state](const store_failed& news) { state.note(news); },
      [&state](tick) { state.tell_progress(); },
  };
}

} // namespace blockferry
