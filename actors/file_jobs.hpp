#pragma once

#include "actors/compare.hpp"
#include "actors/mirror_book.hpp"

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

/// What a mirror's bytes for one file were refused for.
struct refusal_count {
  chain::hash sha256;
  std::uint32_t times = 0; ///< in a row, the same bytes, or a contradiction of what is committed
};

/// Whose bytes the verifier or the writer has.
struct supply {
  bundle_ticket ticket = 0;
  mirror_id mirror = 0;
  time_point asked_at;
  std::uint64_t bytes = 0; ///< from here to the commit
  bool is_short = false;   ///< claims fewer blocks than the tip makes it hold
};

/// One file on its way from plan to commit.
struct file_job {
  height_t file_start = 0;
  height_range wanted;
  bool whole = false; ///< a file with fewer than `blocks_per_file` is refused
  std::optional<known_part> known;
  std::map<transfer_id, running_transfer> transfers;
  std::vector<waiting_body> bodies; ///< fewer agree than --compare asks for
  std::set<mirror_id> tried;        ///< without success, in this round
  std::uint64_t bytes_needed = 0;   ///< known to be larger than it was given
  std::map<mirror_id, refusal_count> refusals;
  std::optional<supply> supplied;
  std::optional<failure> last_failure;
  std::optional<chain::check_failure> last_check;
  std::string last_url;
  bool round_failed = false; ///< every mirror has failed it at least once

  /// Bytes that count against the window.
  [[nodiscard]] std::uint64_t window_bytes() const;
  /// The last height that a mirror must have to be asked: of a file that may be short, the first.
  [[nodiscard]] height_t needed_height() const;
  /// Mirrors that are not to be asked for it now: tried, asked, heard, or without the file.
  [[nodiscard]] std::set<mirror_id> avoided(const mirror_book& mirrors) const;
  /// Notes a refusal of a mirror's bytes.
  void count_refusal(const bundle_refused& news);
  /// Whether each mirror that has the file has had it refused `rounds` times in a row.
  [[nodiscard]] bool refused_everywhere(const mirror_book& mirrors, std::uint32_t rounds) const;
  /// Once every mirror that has the file was tried or heard in vain, the next round begins; true
  /// then.
  bool end_round(const mirror_book& mirrors);
};

/// The files between plan and commit, in the order of heights, and the window that they share (P6).
/// The first one may always have `copies` of `bundle_bytes`; the others share what is left of
/// `window_bytes`.
class file_jobs {
public:
  file_jobs(std::uint64_t window_bytes, std::uint64_t bundle_bytes, std::size_t copies);

  [[nodiscard]] std::map<height_t, file_job>& all() noexcept { return jobs_; }
  [[nodiscard]] const std::map<height_t, file_job>& all() const noexcept { return jobs_; }
  [[nodiscard]] bool empty() const noexcept { return jobs_.empty(); }
  [[nodiscard]] file_job* head() { return jobs_.empty() ? nullptr : &jobs_.begin()->second; }
  [[nodiscard]] file_job* by_transfer(transfer_id id);
  [[nodiscard]] file_job* by_ticket(bundle_ticket ticket);

  /// Bytes that a new transfer of this file may be given, none if the window has no room for it.
  [[nodiscard]] std::optional<std::uint64_t> reserve(const file_job& job) const;
  [[nodiscard]] bool has_room_for_another() const;
  [[nodiscard]] std::uint64_t window_bytes_used() const;
  [[nodiscard]] std::uint32_t transfer_count() const;
  /// The largest file that fits: the cap, or less where several copies must fit the window.
  [[nodiscard]] std::uint64_t bundle_bytes() const noexcept { return bundle_bytes_; }

  /// Learns from a file's size what the next ones may be.
  void saw_size(std::uint64_t bytes);

private:
  [[nodiscard]] std::uint64_t used_by_head() const;
  [[nodiscard]] std::uint64_t used_behind_head() const;
  [[nodiscard]] std::uint64_t estimate() const;
  [[nodiscard]] bool fits_behind_head(std::uint64_t bytes) const;

  std::uint64_t window_bytes_;
  std::uint64_t bundle_bytes_;
  std::uint64_t head_bytes_;      ///< kept free for the first file
  std::uint64_t usual_bytes_ = 0; ///< decaying maximum; 0: none seen yet
  std::map<height_t, file_job> jobs_;
};

} // namespace blockferry
