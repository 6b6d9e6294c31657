#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace blockferry::runtime {

/// A token bucket that all transfers draw from: over any time t at most rate * t bytes, plus a
/// tenth of a second's worth and one piece a transfer.  Thread-safe.
class rate_limit {
public:
  using clock = std::chrono::steady_clock;

  /// 0: no limit.
  explicit rate_limit(std::uint64_t bytes_per_second) : rate_(bytes_per_second) {}

  [[nodiscard]] bool limited() const noexcept { return rate_ != 0; }
  [[nodiscard]] std::uint64_t bytes_per_second() const noexcept { return rate_; }

  /// Bytes that came; they may leave a debt.
  void spend(std::uint64_t bytes) {
    const std::lock_guard lock{mutex_};
    level_ -= static_cast<double>(bytes);
  }

  /// How long from `now` until the next byte may come; 0: now.
  [[nodiscard]] clock::duration wait(clock::time_point now) {
    if (!limited())
      return {};
    const std::lock_guard lock{mutex_};
    const double rate = static_cast<double>(rate_);
    level_ = std::min(rate / 10, level_ + rate * std::chrono::duration<double>(now - at_).count());
    at_ = now;
    if (level_ >= 0)
      return {};
    return std::chrono::duration_cast<clock::duration>(
        std::chrono::duration<double>(-level_ / rate));
  }

private:
  const std::uint64_t rate_;
  std::mutex mutex_;
  double level_ = 0; ///< bytes
  clock::time_point at_ = clock::now();
};

} // namespace blockferry::runtime
