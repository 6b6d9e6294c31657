#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace blockferry {

/// A rate over the last ten seconds, from increments at known times.  A plain class: the caller
/// brings the time, and says first when measuring begins.
class rate_meter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  void add(time_point now, std::uint64_t amount) {
    samples_.push_back({now, amount});
    forget(now);
  }
  /// Per second; unknown before the first second has passed.
  [[nodiscard]] std::optional<double> per_second(time_point now) {
    forget(now);
    const auto span = std::min<std::chrono::duration<double>>(now - first_, window);
    if (span < std::chrono::seconds{1})
      return std::nullopt;
    std::uint64_t sum = 0;
    for (const auto& one : samples_)
      sum += one.amount;
    return static_cast<double>(sum) / span.count();
  }
  /// Measuring begins here.
  void begin(time_point now) { first_ = now; }

private:
  static constexpr std::chrono::seconds window{10};
  struct sample {
    time_point at;
    std::uint64_t amount;
  };
  void forget(time_point now) {
    while (!samples_.empty() && now - samples_.front().at > window)
      samples_.pop_front();
  }

  std::deque<sample> samples_;
  time_point first_;
};

/// Whole seconds in which so much is done at this rate; unknown where the rate is, or is nothing.
[[nodiscard]] inline std::optional<std::uint64_t> seconds_for(std::uint64_t amount,
                                                              std::optional<double> per_second) {
  if (!per_second || *per_second <= 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(static_cast<double>(amount) / *per_second);
}

} // namespace blockferry
