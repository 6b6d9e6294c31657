#pragma once

#include "messages/transfers.hpp"

#include <functional>

namespace blockferry {

/// Port through which the downloader reaches the network.  Implementations: libcurl on one thread
/// (`runtime/`), scripted (`tests/`).
class transport {
public:
  virtual ~transport() = default;

  /// Where results go; called once, before the first `start`.  `deliver` may be called from any
  /// thread and never blocks.
  virtual void connect(std::function<void(transfer_result)> deliver) = 0;

  /// Begins a transfer and returns at once.
  virtual void start(const transfer_request& request) = 0;

  /// Forgets a transfer: no result follows, unless it is already on its way.  Never blocks.
  virtual void cancel(transfer_id id) = 0;
};

} // namespace blockferry
