#pragma once

#include "tests/schedule/voyage.hpp"
#include "tests/support/test_node.hpp"

#include <caf/scheduled_actor.hpp>
#include <map>
#include <set>

namespace blockferry::schedule {

/// That of a bundle which no downloader asked for.
inline constexpr bundle_ticket late_ticket = ~bundle_ticket{0};

/// Sees every message before its actor does, and every write, and knows what must hold.
class watch {
public:
  watch(const testing::plain_chain& chain, testing::memory_disk& disk,
        const testing::scripted_cdn& cdn, std::uint64_t window_bytes);

  void meets(const testing::test_node& node);
  /// Every write fails from now on.
  void store_fails() { failing_ = true; }
  /// Something went wrong that may be why the node gives up.
  void trouble() { troubled_ = true; }
  /// The transfer has ended; its end is on its way to the downloader.
  void answered(transfer_id id) {
    if (const auto& request = cdn_.waiting().at(id); request.file_start)
      on_the_way_[id] = request;
  }
  /// Who waits for the receipt is no worker.
  void asks_for_a_drain(caf::actor_id asker) { known_.insert(asker); }
  /// What the host would have heard does not count any more.
  void host_is_gone() { host_gone_ = true; }
  [[nodiscard]] bool is_worker(const caf::scheduled_actor& actor) const {
    return !known_.contains(actor.id()) && actor.id() > last_known_child_;
  }

  /// The message that `next` will handle; the invariant that it breaks, or empty.
  [[nodiscard]] std::string before_message(caf::scheduled_actor& next, bool worker_is_inside);
  /// Whether its next message is the request behind which it takes no bundle any more.
  [[nodiscard]] static bool is_drained_by_next(caf::scheduled_actor& actor);
  /// Whether it is the listener, or has the receipt that it asked for.
  [[nodiscard]] bool only_notes(caf::scheduled_actor& actor) const;
  /// Whether a check waits for this worker.
  [[nodiscard]] bool is_inside(caf::scheduled_actor& worker) const;
  /// The invariant that is broken where no message waits, or empty.
  [[nodiscard]] std::string at_rest() const;
  /// The invariant that is broken after a step, or empty.
  [[nodiscard]] std::string after_step();
  /// The same of a node that ended by itself or by a drain.
  [[nodiscard]] std::string at_end(const testing::node_log& log,
                                   const std::vector<fault>& injected) const;

  /// What it remembers of the past, so far as a verdict to come depends on it.
  [[nodiscard]] std::uint64_t memory() const;
  [[nodiscard]] bool store_is_failing() const noexcept { return failing_; }
  /// The supervisor has its answer.
  [[nodiscard]] bool downloader_has_drained() const noexcept {
    return requests_at_drain_.has_value();
  }

  void note(std::uint64_t a, std::uint64_t b);
  [[nodiscard]] std::uint64_t trace() const noexcept { return trace_; }

private:
  [[nodiscard]] bool on_disk(const std::optional<chain::tip>& tip) const;
  [[nodiscard]] std::string check_history();
  [[nodiscard]] std::string check_bundle(const verified_bundle& bundle);
  [[nodiscard]] std::string check_refusal();
  [[nodiscard]] caf::scheduled_actor& downloader() const;
  [[nodiscard]] std::size_t mail_of_downloader() const;
  void downloader_hears(const caf::type_erased_tuple& content);
  [[nodiscard]] std::string check_window();
  [[nodiscard]] std::string check_giving_up(const download_status& news) const;
  [[nodiscard]] std::string check_counts(const drain_receipt& receipt, bool writer_died) const;

  const testing::plain_chain& chain_;
  testing::memory_disk& disk_;
  const testing::scripted_cdn& cdn_;
  std::uint64_t window_bytes_;
  std::set<caf::actor_id> known_; ///< the node's four actors, its listener, who asks it
  caf::actor_id last_known_child_ = 0;
  caf::actor_id listener_ = 0;
  caf::strong_actor_ptr downloader_;
  /// Messages that the downloader had when a bundle came too late.
  std::optional<std::size_t> before_refusal_;
  bool failing_ = false;
  bool host_gone_ = false;
  bool troubled_ = false;
  std::size_t blocks_before_;    ///< in the store at the start
  std::uint32_t steps_seen_ = 0; ///< of the store, that were checked
  std::size_t requests_seen_ = 0;
  /// Ended file transfers of which the downloader has yet to hear.
  std::map<transfer_id, transfer_request> on_the_way_;
  std::map<height_t, std::uint64_t> held_; ///< bytes of files that came, until commit or refusal
  bool asked_at_tick_ = false; ///< when time last passed for it: whether a file was asked for
  std::optional<std::uint32_t> steps_at_ack_;
  std::optional<std::size_t> requests_at_drain_;
  height_t next_verified_ = 0;
  bool open_failed_ = false;
  std::uint64_t trace_ = 0xcbf29ce484222325;
};

} // namespace blockferry::schedule
