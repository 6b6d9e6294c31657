#pragma once

#include <cstdint>
#include <iterator>
#include <random>

namespace blockferry::differential {

/// Numbers from a seed; the same everywhere, which the standard's distributions are not.
class chance {
public:
  explicit chance(std::uint64_t seed) : random_{seed} {}
  /// 0 .. end - 1; 0 if there is none.
  [[nodiscard]] std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }
  template <class List>
  [[nodiscard]] auto& one_of(List& list) {
    return list[below(std::size(list))];
  }
  [[nodiscard]] std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }

private:
  std::mt19937_64 random_;
};

} // namespace blockferry::differential
