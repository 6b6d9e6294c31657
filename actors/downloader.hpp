#pragma once

#include "actors/file_jobs.hpp"
#include "actors/options.hpp"
#include "actors/transport.hpp"
#include "actors/writer.hpp"
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
/// which starts whatever can be started and arms the one timer for whatever is due next.
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
  struct latest_poll {
    transfer_id id = 0; ///< 0: none runs
    std::string etag;
    std::string last_modified;
    time_point due;
    bool answered = false; ///< at least once
  };

  [[nodiscard]] time_point now() const;
  void pump();
  void poll_latest();
  void plan_files();
  void plan_file(height_t file_start);
  void start_transfers();
  bool start_transfer(file_job& job, bool hedge);
  void hedge_head();
  void finished_latest(mirror_id mirror, transfer_result& result);
  void finished_file(file_job& job, transfer_result& result);
  void failed_file(file_job& job, mirror_id mirror, const transfer_failure& why);
  void hand_over(file_job& job);
  void abandon_transfers(file_job& job);
  void round_over(file_job& job);
  void lacks_file(file_job& job, mirror_id mirror);
  void check_end();
  void arm_timer();
  void report();

  [[nodiscard]] std::optional<height_t> target() const;
  [[nodiscard]] milliseconds jittered(milliseconds interval);
  [[nodiscard]] milliseconds hedge_delay() const;
  [[nodiscard]] std::optional<stall> stalled() const;

  downloader_actor::pointer self_ = nullptr;
  downloader_setup setup_;
  node_peers peers_;
  std::unique_ptr<mirror_book> mirrors_;
  std::unique_ptr<file_jobs> jobs_;
  std::vector<latest_poll> polls_; ///< one a mirror
  std::mt19937_64 random_;
  std::map<transfer_id, std::pair<mirror_id, bool>> transfers_; ///< true: latest.json
  transfer_id last_transfer_ = 0;
  bundle_ticket last_ticket_ = 0;
  height_t next_planned_ = 0;   ///< the first height that no job wants
  height_t next_committed_ = 0; ///< the first height that the store lacks
  std::optional<known_part> known_;
  std::uint64_t tick_number_ = 0;
  time_point last_progress_;
  milliseconds usual_duration_{0};
  std::uint64_t blocks_fetched_ = 0;
  std::uint64_t bytes_fetched_ = 0;
  bool target_reached_ = false;
  std::optional<drain_reason> ends_;
  bool draining_ = false;
};

/// Behaviour of the DOWNLOADER.
downloader_actor::behavior_type
downloader(downloader_actor::stateful_pointer<downloader_state> self, downloader_setup setup);

} // namespace blockferry
