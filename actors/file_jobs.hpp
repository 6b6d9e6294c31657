#pragma once

#include "actors/mirror_book.hpp"
#include "messages/transfers.hpp"

#include <map>
#include <set>
#include <vector>

namespace blockferry {

/// One transfer for a file.
struct running_transfer {
  mirror_id mirror = 0;
  std::uint64_t reserved_bytes = 0;
  time_point started;
};

/// A body that waits for others to agree with it (--compare).
struct waiting_body {
  mirror_id mirror = 0;
  transfer_body body;
  std::int64_t fetched_at_ms = 0;
};

/// What a mirror's bytes for one file were refused for.
struct refusal_count {
  chain::hash sha256;
  std::uint32_t times = 0; ///< in a row, the same bytes
};

/// One file on its way from plan to commit.
struct file_job {
  height_t file_start = 0;
  height_range wanted;
  std::uint32_t blocks_min = 0;
  std::optional<known_part> known;
  std::map<transfer_id, running_transfer> transfers;
  std::vector<waiting_body> bodies; ///< fewer than --compare asks for
  std::set<mirror_id> tried;        ///< in this round
  std::set<mirror_id> lacking;      ///< said that they do not have it, in this round
  std::uint64_t bytes_needed = 0;   ///< known to be larger than it was given
  std::map<mirror_id, refusal_count> refusals;
  std::optional<bundle_ticket> ticket; ///< with the verifier or the writer, under this ticket
  std::optional<mirror_id> supplier;   ///< whose bytes they are
  std::uint64_t held_bytes = 0;        ///< fetched, from here to its commit
  std::optional<failure> last_failure;
  std::optional<chain::check_failure> last_check;
  std::string last_url;
  bool round_failed = false; ///< every mirror has failed it at least once

  /// Bytes that count against the window.
  [[nodiscard]] std::uint64_t window_bytes() const;
  /// Whether `mirrors` have each had the same bytes refused `rounds` times in a row.
  [[nodiscard]] bool refused_everywhere(std::size_t mirrors, std::uint32_t rounds) const;
};

/// The files between plan and commit, in the order of heights, and the window that they share (P6).
/// The first one may always have `bundle_bytes`; the others share what is left of `window_bytes`.
class file_jobs {
public:
  file_jobs(std::uint64_t window_bytes, std::uint64_t bundle_bytes)
      : window_bytes_(window_bytes), bundle_bytes_(bundle_bytes) {}

  [[nodiscard]] std::map<height_t, file_job>& all() noexcept { return jobs_; }
  [[nodiscard]] const std::map<height_t, file_job>& all() const noexcept { return jobs_; }
  [[nodiscard]] file_job* head() { return jobs_.empty() ? nullptr : &jobs_.begin()->second; }
  [[nodiscard]] file_job* by_transfer(transfer_id id);
  [[nodiscard]] file_job* by_ticket(bundle_ticket ticket);

  /// Bytes that a new transfer of this file may be given, none if the window has no room for it.
  /// `again`: beside one that runs already.
  [[nodiscard]] std::optional<std::uint64_t> reserve(const file_job& job, bool again) const;
  [[nodiscard]] bool has_room_for_another() const;
  [[nodiscard]] std::uint64_t window_bytes_used() const;
  [[nodiscard]] std::uint32_t transfer_count() const;

  /// Learns from a file's size what the next ones may be.
  void saw_size(std::uint64_t bytes);

private:
  [[nodiscard]] std::uint64_t used_behind_head() const;
  [[nodiscard]] std::uint64_t estimate() const;

  std::uint64_t window_bytes_;
  std::uint64_t bundle_bytes_;
  std::uint64_t usual_bytes_ = 0; ///< decaying maximum; 0: none seen yet
  std::map<height_t, file_job> jobs_;
};

/// Of so many bodies as must agree, the one with the most blocks; none while there are too few that
/// agree. Two agree where the blocks that both have are the same bytes.
[[nodiscard]] const waiting_body* agreed_body(const std::vector<waiting_body>& bodies,
                                              std::size_t must_agree);

} // namespace blockferry
