#pragma once

#include "messages/drain.hpp"
#include "messages/errors.hpp"

#include <optional>

namespace blockferry::runtime {

/// How the process ends, for scripts.
enum class exit_code : int {
  done = 0, ///< or stopped clean
  other = 1,
  usage = 2, ///< or configuration, or a store that does not fit it
  data_refused = 3,
  network_gave_up = 4,
  storage = 5,
  disk_full = 9,
  store_locked = 11,
  interrupted = 130, ///< by a second signal; or a reading command by the first
};

/// The code for a command that an error ended.
[[nodiscard]] exit_code exit_code_of(const failure& why) noexcept;
/// The code for a node that stopped with this receipt.
[[nodiscard]] exit_code exit_code_of(const drain_receipt& receipt) noexcept;

} // namespace blockferry::runtime
