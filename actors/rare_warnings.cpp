#include "actors/rare_warnings.hpp"

#include <utility>

namespace blockferry {
namespace {

constexpr std::chrono::minutes interval{1};

} // namespace

std::optional<std::string> rare_warnings::admit(limit& of, time_point now) {
  if (of.told && now < *of.told + interval) {
    ++of.left_out;
    return std::nullopt;
  }
  of.told = now;
  const auto left_out = std::exchange(of.left_out, 0);
  return left_out == 0 ? "" : " (and " + std::to_string(left_out) + " like it before)";
}

void rare_warnings::refused(const bundle_refused& news, time_point now) {
  const auto more = admit(refusals_[news.source.mirror], now);
  if (more && log_)
    log_->warn("BF201 refused file {} from {}: {}{}", news.file_start, news.source.url,
               news.why.message, *more);
}

void rare_warnings::hold_against_clock(height_t height, std::int64_t timestamp,
                                       std::int64_t clock_ms, time_point now) {
  if (timestamp <= clock_ms / 1000)
    return;
  const auto more = admit(ahead_, now);
  if (more && log_)
    log_->warn("BF204 the timestamp of block {} is {} s ahead of this machine's clock; the block "
               "counts all the same, see to the clock{}",
               height, timestamp - clock_ms / 1000, *more);
}

} // namespace blockferry
