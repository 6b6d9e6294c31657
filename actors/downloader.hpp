#pragma once

#include "actors/file_jobs.hpp"
#include "actors/options.hpp"
#include "actors/tip_polls.hpp"
#include "actors/transport.hpp"
#include "messages/interfaces.hpp"

#include <memory>
#include <random>

namespace blockferry {

/// What a DOWNLOADER is given.
struct downloader_setup {
  node_options options;
  std::shared_ptr<transport> network;
  height_t next_height = 0;        ///< the first that the store lacks
  std::optional<known_part> known; ///< the last file, while the store has it in part
  std::uint64_t seed = 0;          ///< of back-off and jitter
};

/// State and handlers of the DOWNLOADER.  Every handler notes what happened and ends in `pump`,
/// which starts whatever can be started and arms the one timer for whatever is due next.  Nothing
/// is asked again and again: what waits for room, a connection or a commit is started by the
/// message that brings it.
class downloader_state {
public:
  downloader_state();
  ~downloader_state();
  void start(downloader_actor::pointer self, downloader_setup setup);

  void meet(const node_peers& peers);
  void finished(transfer_result result);
  void committed(const bundle_committed& news);
  void refused(const bundle_refused& news);
  void wake(tick due);
  downloader_drained drain();

private:
  // downloader.cpp: what follows from what
  void pump();
  void poll_tips();
  void check_end();
  void arm_timer();
  void report();
  [[nodiscard]] bool polls_again() const;
  [[nodiscard]] std::optional<height_t> target() const;
  [[nodiscard]] std::optional<stall> stalled() const;
  [[nodiscard]] std::string waited_for() const;
  void read_clock();
  [[nodiscard]] time_point now() const noexcept { return now_; } ///< of the message at hand

  // file_planning.cpp: which file next
  void plan_files();
  void plan_file(height_t file_start);
  void expect_short_file(file_job& job);
  void drop_beyond_target();

  // file_transfers.cpp: from a plan to a fetched bundle
  void start_transfers();
  bool start_transfer(file_job& job, bool hedge);
  void hedge_head();
  [[nodiscard]] time_point hedge_at(const file_job& head) const;
  void finished_file(file_job& job, transfer_result& result);
  void compare_bodies(file_job& job);
  void failed_file(file_job& job, const running_transfer& transfer, const transfer_failure& why);
  void lacks_file(file_job& job, mirror_id mirror);
  void hand_over(file_job& job, const waiting_body& best);
  void abandon_transfers(file_job& job);

  downloader_actor::pointer self_ = nullptr;
  time_point now_;
  downloader_setup setup_;
  node_peers peers_;
  std::unique_ptr<mirror_book> mirrors_;
  std::unique_ptr<file_jobs> jobs_;
  std::unique_ptr<tip_polls> polls_;
  std::mt19937_64 random_;
  std::map<transfer_id, mirror_id> running_polls_;
  transfer_id last_transfer_ = 0;
  bundle_ticket last_ticket_ = 0;
  height_t next_planned_ = 0;   ///< the first height that no job wants
  height_t next_committed_ = 0; ///< the first height that the store lacks
  std::optional<known_part> known_;
  std::uint64_t tick_number_ = 0;
  std::optional<time_point> armed_; ///< when the newest timer fires
  time_point last_progress_;
  milliseconds usual_duration_{0};
  std::uint64_t blocks_fetched_ = 0;
  std::uint64_t bytes_fetched_ = 0;
  bool target_reached_ = false;
  std::optional<drain_reason> ends_;
  std::optional<height_t> refused_file_; ///< over which a sync ends
  std::optional<download_status> reported_;
  bool closed_ = false; ///< draining, or the store has failed: nothing begins any more
};

/// Behaviour of the DOWNLOADER.
downloader_actor::behavior_type
downloader(downloader_actor::stateful_pointer<downloader_state> self, downloader_setup setup);

} // namespace blockferry
