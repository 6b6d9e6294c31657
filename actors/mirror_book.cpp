#include "actors/mirror_book.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace blockferry {
namespace {

/// From so many files in a row that it should have and has not, a mirror's tip is doubted.
constexpr std::uint32_t doubted_from_missed = 3;
/// From so many failures in a row on a mirror's circuit is open: it is asked by single probes.
constexpr std::uint32_t open_from_failures = 5;
constexpr double speed_weight = 0.3; ///< of the newest transfer in the average

} // namespace

milliseconds back_off(const patience& wait, std::uint32_t failures, std::mt19937_64& random) {
  const auto doublings = std::min<std::uint32_t>(std::max<std::uint32_t>(failures, 1) - 1, 16);
  const auto most = std::min(wait.backoff_max.count(), wait.backoff_first.count() << doublings);
  return milliseconds{std::uniform_int_distribution<std::int64_t>{0, most}(random)};
}

void let_time_pass(std::vector<mirror_status>& mirrors, std::chrono::steady_clock::duration since) {
  const auto passed = std::chrono::duration_cast<milliseconds>(since).count();
  for (mirror_status& one : mirrors)
    one.retry_in_ms = std::max<std::int64_t>(one.retry_in_ms - passed, 0);
}

mirror_book::mirror_book(std::vector<std::string> urls, const patience& wait) : wait_(wait) {
  for (auto& url : urls) {
    mirrors_.emplace_back();
    mirrors_.back().url = std::move(url);
  }
}

mirror_health mirror_book::health(const mirror& one, time_point now) const {
  if (one.quarantined_at && now < *one.quarantined_at + wait_.quarantine)
    return mirror_health::quarantined;
  if (one.failures >= open_from_failures)
    return mirror_health::open;
  const bool failing = one.failures > 0 || one.setbacks > 0 || one.poll_failures > 0;
  return failing ? mirror_health::failing : mirror_health::good;
}

std::optional<mirror_id> mirror_book::choose(time_point now,
                                             const std::set<mirror_id>& avoid) const {
  // One that was never tried is taken for as fast as the fastest.
  const auto fastest = std::ranges::max(mirrors_, {}, &mirror::bytes_per_second).bytes_per_second;
  const auto rank = [&](const mirror& one) {
    const double speed = one.bytes_per_second > 0 ? one.bytes_per_second : std::max(fastest, 1.0);
    return std::tuple{health(one, now), (one.transfers + 1) / speed};
  };
  std::optional<mirror_id> best;
  for (mirror_id id = 0; id < mirrors_.size(); ++id) {
    const mirror& one = mirrors_[id];
    const bool probing = one.failures >= open_from_failures && one.transfers > 0;
    if (avoid.contains(id) || probing || (one.retry_at && now < *one.retry_at))
      continue;
    if (!best || rank(one) < rank(mirrors_[*best]))
      best = id;
  }
  return best;
}

std::optional<time_point> mirror_book::next_chance(time_point now,
                                                   const std::set<mirror_id>& avoid) const {
  std::optional<time_point> earliest;
  for (mirror_id id = 0; id < mirrors_.size(); ++id) {
    const auto at = mirrors_[id].retry_at;
    if (!avoid.contains(id) && at && *at > now)
      earliest = earliest ? std::min(*earliest, *at) : *at;
  }
  return earliest;
}

void mirror_book::started(mirror_id id) {
  ++mirrors_[id].transfers;
}

void mirror_book::abandoned(mirror_id id) {
  --mirrors_[id].transfers;
}

void mirror_book::outpaced(mirror_id id) {
  mirrors_[id].bytes_per_second *= 1 - speed_weight;
  abandoned(id);
}

void mirror_book::succeeded(mirror_id id, std::uint64_t bytes, milliseconds duration) {
  mirror& one = mirrors_[id];
  --one.transfers;
  one.failures = 0;
  if (one.setbacks == 0)
    one.retry_at = one.told_until;
  one.bytes += bytes;
  const double seconds = std::max<double>(static_cast<double>(duration.count()), 1) / 1000;
  const double speed = static_cast<double>(bytes) / seconds;
  one.bytes_per_second = one.bytes_per_second == 0
                             ? speed
                             : speed_weight * speed + (1 - speed_weight) * one.bytes_per_second;
}

void mirror_book::wait(mirror& one, time_point now, std::mt19937_64& random) const {
  one.retry_at = now + back_off(wait_, one.failures + one.setbacks, random);
}

void mirror_book::failed(mirror_id id, time_point now, const std::string& reason,
                         std::optional<milliseconds> retry_after, std::mt19937_64& random) {
  mirror& one = mirrors_[id];
  --one.transfers;
  ++one.failures;
  one.reason = reason;
  wait(one, now, random);
  if (!retry_after)
    return;
  one.told_until = now + std::clamp(*retry_after, wait_.retry_after_min, wait_.retry_after_max);
  one.retry_at = std::max(*one.retry_at, *one.told_until);
}

void mirror_book::set_back(mirror_id id, time_point now, const std::string& reason,
                           std::mt19937_64& random) {
  mirror& one = mirrors_[id];
  one.reason = reason;
  ++one.setbacks;
  wait(one, now, random);
}

void mirror_book::quarantine(mirror_id id, time_point now, const std::string& reason,
                             std::mt19937_64& random) {
  mirrors_[id].quarantined_at = now;
  set_back(id, now, reason, random);
}

void mirror_book::vindicated(mirror_id id, time_point asked_at) {
  mirror& one = mirrors_[id];
  if (one.quarantined_at && asked_at <= *one.quarantined_at)
    return;
  one.quarantined_at.reset();
  if (std::exchange(one.setbacks, 0) > 0 && one.failures == 0)
    one.retry_at = one.told_until;
}

void mirror_book::polled(mirror_id id, const std::string& reason, time_point next_look) {
  mirror& one = mirrors_[id];
  one.next_look = next_look;
  if (reason.empty()) {
    one.poll_failures = 0;
    return;
  }
  ++one.poll_failures;
  one.reason = reason;
}

void mirror_book::advertises(mirror_id id, height_t tip) {
  mirror& one = mirrors_[id];
  if (one.said == tip)
    return;
  one.said = tip;
  const bool found_wrong = doubted(one) || one.tip != one.advertised;
  if (one.advertised && tip < *one.advertised && !found_wrong)
    return;
  one.advertised = one.tip = tip;
  one.missed = 0;
}

void mirror_book::lacks(mirror_id id, height_t height) {
  mirror& one = mirrors_[id];
  if (!one.tip || *one.tip < height)
    return;
  if (height == 0)
    one.tip.reset();
  else
    one.tip = height - 1;
}

void mirror_book::misses(mirror_id id, height_t height) {
  mirror& one = mirrors_[id];
  if (!one.tip || *one.tip < height)
    return;
  one.missed_from = one.missed == 0 ? height : std::min(one.missed_from, height);
  ++one.missed;
}

/// Blocks below what it lacked say nothing of its tip, however many of them it serves.
void mirror_book::has(mirror_id id, height_t height) {
  mirror& one = mirrors_[id];
  if (height >= one.missed_from)
    one.missed = 0;
}

bool mirror_book::doubted(const mirror& one) {
  return one.missed >= doubted_from_missed;
}

std::optional<height_t> mirror_book::highest_tip(std::size_t agreeing) const {
  std::vector<height_t> tips;
  for (const bool also_doubted : {false, true})
    if (tips.size() < agreeing)
      for (const mirror& one : mirrors_)
        if (one.tip && doubted(one) == also_doubted)
          tips.push_back(*one.tip);
  if (tips.size() < agreeing)
    return std::nullopt;
  std::ranges::sort(tips, std::greater{});
  return tips[agreeing - 1];
}

bool mirror_book::may_have(mirror_id id, height_t height) const {
  const mirror& one = mirrors_[id];
  return !one.advertised || (one.tip && *one.tip >= height);
}

bool mirror_book::ends_by(mirror_id id, height_t height) const {
  const mirror& one = mirrors_[id];
  return !one.advertised || *one.advertised <= height;
}

std::optional<height_t> mirror_book::missing_tip_above(height_t height) const {
  std::optional<height_t> out;
  for (const mirror& one : mirrors_)
    if (one.advertised && *one.advertised > height && (one.tip != one.advertised || doubted(one)))
      out = std::max(out.value_or(0), *one.advertised);
  return out;
}

std::vector<mirror_status> mirror_book::status(time_point now) const {
  std::vector<mirror_status> out;
  for (const mirror& one : mirrors_) {
    mirror_status status;
    status.url = one.url;
    status.health = health(one, now);
    status.reason = one.reason;
    status.failures_in_a_row = one.failures + one.setbacks + one.poll_failures;
    status.bytes_received = one.bytes;
    if (one.bytes_per_second > 0)
      status.bytes_per_second = static_cast<std::uint64_t>(one.bytes_per_second);
    status.tip = one.said;
    // A mirror of which no more is known than that its latest.json fails waits for the next look.
    const auto waits_until = one.retry_at && *one.retry_at > now ? *one.retry_at
                             : one.poll_failures > 0             ? one.next_look
                                                                 : now;
    status.retry_in_ms =
        std::chrono::duration_cast<milliseconds>(std::max(waits_until, now) - now).count();
    out.push_back(std::move(status));
  }
  return out;
}

} // namespace blockferry
