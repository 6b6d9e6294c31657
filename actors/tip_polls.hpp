#pragma once

#include "actors/mirror_book.hpp"
#include "messages/transfers.hpp"

#include <random>
#include <vector>

namespace blockferry {

/// The looks at each mirror's latest.json: when the next one is due, and how the last one went.  A
/// plain class: the caller brings time and randomness.
class tip_polls {
public:
  tip_polls(std::size_t mirrors, const patience& wait) : polls_(mirrors), wait_(wait) {}

  /// A request for each mirror whose poll is due, numbered on from `last_id`.  One that has
  /// answered once is asked again only if `again`.
  [[nodiscard]] std::vector<transfer_request> begin_due(time_point now, bool again,
                                                        transfer_id& last_id);
  /// The end of a poll: what the book learns from it.
  void take(mirror_id mirror, transfer_result& result, time_point now, mirror_book& mirrors,
            std::mt19937_64& random);
  /// Not again before `when`.
  void put_off(mirror_id mirror, time_point when);

  /// Mirrors that have answered at least once.
  [[nodiscard]] std::size_t answered() const;
  /// The last failure, if the last look at every mirror failed.
  [[nodiscard]] std::optional<failure> all_failing() const;
  [[nodiscard]] std::optional<time_point> next_due(bool again) const;

private:
  struct poll {
    bool running = false;
    bool answered = false; ///< at least once
    std::string etag;
    std::string last_modified;
    time_point due;
    std::uint32_t failures = 0; ///< in a row
    failure last_failure;
  };

  void failed(mirror_id mirror, const failure& why, std::optional<milliseconds> retry_after,
              time_point now, mirror_book& mirrors, std::mt19937_64& random);

  std::vector<poll> polls_;
  patience wait_;
};

} // namespace blockferry
