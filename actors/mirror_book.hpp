#pragma once

#include "actors/options.hpp"
#include "messages/status.hpp"

#include <chrono>
#include <random>
#include <set>

namespace blockferry {

using time_point = std::chrono::steady_clock::time_point;

/// What the downloader knows of its mirrors: health that decays and heals, speed, back-off,
/// quarantine.  A plain class: the caller brings time and randomness.
class mirror_book {
public:
  mirror_book(std::vector<std::string> urls, const patience& wait);

  [[nodiscard]] std::size_t size() const noexcept { return mirrors_.size(); }
  [[nodiscard]] const std::string& url(mirror_id id) const { return mirrors_[id].url; }

  /// The best mirror to ask now, none of `avoid`: healthy before failing before quarantined, then
  /// the one with the fewest transfers, then the fastest.
  [[nodiscard]] std::optional<mirror_id> choose(time_point now,
                                                const std::set<mirror_id>& avoid) const;
  /// When the next of those not in `avoid` may be asked; none if all are in `avoid`.
  [[nodiscard]] std::optional<time_point> next_chance(const std::set<mirror_id>& avoid) const;

  void started(mirror_id id);
  /// A transfer that ended without a verdict, because it was not needed any more.
  void abandoned(mirror_id id);
  void succeeded(mirror_id id, std::uint64_t bytes, milliseconds duration);
  /// Back-off with full jitter; a server's Retry-After is obeyed within bounds.
  void failed(mirror_id id, time_point now, const std::string& reason,
              std::optional<milliseconds> retry_after, std::mt19937_64& random);
  /// The bytes it served were refused.
  void quarantine(mirror_id id, time_point now, const std::string& reason, std::mt19937_64& random);
  /// Blocks that it served were committed.
  void vindicated(mirror_id id);

  /// The tip as it says; a tip that cannot be, for it has no such file, is capped by `lacks`.
  void advertises(mirror_id id, height_t tip);
  void lacks(mirror_id id, height_t height);
  /// The highest tip that a mirror still stands by.
  [[nodiscard]] std::optional<height_t> highest_tip() const;
  [[nodiscard]] bool may_have(mirror_id id, height_t height) const;

  [[nodiscard]] std::vector<mirror_status> status(time_point now) const;

private:
  struct mirror {
    std::string url;
    std::string reason;
    std::uint32_t failures = 0; ///< in a row
    std::uint32_t transfers = 0;
    std::uint64_t bytes = 0;
    double bytes_per_second = 0; ///< moving average; 0: unknown
    std::optional<height_t> tip;
    std::optional<height_t> advertised;
    std::optional<time_point> quarantined_until;
    std::optional<time_point> retry_at; ///< absent: now
  };

  [[nodiscard]] mirror_health health(const mirror& one, time_point now) const;
  void back_off(mirror& one, time_point now, std::mt19937_64& random) const;

  std::vector<mirror> mirrors_;
  patience wait_;
};

} // namespace blockferry
