#pragma once

#include "tests/crash/crash_images.hpp"

namespace blockferry::crash {

/// Starts on what so many power cuts left, spread over the calm run and all damages, as a node and
/// as a reader; of each start the operations and the reads that are a multiple of `stride` off
/// `first` fail, by each kind of fault, once and from then on.  A start must end in an error of the
/// fault's class or cope, and the next one must find everything that was acknowledged and go on.
[[nodiscard]] image_tally sweep_faults_in_recovery(const calm_run& calm, std::size_t images,
                                                   std::size_t first, std::size_t stride);

} // namespace blockferry::crash
