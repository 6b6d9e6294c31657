#pragma once

#include "chain/signers/signer_cache.hpp"

#include <array>
#include <atomic>
#include <memory>

namespace blockferry::chain {

/// Signer caches for any number of threads, without a lock: a call borrows one that is idle, or
/// makes one.  As many are kept as calls ever ran at once, at most `idle_max`.
class signer_pool {
public:
  static constexpr std::size_t idle_max = 64;

  signer_pool() = default;
  signer_pool(const signer_pool&) = delete;
  signer_pool& operator=(const signer_pool&) = delete;
  ~signer_pool() {
    for (auto& place : idle_)
      delete place.load();
  }

  /// Any thread; give it back by `put`.
  [[nodiscard]] std::unique_ptr<signer_cache> take() {
    for (auto& place : idle_)
      if (signer_cache* found = place.exchange(nullptr))
        return std::unique_ptr<signer_cache>{found};
    return std::make_unique<signer_cache>();
  }
  /// Any thread.
  void put(std::unique_ptr<signer_cache> cache) {
    for (auto& place : idle_) {
      signer_cache* expected_idle = nullptr;
      if (place.compare_exchange_strong(expected_idle, cache.get())) {
        static_cast<void>(cache.release());
        return;
      }
    }
  }

private:
  std::array<std::atomic<signer_cache*>, idle_max> idle_{};
};

} // namespace blockferry::chain
