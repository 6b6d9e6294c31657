#pragma once

#include "tests/crash/survey.hpp"

namespace blockferry::crash {

/// What a run of images found.
struct image_tally {
  std::size_t images = 0;
  std::vector<std::string> violations; ///< each with what replays it
};

/// One image: the operation that was not done any more, the damage, a number for chance.
struct image_id {
  std::size_t at = 0;
  damage how{};
  std::uint64_t number = 0;
};
[[nodiscard]] std::string to_string(const image_id& one);

/// So many images, spread evenly over all operations of the calm run and all damages; `part` of
/// `parts` of them.
[[nodiscard]] image_tally try_images(const calm_run& calm, std::uint64_t seed, std::size_t count,
                                     std::size_t part = 0, std::size_t parts = 1);
/// For each, a start that is cut off by a second power cut at any of its operations.
[[nodiscard]] image_tally try_images_in_recovery(const calm_run& calm, std::uint64_t seed,
                                                 std::size_t count, std::size_t part = 0,
                                                 std::size_t parts = 1);
/// Only this one; `in_recovery` as the line of a violation says.
[[nodiscard]] image_tally replay_image(const calm_run& calm, std::uint64_t seed, image_id one,
                                       bool in_recovery);

} // namespace blockferry::crash
