#pragma once

#include "tests/crash/crash_images.hpp"

namespace blockferry::crash {

/// Everything that reads a store or raises its records, on a store at rest and on one that a power
/// cut left with a journal to play back; each read fails that is a multiple of `stride` off
/// `first`, once and from then on.  Each run must end in `store_io`, never as damage and never with
/// another result than without the fault, and leave a store that goes on; what only reads leaves
/// every byte as it was.
[[nodiscard]] image_tally sweep_failed_reads(const calm_run& calm, std::size_t first,
                                             std::size_t stride);

/// A raise of the records with a fault of each kind at each operation that is a multiple of
/// `stride` off `first`, and with a power cut before it: a second raise must end as the calm one.
[[nodiscard]] image_tally sweep_raise(const calm_run& calm, std::size_t first, std::size_t stride);

} // namespace blockferry::crash
