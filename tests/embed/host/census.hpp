#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include <caf/actor_system.hpp>

namespace host {

/// What the process has, so that "nothing left behind" can be counted.
struct census {
  std::size_t threads = 0;
  std::size_t descriptors = 0;
  std::string signals;           ///< masks of ignored and caught signals, as the kernel shows them
  const void* logger = nullptr;  ///< spdlog's default
  void (*terminate)() = nullptr; ///< std::terminate's handler
  friend bool operator==(const census&, const census&) = default;
};

[[nodiscard]] census take_census();
[[nodiscard]] std::string to_string(const census& one);

/// What an actor system has.
struct population {
  std::size_t actors = 0;
  std::size_t names = 0; ///< in the registry
  friend bool operator==(const population&, const population&) = default;
};

[[nodiscard]] population count(caf::actor_system& system);

/// Counts until it gives `wanted`, for what has been told to end is gone a moment later; at most
/// 10 s, then as it is.
template <class Count, class Wanted>
[[nodiscard]] Wanted settled(Count count, const Wanted& wanted) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  Wanted now = count();
  while (!(now == wanted) && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
    now = count();
  }
  return now;
}

} // namespace host
