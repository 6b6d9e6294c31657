#pragma once

#include <chrono>
#include <cstdint>

namespace blockferry::runtime {

/// Ends what is too slow: in each stretch of `stretch` a transfer has to bring its share of
/// `bytes_per_second`.  libcurl's own watch counts in seconds, and not before a connection stands.
class speed_watch {
public:
  using clock = std::chrono::steady_clock;

  speed_watch(std::chrono::milliseconds stretch, std::uint32_t bytes_per_second)
      : stretch_(stretch), bytes_min_(static_cast<std::uint64_t>(bytes_per_second) *
                                      static_cast<std::uint64_t>(stretch.count()) / 1'000) {}

  /// Whether a stretch has passed with too few bytes; `bytes` is the count since the beginning.
  [[nodiscard]] bool too_slow(clock::time_point now, std::uint64_t bytes) {
    if (stretch_.count() == 0 || now < from_ + stretch_)
      return false;
    if (bytes - bytes_then_ < bytes_min_ || bytes == bytes_then_)
      return true;
    begin(now, bytes);
    return false;
  }

  /// A new stretch: a transfer that our own limit held up is not slow.
  void begin(clock::time_point now, std::uint64_t bytes) {
    from_ = now;
    bytes_then_ = bytes;
  }

  /// When to look again.
  [[nodiscard]] clock::time_point due() const {
    return stretch_.count() == 0 ? clock::time_point::max() : from_ + stretch_;
  }

private:
  std::chrono::milliseconds stretch_;
  std::uint64_t bytes_min_;
  clock::time_point from_ = clock::now();
  std::uint64_t bytes_then_ = 0;
};

} // namespace blockferry::runtime
