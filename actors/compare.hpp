#pragma once

#include "messages/transfers.hpp"

#include <vector>

namespace blockferry {

/// A body that waits until enough others agree with it (--compare).
struct waiting_body {
  mirror_id mirror = 0;
  transfer_body body;
  std::int64_t fetched_at_ms = 0;                 ///< Unix time, milliseconds
  std::chrono::steady_clock::time_point asked_at; ///< when its transfer began
};

/// Of the bodies, each of another mirror, the one with the most blocks that `must_agree` mirrors
/// have, itself included, byte for byte; none while too few agree.
[[nodiscard]] const waiting_body* agreed_body(const std::vector<waiting_body>& bodies,
                                              std::size_t must_agree);

/// How many blocks a file says that it holds, for counters only: unverified.
[[nodiscard]] std::uint64_t claimed_blocks(const payload& file);

} // namespace blockferry
