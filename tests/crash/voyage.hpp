#pragma once

#include "messages/drain.hpp"
#include "storage/store.hpp"
#include "tests/crash/crash_disk.hpp"
#include "tests/kit/bundle_maker.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <functional>

namespace blockferry::crash {

/// One group: bundles that wait together, as (blocks to take, blocks that the file has by now).
using group = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// What a sync of a small chain commits, in which groups: whole files, several at once, a last file
/// that grows, one that is taken in part.
struct voyage_plan {
  kit::bundle_maker::options chain{.block_bytes = 400};
  std::vector<group> groups;
  /// Where each group begins, and the end of the last.
  [[nodiscard]] std::vector<height_t> boundaries() const;
};
/// The plan of the tests, the same for the same seed: pinned for odd ones, else from genesis.
[[nodiscard]] voyage_plan small_plan(std::uint64_t seed);

/// What was acknowledged, and when.
struct acknowledgement {
  std::size_t operations = 0; ///< that were done on the disk before it
  height_t next_height = 0;
};

struct voyage {
  std::optional<failure> refused; ///< the store could not be opened
  std::optional<storage::resume_point> resumed;
  std::size_t operations_to_open = 0;
  std::vector<acknowledgement> acknowledged;
  std::optional<failure> failed; ///< the writer's sticky error
  std::optional<committed_ack> end;
  bool writer_died = false;
};

/// How a store is made that runs on a disk; the real one unless a test controls another.
using store_opener = std::function<storage::result<std::unique_ptr<storage::store>>(
    const std::filesystem::path& folder, const kit::bundle_maker& chain, crash_disk& disk)>;
[[nodiscard]] storage::result<std::unique_ptr<storage::store>>
open_real_store(const std::filesystem::path& folder, const kit::bundle_maker& chain,
                crash_disk& disk);

/// Called before the writer handles a message of its own, with true, and after it, with false.
using turn_hook = std::function<void(bool begins)>;
/// Handles one message on the test scheduler, and tells whether it is the writer's turn; false if
/// there is none.  Its end is no message of its own.
bool handle_one(caf::scheduler::test_coordinator& scheduler, caf::actor_id writer,
                const turn_hook& writers_turn);

/// Opens the store, lets the writer carry what is missing of the plan, drains.  Runs the product's
/// writer on the test scheduler.  `folder` is where the lock stands, and the name of the files.
[[nodiscard]] voyage sail(crash_disk& disk, const std::filesystem::path& folder,
                          const voyage_plan& plan, const store_opener& open = open_real_store,
                          const turn_hook& writers_turn = {});

} // namespace blockferry::crash
