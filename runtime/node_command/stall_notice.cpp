#include "runtime/node_command/stall_notice.hpp"

#include <algorithm>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr std::chrono::seconds lasting{1};
constexpr std::chrono::minutes interval{1};

} // namespace

bool stall_notice::enter(const phase_changed& news, time_point now) {
  now_ = news.phase == node_phase::stalled ? news.why : std::nullopt;
  began_ = now;
  return std::exchange(told_, false) && news.phase < node_phase::draining;
}

std::optional<stall_notice::time_point> stall_notice::next_due() const {
  if (!now_ || told_)
    return std::nullopt;
  return last_ ? std::max(began_ + lasting, *last_ + interval) : began_ + lasting;
}

std::optional<stall> stall_notice::due(time_point now) {
  const auto at = next_due();
  if (!at || now < *at)
    return std::nullopt;
  told_ = true;
  last_ = now;
  return now_;
}

} // namespace blockferry::runtime
