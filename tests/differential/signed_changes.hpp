#pragma once

#include "binder.hpp"
#include "chance.hpp"

#include <string>

namespace blockferry::differential {

/// A change of a block whose signers are known, and what to make right after it.
struct signed_change {
  binding bind;
  std::string how; ///< in words
  /// Bytes to change after all is bound, and then the block hash alone: 32 of a root; 0 for none.
  std::size_t root_offset = 0;
};

/// Changes the block in one place, mostly where only checks behind the signatures look.  `other` is
/// another block, from which parts may come.
[[nodiscard]] signed_change change_signed_block(chain::byte_buffer& block, chain::byte_view other,
                                                const binder& keys, chance& by);

} // namespace blockferry::differential
