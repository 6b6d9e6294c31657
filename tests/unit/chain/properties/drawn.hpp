#pragma once

#include "chain/math/kernels.hpp"

#include <random>

namespace blockferry::chain::tests {

/// What a property is tried on, from the seed that it draws: every third number is one at an edge.
class drawn {
public:
  explicit drawn(std::uint64_t seed) : random_{seed} {}

  [[nodiscard]] std::size_t below(std::size_t end) { return random_() % end; }
  [[nodiscard]] std::uint64_t limb() {
    constexpr std::uint64_t edges[] = {0, 1, ~std::uint64_t{0}, std::uint64_t{1} << 63};
    return below(3) == 0 ? edges[below(std::size(edges))] : random_();
  }
  [[nodiscard]] field element() {
    const field small = field::from(below(3));
    switch (below(6)) {
    case 0:
      return small;
    case 1:
      return -small;
    default:
      return field::from_number({limb(), limb(), limb(), limb()});
    }
  }
  /// Below R.
  [[nodiscard]] std::array<std::uint64_t, 4> scalar() {
    return {limb(), limb(), limb(), limb() >> 6};
  }

private:
  std::mt19937_64 random_;
};

/// Selects a code path for as long as it lives.
class path_selection {
public:
  explicit path_selection(cpu_path path) : before_{active_cpu_path()} { set_active_cpu_path(path); }
  path_selection(const path_selection&) = delete;
  path_selection& operator=(const path_selection&) = delete;
  ~path_selection() { set_active_cpu_path(before_); }

private:
  cpu_path before_;
};

/// Calls `check()` on each path that the machine has.
template <class Check>
void on_every_path(Check check) {
  for (const cpu_path path : all_cpu_paths)
    if (machine_has(path)) {
      const path_selection selected{path};
      check();
    }
}

} // namespace blockferry::chain::tests
