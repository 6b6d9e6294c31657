#pragma once

#include "tests/hostile/cases.hpp"
#include "tests/hostile/file_set.hpp"
#include "tests/hostile/node_run.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace blockferry::hostile {

/// Enough for three whole files and a short one, and small enough to sync in a blink.
constexpr std::uint64_t block_count = 160;

/// What all runs share.
struct world {
  file_set honest;
  std::filesystem::path folder;
  std::map<std::tuple<chain_kind, chain::level, bool>, chain::hash>
      calm; ///< digests after a calm run
  unsigned number = 0;

  std::filesystem::path new_store() { return folder / ("store" + std::to_string(++number)); }
};

/// How a case went.
struct verdict {
  std::vector<std::string> complaints; ///< empty: as it must
  std::string skipped;                 ///< why nothing was shown
  node_run_result run;
};

/// Plays a case to a real node, then lets it sync on without faults, and judges both.  `seed` is
/// that of everything random in the plays and the node.
[[nodiscard]] verdict run_case(world& of, const hostile_case& one, std::uint64_t seed);

} // namespace blockferry::hostile
