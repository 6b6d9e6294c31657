#pragma once

#include "chain/checks.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::differential {

/// What the reference checker said of one mutant.
struct verdict {
  std::uint64_t seed = 0;
  std::string digest;
  enum class kind : std::uint8_t {
    accepted,
    malformed,
    refused, ///< `checks` do not hold
    unknown, ///< the checker itself failed
  };
  kind said = kind::unknown;
  std::vector<std::string> codes;
};

/// Those of the mutants of one block.
struct block_verdicts {
  std::string chain; ///< its folder
  std::uint32_t height = 0;
  std::vector<verdict> mutants;
};

/// Reads what make_verdicts.py wrote; throws std::runtime_error where it did not write that.
[[nodiscard]] std::vector<block_verdicts> read_verdicts(const std::string& path);

/// The checks of ours that a code of the reference checker's stands for.
[[nodiscard]] chain::check_set checks_of_code(std::string_view code);

} // namespace blockferry::differential
