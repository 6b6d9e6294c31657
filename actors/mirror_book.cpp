#include "actors/mirror_book.hpp"

#include <algorithm>
#include <tuple>

namespace blockferry {
namespace {

/// From so many failures in a row on a mirror's circuit is open: it is asked by single probes.
constexpr std::uint32_t open_from_failures = 5;
constexpr double speed_weight = 0.3; ///< of the newest transfer in the average

} // namespace

mirror_book::mirror_book(std::vector<std::string> urls, const patience& wait) : wait_(wait) {
  for (auto& url : urls) {
    mirrors_.emplace_back();
    mirrors_.back().url = std::move(url);
  }
}

mirror_health mirror_book::health(const mirror& one, time_point now) const {
  if (one.quarantined_until && now < *one.quarantined_until)
    return mirror_health::quarantined;
  if (one.failures >= open_from_failures)
    return mirror_health::open;
  return one.failures > 0 ? mirror_health::failing : mirror_health::good;
}

std::optional<mirror_id> mirror_book::choose(time_point now,
                                             const std::set<mirror_id>& avoid) const {
  const auto rank = [&](const mirror& one) {
    return std::tuple{health(one, now), one.transfers, -one.bytes_per_second};
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

std::optional<time_point> mirror_book::next_chance(const std::set<mirror_id>& avoid) const {
  std::optional<time_point> earliest;
  for (mirror_id id = 0; id < mirrors_.size(); ++id) {
    if (avoid.contains(id))
      continue;
    const auto at = mirrors_[id].retry_at.value_or(time_point::min());
    earliest = earliest ? std::min(*earliest, at) : at;
  }
  return earliest;
}

void mirror_book::started(mirror_id id) {
  ++mirrors_[id].transfers;
}

void mirror_book::abandoned(mirror_id id) {
  --mirrors_[id].transfers;
}

void mirror_book::succeeded(mirror_id id, std::uint64_t bytes, milliseconds duration) {
  mirror& one = mirrors_[id];
  --one.transfers;
  one.failures = 0;
  one.retry_at.reset();
  one.bytes += bytes;
  const double seconds = std::max<double>(static_cast<double>(duration.count()), 1) / 1000;
  const double speed = static_cast<double>(bytes) / seconds;
  one.bytes_per_second = one.bytes_per_second == 0
                             ? speed
                             : speed_weight * speed + (1 - speed_weight) * one.bytes_per_second;
}

void mirror_book::back_off(mirror& one, time_point now, std::mt19937_64& random) const {
  ++one.failures;
  const auto doublings = std::min<std::uint32_t>(one.failures - 1, 16);
  const auto most = std::min(wait_.backoff_max.count(), wait_.backoff_first.count() << doublings);
  one.retry_at =
      now + milliseconds{std::uniform_int_distribution<std::int64_t>{most / 4, most}(random)};
}

void mirror_book::failed(mirror_id id, time_point now, const std::string& reason,
                         std::optional<milliseconds> retry_after, std::mt19937_64& random) {
  mirror& one = mirrors_[id];
  --one.transfers;
  one.reason = reason;
  back_off(one, now, random);
  if (retry_after)
    one.retry_at = std::max(*one.retry_at, now + std::clamp(*retry_after, wait_.retry_after_min,
                                                            wait_.retry_after_max));
}

void mirror_book::quarantine(mirror_id id, time_point now, const std::string& reason,
                             std::mt19937_64& random) {
  mirror& one = mirrors_[id];
  one.reason = reason;
  one.quarantined_until = now + wait_.quarantine;
  back_off(one, now, random);
}

void mirror_book::vindicated(mirror_id id) {
  mirrors_[id].quarantined_until.reset();
  mirrors_[id].failures = 0;
  mirrors_[id].retry_at.reset();
}

void mirror_book::advertises(mirror_id id, height_t tip) {
  mirror& one = mirrors_[id];
  // A tip that was capped counts again only when the mirror says something new.
  if (one.advertised != tip)
    one.tip = tip;
  one.advertised = tip;
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

std::optional<height_t> mirror_book::highest_tip() const {
  std::optional<height_t> out;
  for (const mirror& one : mirrors_)
    if (one.tip && (!out || *one.tip > *out))
      out = one.tip;
  return out;
}

bool mirror_book::may_have(mirror_id id, height_t height) const {
  const mirror& one = mirrors_[id];
  return !one.advertised || (one.tip && *one.tip >= height);
}

std::vector<mirror_status> mirror_book::status(time_point now) const {
  std::vector<mirror_status> out;
  for (const mirror& one : mirrors_) {
    mirror_status status;
    status.url = one.url;
    status.health = health(one, now);
    status.reason = one.reason;
    status.failures_in_a_row = one.failures;
    status.bytes_received = one.bytes;
    if (one.bytes_per_second > 0)
      status.bytes_per_second = static_cast<std::uint64_t>(one.bytes_per_second);
    status.tip = one.advertised;
    if (one.retry_at && *one.retry_at > now)
      status.retry_in_ms = std::chrono::duration_cast<milliseconds>(*one.retry_at - now).count();
    out.push_back(std::move(status));
  }
  return out;
}

} // namespace blockferry
