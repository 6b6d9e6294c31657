#include "actors/verifier.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {

void verifier_state::start(verifier_actor::pointer self, verifier_setup setup) {
  self_ = self;
  setup_ = std::move(setup);
  linked_ = setup_.state;
  next_to_pass_ = linked_.next_height;
  for (std::uint32_t i = 0; i < setup_.workers; ++i)
    workers_.push_back({setup_.make_worker(), false});
}

verifier_state::~verifier_state() {
  setup_.give_up.request_stop(); // a host that kills does not wait for a check either
}

void verifier_state::take(fetched_bundle bundle) {
  const height_t first = bundle.wanted.first;
  // A bundle is asked for again only after it was refused, so that its place is free.
  const auto place = entries_.try_emplace(first).first;
  place->second.bundle = std::move(bundle);
  if (draining_)
    return refuse(place, {errc::shutting_down, "the bundle came after the drain"}, std::nullopt);
  dispatch();
}

// Every step ends here: give work to idle workers, oldest blocks first, history before the rest, so
// that what is nearest to the store moves on.
void verifier_state::dispatch() {
  for (std::size_t i = 0; i < workers_.size() && !draining_; ++i) {
    if (workers_[i].busy)
      continue;
    const auto job = next_job();
    if (job == entries_.end())
      return;
    entry& one = job->second;
    if (one.at == stage::waiting) {
      one.at = stage::checking;
      ask<checked_bundle>(i, job,
                          check_request{one.bundle.bytes, one.bundle.file_start, one.bundle.wanted,
                                        one.bundle.blocks_min, one.bundle.known, setup_.floor,
                                        setup_.required});
    } else {
      one.at = stage::proving;
      ask<checked_history>(i, job, history_request{one.before, one.checked.blocks});
    }
  }
}

verifier_state::entries::iterator verifier_state::next_job() {
  const auto at = [this](stage wanted) {
    return std::ranges::find_if(entries_, [&](const auto& one) { return one.second.at == wanted; });
  };
  const auto linked = at(stage::linked);
  return linked != entries_.end() ? linked : at(stage::waiting);
}

template <class Reply, class Request>
void verifier_state::ask(std::size_t worker_index, const entries::iterator& job, Request request) {
  workers_[worker_index].busy = true;
  const question number = job->second.asked = ++last_question_;
  compat::request(self_, workers_[worker_index].handle, std::move(request))
      .then(
          [this, worker_index, number](Reply& reply) {
            workers_[worker_index].busy = false;
            if (const auto place = asked(number); place != entries_.end())
              returned(place, std::move(reply));
            settle();
          },
          [this, worker_index, number](caf::error&) {
            worker_died(worker_index, number);
            settle();
          });
}

verifier_state::entries::iterator verifier_state::asked(question number) {
  return std::ranges::find_if(entries_,
                              [&](const auto& one) { return one.second.asked == number; });
}

void verifier_state::returned(entries::iterator job, checked_bundle reply) {
  if (reply.cancelled) // the drain counts it as dropped
    return void(job->second.at = stage::waiting);
  job->second.checked = std::move(reply);
  auto& checked = job->second.checked;
  if (checked.refused)
    return refuse(job, *checked.refused, checked.check);
  job->second.at = stage::checked;
  link();
}

void verifier_state::returned(entries::iterator job, checked_history reply) {
  if (reply.cancelled)
    return void(job->second.at = stage::linked);
  if (reply.refused) {
    unlink_from(job);
    refuse(job, as_failure(*reply.refused), reply.refused);
  } else {
    job->second.records = std::move(reply.records);
    job->second.at = stage::proven;
    pass_on();
  }
  link();
}

void verifier_state::worker_died(std::size_t index, question number) {
  workers_[index] = {setup_.make_worker(), false};
  const auto job = asked(number);
  if (job == entries_.end())
    return;
  entry& one = job->second;
  if (++one.deaths > 1) {
    if (one.at == stage::proving)
      unlink_from(job);
    return refuse(job, {errc::worker_died, "two verify workers ended over this bundle"},
                  std::nullopt);
  }
  one.at = one.at == stage::proving ? stage::linked : stage::waiting;
}

/// Links what is checked to the run before it, in chain order.  What does not fit is refused only
/// once all before it is proven: until then either of the two may be the wrong one.
void verifier_state::link() {
  for (;;) {
    const auto job = entries_.find(linked_.next_height);
    if (job == entries_.end() || job->second.at != stage::checked)
      return;
    auto after = setup_.rules->extend(linked_, job->second.checked.blocks);
    if (!after) {
      if (job->first == next_to_pass_)
        refuse(job, as_failure(after.error()), after.error());
      return;
    }
    job->second.before = std::exchange(linked_, *after);
    job->second.after = std::move(*after);
    job->second.at = stage::linked;
  }
}

/// Takes back the links of a bundle and of all after it, and what was asked about those.
void verifier_state::unlink_from(entries::iterator first) {
  linked_ = first->second.before;
  for (auto job = first; job != entries_.end(); ++job)
    if (job->second.at >= stage::linked) {
      job->second.at = stage::checked;
      job->second.asked = 0;
    }
}

/// Passes on what is proven, in chain order.
void verifier_state::pass_on() {
  for (;;) {
    const auto job = entries_.find(next_to_pass_);
    if (job == entries_.end() || job->second.at != stage::proven)
      return;
    entry& one = job->second;
    verified_bundle out;
    out.ticket = one.bundle.ticket;
    out.file_start = one.bundle.file_start;
    out.blocks = std::move(one.checked.blocks.blocks);
    for (std::size_t i = 0; i < out.blocks.size(); ++i)
      out.blocks[i].record = one.records[i];
    out.range = {one.bundle.wanted.first, static_cast<std::uint32_t>(out.blocks.size())};
    out.taken_from = one.bundle.known ? one.bundle.known->taken.first : out.range.first;
    out.file_blocks = one.checked.blocks.file_blocks;
    out.bytes = std::move(one.bundle.bytes);
    out.source = std::move(one.bundle.source);
    out.file_sha256 = one.checked.file_sha256;
    out.blocks_sha256 = one.checked.blocks_sha256;
    out.after = std::move(one.after);
    next_to_pass_ = out.after.next_height;
    out.followed = entries_.contains(next_to_pass_);
    blocks_verified_ += out.range.count;
    compat::send(
        self_, peers_.supervisor,
        bundle_verified{out.range, out.blocks.back().timestamp, committees_of(out.after.followed)});
    compat::send(self_, peers_.writer, std::move(out));
    entries_.erase(job);
  }
}

void verifier_state::refuse(entries::iterator job, failure why,
                            std::optional<chain::check_failure> check) {
  bundle_refused out;
  out.ticket = job->second.bundle.ticket;
  out.file_start = job->second.bundle.file_start;
  out.source = std::move(job->second.bundle.source);
  out.file_sha256 = job->second.checked.file_sha256;
  out.why = std::move(why);
  out.check = std::move(check);
  if (job->first == next_to_pass_) // what the writer may be waiting for
    compat::send(self_, peers_.writer, commit_group{});
  entries_.erase(job);
  compat::send(self_, peers_.supervisor, out);
  compat::send(self_, peers_.downloader, std::move(out));
}

failure verifier_state::as_failure(const chain::check_failure& check) {
  return {errc::bundle_check_failed, chain::to_string(check)};
}

/// After a worker came back: go on, or end the drain once none is inside a worker.
void verifier_state::settle() {
  dispatch();
  const bool working = std::ranges::any_of(workers_, [](const worker& one) { return one.busy; });
  if (!draining_ || working || drained_)
    return;
  drained_ = verifier_drained{static_cast<std::uint32_t>(entries_.size()), blocks_verified_};
  entries_.clear();
  for (auto& waiting : drains_)
    waiting.deliver(*drained_);
  drains_.clear();
}

caf::result<verifier_drained> verifier_state::drain() {
  if (drained_)
    return *drained_;
  draining_ = true;
  setup_.give_up.request_stop();
  auto promise = self_->make_response_promise<verifier_drained>();
  drains_.push_back(promise);
  settle();
  return promise;
}

verifier_actor::behavior_type verifier(verifier_actor::stateful_pointer<verifier_state> self,
                                       verifier_setup setup) {
  auto& state = compat::state_of(self);
  state.start(self, std::move(setup));
  return {
      [&state](const node_peers& peers) { state.meet(peers); },
      [&state](fetched_bundle& bundle) { state.take(std::move(bundle)); },
      [&state](const drain_request&) { return state.drain(); },
  };
}

} // namespace blockferry
