#include "actors/tip_polls.hpp"

#include "chain/latest.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {

std::vector<transfer_request> tip_polls::begin_due(time_point now, bool again,
                                                   transfer_id& last_id) {
  std::vector<transfer_request> out;
  for (mirror_id id = 0; id < polls_.size(); ++id) {
    poll& one = polls_[id];
    if (one.running || now < one.due || (one.answered && !again))
      continue;
    one.running = true;
    transfer_request request;
    request.id = ++last_id;
    request.mirror = id;
    request.bytes_max = limits::latest_bytes_max;
    request.deadline = wait_.latest_deadline;
    request.if_none_match = one.etag;
    request.if_modified_since = one.last_modified;
    out.push_back(std::move(request));
  }
  return out;
}

void tip_polls::take(mirror_id mirror, transfer_result& result, time_point now,
                     mirror_book& mirrors, std::mt19937_64& random) {
  poll& one = polls_[mirror];
  one.running = false;
  if (!result.outcome) {
    const auto& error = result.outcome.error();
    return failed(mirror, error.why, error.retry_after, now, mirrors, random);
  }
  transfer_body& body = *result.outcome;
  if (!body.not_modified) {
    const auto exclusive = chain::parse_latest(body.bytes.view());
    if (!exclusive)
      return failed(mirror, {errc::cdn_bad_latest, body.url + ": " + exclusive.error()},
                    std::nullopt, now, mirrors, random);
    if (*exclusive > 0)
      mirrors.advertises(mirror, std::min(*exclusive - 1, limits::height_max));
    one.etag = std::move(body.etag);
    one.last_modified = std::move(body.last_modified);
  }
  one.answered = true;
  one.failures = 0;
  one.due =
      now + milliseconds{std::uniform_int_distribution<std::int64_t>{
                wait_.poll_interval.count() * 3 / 4, wait_.poll_interval.count() * 5 / 4}(random)};
  mirrors.polled(mirror, "", one.due);
}

void tip_polls::failed(mirror_id mirror, const failure& why,
                       std::optional<milliseconds> retry_after, time_point now,
                       mirror_book& mirrors, std::mt19937_64& random) {
  poll& one = polls_[mirror];
  one.last_failure = why;
  // Not at once: nothing but the next look can come of it, and looks are cheap to make too often.
  one.due = now + std::max(back_off(wait_, ++one.failures, random), wait_.backoff_first / 2);
  if (retry_after)
    one.due = std::max(
        one.due, now + std::clamp(*retry_after, wait_.retry_after_min, wait_.retry_after_max));
  mirrors.polled(mirror, why.message, one.due);
}

void tip_polls::put_off(mirror_id mirror, time_point when) {
  polls_[mirror].due = std::max(polls_[mirror].due, when);
}

std::size_t tip_polls::answered() const {
  return static_cast<std::size_t>(std::ranges::count_if(polls_, &poll::answered));
}

std::optional<failure> tip_polls::all_failing() const {
  if (polls_.empty() ||
      std::ranges::any_of(polls_, [](const poll& one) { return one.failures == 0; }))
    return std::nullopt;
  return polls_.front().last_failure;
}

std::optional<time_point> tip_polls::next_due(bool again) const {
  std::optional<time_point> out;
  for (const poll& one : polls_)
    if (!one.running && (again || !one.answered))
      out = out ? std::min(*out, one.due) : one.due;
  return out;
}

} // namespace blockferry
