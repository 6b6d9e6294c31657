#pragma once

#include "tests/crash/crash_images.hpp"

namespace blockferry::crash {

/// Every fault kind, once and sticky, at each operation of the calm run that is a multiple of
/// `stride` off `first`: each run must end in an error of the right class or cope, acknowledge
/// nothing that is not durable, and leave a store that goes on once the fault is gone, after a
/// restart of the process and after a power cut.  With a failed sync no run may cope.
[[nodiscard]] image_tally sweep_faults(const calm_run& calm, std::size_t first, std::size_t stride);
/// The same with a failure at each sync of a file.
[[nodiscard]] image_tally sweep_failed_syncs(const calm_run& calm);
/// The same with a disk that is full at each write, for once and from then on.
[[nodiscard]] image_tally sweep_full_disk(const calm_run& calm);

/// The same with a read that fails, of the writer's whole run.
[[nodiscard]] image_tally sweep_writers_reads(const calm_run& calm, std::size_t first,
                                              std::size_t stride);

/// A store that uses the real one's rows with other durability: what the tests must catch.
[[nodiscard]] store_opener careless_store(std::string pragmas);
/// The real store on a disk that says it synced and did not.
[[nodiscard]] store_opener store_on_lying_disk();

} // namespace blockferry::crash
