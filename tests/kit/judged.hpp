#pragma once

#include "chain/checked_blocks.hpp"
#include "chain/network.hpp"
#include "chain/stake/followed.hpp"

#include <string>
#include <vector>

namespace blockferry::kit {

/// The seed of tests: BLOCKFERRY_SEED, else 7.  Prints it.
[[nodiscard]] std::uint64_t test_seed();

/// What the rules make of a chain from genesis on.
struct verdict {
  std::string failure;                      ///< empty where it passes
  std::vector<chain::check_record> records; ///< one per block, as its bodies
  std::vector<chain::body_facts> bodies;    ///< empty below `consensus`
  chain::stake::followed followed;          ///< after the last block
};
[[nodiscard]] verdict judge(const std::vector<chain::byte_buffer>& blocks,
                            const chain::network& net, chain::level floor = chain::level::header);

/// Whether the reference checker and Python are here; says SKIPPED where they are not.
[[nodiscard]] bool oracle_here();
/// Exit code of the reference checker for a chain; `options` are its own.
[[nodiscard]] int oracle_says(const std::vector<chain::byte_buffer>& blocks,
                              const std::string& options);

} // namespace blockferry::kit
