#pragma once

#include "actors/mirror_book.hpp"
#include "messages/bundles.hpp"

#include <map>
#include <memory>
#include <optional>
#include <spdlog/logger.h>
#include <string>

namespace blockferry {

/// Warnings that the network can cause as often as it likes, each at most once a minute: the next
/// one says how many were left out.  A plain class: the caller brings the time.
class rare_warnings {
public:
  explicit rare_warnings(std::shared_ptr<spdlog::logger> log = nullptr) : log_(std::move(log)) {}

  /// BF201, for each mirror by itself.
  void refused(const bundle_refused& news, time_point now);
  /// BF204, if a block's timestamp (Unix seconds) is ahead of the local clock (Unix milliseconds).
  /// That is no check (specification 6.3): one of the two clocks is wrong, and nobody knows which.
  void hold_against_clock(height_t height, std::int64_t timestamp, std::int64_t clock_ms,
                          time_point now);

private:
  struct limit {
    std::optional<time_point> told;
    std::uint64_t left_out = 0; ///< since then
  };
  /// What to add to the line; nothing: this one is left out.
  [[nodiscard]] static std::optional<std::string> admit(limit& of, time_point now);

  std::shared_ptr<spdlog::logger> log_; ///< may be null
  std::map<mirror_id, limit> refusals_;
  limit ahead_;
};

} // namespace blockferry
