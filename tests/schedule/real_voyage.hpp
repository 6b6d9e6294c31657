#pragma once

#include "tests/schedule/voyage.hpp"

namespace blockferry::schedule {

/// What ends a run of the real parts.
enum class real_fault : std::uint8_t {
  none,
  drain,
  crash,        ///< the power fails between two messages
  crash_inside, ///< the power fails at an operation of the disk
  disk_fails,   ///< an operation of the disk fails, once or from then on
  writer_dies,
  count,
};
[[nodiscard]] std::string to_string(real_fault what);

/// A node over the real chain check and the real store on the crash disk, under the chooser: what
/// ends it, at which damage, how far the chain is checked and where it begins (genesis, a pin, a
/// start file) follow from the seed.  Afterwards the
/// store is opened on what is left, must hold what was acknowledged and no block that was not
/// verified, pass SQLite's check and its own, and be carried to the content of a calm run (S1 to
/// S7).
[[nodiscard]] outcome sail_real(std::uint64_t seed, chooser& next);

} // namespace blockferry::schedule
