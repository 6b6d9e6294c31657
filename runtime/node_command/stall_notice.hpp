#pragma once

#include "messages/status.hpp"

#include <chrono>
#include <optional>

namespace blockferry::runtime {

/// Which stalls the log tells of: those that last, and at most one a minute, so that a network that
/// fails every other request cannot fill it.  A plain class: the caller brings the time.
class stall_notice {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The node entered another phase.  True if a stall is over that was told of.
  [[nodiscard]] bool enter(const phase_changed& news, time_point now);
  /// The stall to tell of now, if there is one; each once.
  [[nodiscard]] std::optional<stall> due(time_point now);
  /// When `due` will have one, if nothing changes until then.
  [[nodiscard]] std::optional<time_point> next_due() const;

private:
  std::optional<stall> now_;       ///< the node is stalled
  time_point began_;               ///< when it became so
  bool told_ = false;              ///< of this one
  std::optional<time_point> last_; ///< told of any
};

} // namespace blockferry::runtime
