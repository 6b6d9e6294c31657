#pragma once

#include "actors/options.hpp"
#include "messages/status.hpp"

#include <chrono>
#include <random>
#include <set>

namespace blockferry {

using time_point = std::chrono::steady_clock::time_point;

/// Exponential back-off with full jitter: from nothing to the whole of what `failures` in a row
/// call for, so that nodes that failed together do not come back together (M. Brooker, "Exponential
/// Backoff And Jitter", AWS 2015).
[[nodiscard]] milliseconds back_off(const patience& wait, std::uint32_t failures,
                                    std::mt19937_64& random);

/// Makes of what was known of mirrors `since` ago what is known now.
void let_time_pass(std::vector<mirror_status>& mirrors, std::chrono::steady_clock::duration since);

/// What the downloader knows of its mirrors: health that decays and heals, speed, back-off,
/// quarantine, and how high each says that its chain is.  A plain class: the caller brings time and
/// randomness.
class mirror_book {
public:
  mirror_book(std::vector<std::string> urls, const patience& wait);

  [[nodiscard]] std::size_t size() const noexcept { return mirrors_.size(); }
  [[nodiscard]] const std::string& url(mirror_id id) const { return mirrors_[id].url; }

  /// The best mirror to ask for a file now, none of `avoid`: healthy before failing before
  /// quarantined, then the one that should be done first by its speed and its transfers.
  [[nodiscard]] std::optional<mirror_id> choose(time_point now,
                                                const std::set<mirror_id>& avoid) const;
  /// When a mirror not in `avoid` will have waited long enough; none if none of them waits.
  [[nodiscard]] std::optional<time_point> next_chance(time_point now,
                                                      const std::set<mirror_id>& avoid) const;

  void started(mirror_id id);
  /// A transfer that ended without a verdict, because it was not needed any more.
  void abandoned(mirror_id id);
  /// Likewise, because another mirror was faster.
  void outpaced(mirror_id id);
  void succeeded(mirror_id id, std::uint64_t bytes, milliseconds duration);
  /// Backs off; a server's Retry-After is obeyed within bounds.
  void failed(mirror_id id, time_point now, const std::string& reason,
              std::optional<milliseconds> retry_after, std::mt19937_64& random);
  /// The bytes it served came to nothing, by whosever fault: it waits longer each time, until
  /// something that it served is committed.
  void set_back(mirror_id id, time_point now, const std::string& reason, std::mt19937_64& random);
  /// The bytes it served were refused by a check: set back, and asked last.
  void quarantine(mirror_id id, time_point now, const std::string& reason, std::mt19937_64& random);
  /// Blocks that it was asked for at `asked_at` are committed: forgives what was before.
  void vindicated(mirror_id id, time_point asked_at);
  /// How the last look at its latest.json went; the reason of a failure, empty for a success, and
  /// when the next one follows.
  void polled(mirror_id id, const std::string& reason, time_point next_look);

  /// Its chain is so high, as it says.  A mirror that says less than before is behind itself for a
  /// while and keeps its tip, unless that tip was found wrong.
  void advertises(mirror_id id, height_t tip);
  /// It has no block from `height` on, and none is to be expected before it advertises another tip.
  void lacks(mirror_id id, height_t height);
  /// It has not the block `height` of a file; nothing, where its own tip does not claim it.  After
  /// three times other mirrors' tips count before its own, until it `has` what it lacked.
  void misses(mirror_id id, height_t height);
  /// Its block `height` is committed.
  void has(mirror_id id, height_t height);
  /// The highest block that `agreeing` mirrors stand by; none if fewer have a tip.
  [[nodiscard]] std::optional<height_t> highest_tip(std::size_t agreeing) const;
  /// Whether it may have the block; a mirror whose tip is unknown may have any.
  [[nodiscard]] bool may_have(mirror_id id, height_t height) const;
  /// Whether its advertised tip is not above `height`: what lies behind may be missing.
  [[nodiscard]] bool ends_by(mirror_id id, height_t height) const;
  /// The highest advertised tip above `height` that its mirror does not stand by.
  [[nodiscard]] std::optional<height_t> missing_tip_above(height_t height) const;

  [[nodiscard]] std::vector<mirror_status> status(time_point now) const;

private:
  struct mirror {
    std::string url;
    std::string reason;
    std::uint32_t failures = 0;      ///< of transfers, in a row
    std::uint32_t setbacks = 0;      ///< in a row
    std::uint32_t poll_failures = 0; ///< in a row
    std::uint32_t transfers = 0;
    std::uint64_t bytes = 0;
    double bytes_per_second = 0;        ///< moving average; 0: unknown
    std::optional<height_t> said;       ///< the last word of its latest.json
    std::optional<height_t> advertised; ///< the tip that it is held to
    std::optional<height_t> tip;        ///< the part of that which it still stands by
    std::uint32_t missed = 0;           ///< times that it lacked what its own tip claims
    height_t missed_from = 0;           ///< the lowest block of these
    std::optional<time_point> quarantined_at;
    std::optional<time_point> retry_at;   ///< absent: now
    std::optional<time_point> told_until; ///< by the last Retry-After; a success does not lift it
    time_point next_look;                 ///< at latest.json, after one that failed
  };

  [[nodiscard]] static bool doubted(const mirror& one);
  [[nodiscard]] mirror_health health(const mirror& one, time_point now) const;
  void wait(mirror& one, time_point now, std::mt19937_64& random) const;

  std::vector<mirror> mirrors_;
  patience wait_;
};

} // namespace blockferry
