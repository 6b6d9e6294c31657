#pragma once

#include "messages/drain.hpp"

#include <mutex>
#include <optional>

namespace blockferry {

/// Where a node's receipt stays when its actors have gone.  Any thread.
class receipt_slot {
public:
  void put(const drain_receipt& receipt) {
    const std::lock_guard lock{mutex_};
    receipt_ = receipt;
  }
  /// None: the node has not ended, or it ended without a drain.
  [[nodiscard]] std::optional<drain_receipt> get() const {
    const std::lock_guard lock{mutex_};
    return receipt_;
  }

private:
  mutable std::mutex mutex_;
  std::optional<drain_receipt> receipt_;
};

} // namespace blockferry
