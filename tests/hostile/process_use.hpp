#pragma once

#include <cstddef>
#include <cstdint>

namespace blockferry::hostile {

/// What this process holds.
struct process_use {
  std::size_t descriptors = 0;
  std::size_t threads = 0;
  std::uint64_t peak_bytes = 0; ///< resident, since `use_now` was called last; 0: not known
};

/// Counts, and lets the peak begin anew.
[[nodiscard]] process_use use_now();
/// The same without a new beginning, once no more descriptors are open than `before`, or after two
/// seconds: a connection's last look-up may still be on its way out.
[[nodiscard]] process_use settled_use(const process_use& before);

} // namespace blockferry::hostile
