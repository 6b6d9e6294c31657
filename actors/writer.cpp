#include "actors/writer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace blockferry {

void writer_state::start(writer_actor::pointer self, std::unique_ptr<storage::store> store,
                         std::uint64_t group_bytes, wall_clock clock) {
  self_ = self;
  store_ = std::move(store);
  group_bytes_ = group_bytes;
  clock_ = std::move(clock);
  durable_ = store_->resume().durable();
}

void writer_state::queue(verified_bundle bundle) {
  if (drained_)
    return refuse(bundle, {errc::shutting_down, "the bundle came after the drain"});
  if (broken_)
    return refuse(bundle, *broken_);
  const auto now = self_->clock().now();
  if (queue_.empty())
    gathering_since_ = now;
  queue_.push_back(std::move(bundle));
  if (!gathers(now))
    commit_soon();
}

/// Every commit costs the same syncs, however small it is: while the next blocks are being verified
/// their predecessors wait for them, for a while.  They wait for no network, and for no timer.
bool writer_state::gathers(std::chrono::steady_clock::time_point now) const {
  std::uint64_t bytes = 0;
  for (const auto& bundle : queue_)
    bytes += bundle.bytes.size();
  return queue_.back().followed && bytes < std::min(group_bytes_, limits::gather_bytes_min) &&
         now - gathering_since_ < limits::gather_max;
}

void writer_state::commit_soon() {
  if (!std::exchange(group_is_due_, true))
    compat::send(self_, writer_actor{self_}, commit_group{});
}

void writer_state::commit_next_group() {
  group_is_due_ = false;
  if (queue_.empty() || broken_) // drained before its turn, or failed
    return;
  std::vector<const verified_bundle*> group;
  std::uint64_t bytes = 0;
  for (const auto& bundle : queue_) {
    bytes += bundle.bytes.size();
    if (!group.empty() && bytes > group_bytes_)
      break;
    group.push_back(&bundle);
  }
  const auto known = store_->commit(group);
  if (!known)
    return fail(known.error());
  committed(group, *known);
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(group.size()));
  if (!queue_.empty())
    commit_soon();
}

/// COMMIT has returned: from here on the group survives SIGKILL and power loss.
void writer_state::committed(std::span<const verified_bundle* const> group,
                             const std::optional<known_part>& known) {
  durable_ = group.back()->after.last;
  for (const auto* bundle : group) {
    blocks_committed_ += bundle->range.count;
    const bundle_committed news{bundle->ticket, bundle->file_start,
                                bundle->range,  bundle->bytes.size(),
                                *durable_,      bundle == group.back() ? known : std::nullopt};
    compat::send(self_, peers_.downloader, news);
    compat::send(self_, peers_.supervisor, news);
  }
}

committed_ack writer_state::drain(drain_writer request) {
  if (drained_)
    return *drained_; // nothing is written after the first one
  drain_receipt receipt = std::move(request.receipt);
  if (!broken_)
    commit_last(receipt);
  receipt.durable = durable_;
  receipt.blocks_committed = blocks_committed_;
  receipt.bundles_dropped += static_cast<std::uint32_t>(queue_.size());
  if (broken_)
    receipt.error = broken_;
  receipt.duration_ms = clock_() - receipt.started_at_ms; // the last commit is part of the stop
  drained_ = committed_ack{std::move(receipt)};
  queue_.clear();
  store_.reset(); // whoever has the receipt may open the store
  return *drained_;
}

/// Everything that waits, the receipt and the mark that the store is clean in one transaction: a
/// drain waits for no more than this commit, however slow the disk.
void writer_state::commit_last(drain_receipt& receipt) {
  std::vector<const verified_bundle*> rest;
  std::uint64_t blocks = 0;
  for (const auto& bundle : queue_) {
    rest.push_back(&bundle);
    blocks += bundle.range.count;
  }
  const auto finish = [&](drain_receipt& last) {
    last.durable = rest.empty() ? durable_ : rest.back()->after.last;
    last.blocks_committed = blocks_committed_ + blocks;
    last.duration_ms = clock_() - last.started_at_ms;
  };
  auto marked = store_->mark_clean(rest, receipt, finish);
  if (!marked) {
    broken_ = marked.error();
    return;
  }
  receipt = std::move(*marked);
  if (!rest.empty())
    committed(rest, std::nullopt); // who would go on from the last file has been drained
  queue_.clear();
}

void writer_state::fail(const failure& why) {
  broken_ = why;
  compat::send(self_, peers_.supervisor, store_failed{why, durable_});
}

void writer_state::refuse(const verified_bundle& bundle, failure why) {
  bundle_refused out;
  out.ticket = bundle.ticket;
  out.file_start = bundle.file_start;
  out.source = bundle.source;
  out.file_sha256 = bundle.file_sha256;
  out.why = std::move(why);
  compat::send(self_, peers_.downloader, std::move(out));
}

writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self,
                                   std::unique_ptr<storage::store> store, std::uint64_t group_bytes,
                                   wall_clock clock) {
  auto& state = compat::state_of(self);
  state.start(self, std::move(store), group_bytes, std::move(clock));
  return {
      [&state](const node_peers& peers) { state.meet(peers); },
      [&state](verified_bundle& bundle) { state.queue(std::move(bundle)); },
      [&state](commit_group) { state.commit_next_group(); },
      [&state](drain_writer& request) { return state.drain(std::move(request)); },
  };
}

} // namespace blockferry
