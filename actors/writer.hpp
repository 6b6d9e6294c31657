#pragma once

#include "actors/options.hpp"
#include "messages/interfaces.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>

namespace blockferry {

/// Unix time in milliseconds; a port, so that tests choose it.
using wall_clock = std::function<std::int64_t()>;

/// State and handlers of the WRITER.  Storage calls block: the spawn site decides on which thread.
class writer_state {
public:
  writer_state() {}
  void start(writer_actor::pointer self, std::unique_ptr<storage::store> store,
             std::uint64_t group_bytes, wall_clock clock);

  void meet(const node_peers& peers) { peers_ = peers; }
  void queue(verified_bundle bundle);
  void commit_next_group();
  committed_ack drain(drain_writer request);

private:
  [[nodiscard]] bool gathers(std::chrono::steady_clock::time_point now) const;
  void commit_soon();
  void commit_last(drain_receipt& receipt);
  void committed(std::span<const verified_bundle* const> group,
                 const std::optional<known_part>& known);
  void fail(const failure& why);
  void refuse(const verified_bundle& bundle, failure why);

  writer_actor::pointer self_ = nullptr;
  node_peers peers_;
  std::unique_ptr<storage::store> store_;
  std::uint64_t group_bytes_ = 0;
  wall_clock clock_;
  std::deque<verified_bundle> queue_;
  std::chrono::steady_clock::time_point gathering_since_; ///< when the queue was last empty
  bool group_is_due_ = false;
  std::optional<committed_ack> drained_;
  std::optional<chain::tip> durable_;
  std::uint64_t blocks_committed_ = 0;
  std::optional<failure> broken_;
};

/// Behaviour of the WRITER.
writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self,
                                   std::unique_ptr<storage::store> store, std::uint64_t group_bytes,
                                   wall_clock clock);

} // namespace blockferry
