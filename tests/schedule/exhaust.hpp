#pragma once

#include "tests/schedule/voyage.hpp"

#include <functional>
#include <set>

namespace blockferry::schedule {

/// A small configuration of which every schedule can be explored.
struct configuration {
  const char* name;
  const char* what; ///< in words
  plan of;
};
[[nodiscard]] const std::vector<configuration>& configurations();

/// What was explored of a plan.
struct exploration {
  std::uint64_t runs = 0;
  std::uint64_t states = 0;
  std::uint64_t steps = 0;
  double schedules = 0;         ///< from start to end, that those runs stand for
  std::set<std::uint64_t> left; ///< each different end
  std::uint64_t failures = 0;
  bool to_the_end = false; ///< every schedule was explored
};

/// How a plan is explored.
struct exploring {
  bool merge = true;                      ///< schedules that meet in a state are one from there on
  std::vector<std::uint32_t> beginning{}; ///< of every schedule
  std::uint64_t schedules_max = ~std::uint64_t{0}; ///< not to the end if there are more
};

/// Explores every schedule of a plan.  `failed` is told each that breaks an invariant, and says
/// whether to go on.
[[nodiscard]] exploration exhaust(const plan& what, const exploring& how,
                                  const std::function<bool(const outcome&)>& failed);

} // namespace blockferry::schedule
