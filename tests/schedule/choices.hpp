#pragma once

#include <cstddef>
#include <cstdint>

namespace blockferry::schedule {

/// A schedule that takes more steps does not end.
inline constexpr std::size_t steps_max = 30'000;

/// What a choice is about: the upper half of its key; the lower says which.
enum key_base : std::uint64_t {
  arrives = 1ULL << 32,
  fails = 2ULL << 32,
  timer = 3ULL << 32,
  fault_now = 4ULL << 32
};

} // namespace blockferry::schedule
