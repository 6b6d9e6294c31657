#include "actors/file_jobs.hpp"

#include <algorithm>

namespace blockferry {

std::uint64_t file_job::window_bytes() const {
  std::uint64_t sum = supplied ? supplied->bytes : 0;
  for (const auto& [id, transfer] : transfers)
    sum += transfer.reserved_bytes;
  for (const auto& waiting : bodies)
    sum += waiting.body.bytes.size();
  return sum;
}

height_t file_job::needed_height() const {
  return whole ? file_start + (blocks_per_file - 1) : wanted.first;
}

std::set<mirror_id> file_job::avoided(const mirror_book& mirrors) const {
  auto out = tried;
  for (const auto& [id, transfer] : transfers)
    out.insert(transfer.mirror);
  for (const auto& one : bodies)
    out.insert(one.mirror);
  for (mirror_id id = 0; id < mirrors.size(); ++id)
    if (!mirrors.may_have(id, needed_height()))
      out.insert(id);
  return out;
}

void file_job::count_refusal(const bundle_refused& news) {
  const bool contradicts = news.why.code == errc::bundle_contradicts_store ||
                           (news.check && (news.check->which == chain::check::previous_hash ||
                                           news.check->which == chain::check::checkpoint));
  auto& count = refusals[news.source.mirror];
  count.times = count.sha256 == news.file_sha256 || contradicts ? count.times + 1 : 1;
  count.sha256 = news.file_sha256;
}

bool file_job::refused_everywhere(const mirror_book& mirrors, std::uint32_t rounds) const {
  for (mirror_id id = 0; id < mirrors.size(); ++id) {
    const auto found = refusals.find(id);
    const auto times = found == refusals.end() ? 0 : found->second.times;
    if (mirrors.may_have(id, needed_height()) && times < rounds)
      return false;
  }
  return !refusals.empty();
}

bool file_job::end_round(const mirror_book& mirrors) {
  if (!transfers.empty() || avoided(mirrors).size() < mirrors.size())
    return false;
  tried.clear();
  round_failed = true;
  return true;
}

file_jobs::file_jobs(std::uint64_t window_bytes, std::uint64_t bundle_bytes, std::size_t copies)
    : window_bytes_(window_bytes),
      // A third of the window is for the files behind the first.
      bundle_bytes_(std::min(bundle_bytes, (window_bytes - window_bytes / 3) / copies)),
      head_bytes_(bundle_bytes_ * copies) {}

file_job* file_jobs::by_transfer(transfer_id id) {
  for (auto& [start, job] : jobs_)
    if (job.transfers.contains(id))
      return &job;
  return nullptr;
}

file_job* file_jobs::by_ticket(bundle_ticket ticket) {
  for (auto& [start, job] : jobs_)
    if (job.supplied && job.supplied->ticket == ticket)
      return &job;
  return nullptr;
}

std::uint64_t file_jobs::used_by_head() const {
  return jobs_.empty() ? 0 : jobs_.begin()->second.window_bytes();
}

std::uint64_t file_jobs::used_behind_head() const {
  std::uint64_t sum = 0;
  for (auto job = jobs_.begin(); job != jobs_.end(); ++job)
    if (job != jobs_.begin())
      sum += job->second.window_bytes();
  return sum;
}

std::uint64_t file_jobs::window_bytes_used() const {
  return used_by_head() + used_behind_head();
}

std::uint32_t file_jobs::transfer_count() const {
  std::size_t sum = 0;
  for (const auto& [start, job] : jobs_)
    sum += job.transfers.size();
  return static_cast<std::uint32_t>(sum);
}

std::uint64_t file_jobs::estimate() const {
  const std::uint64_t wanted =
      usual_bytes_ == 0 ? limits::first_reservation_bytes : usual_bytes_ + usual_bytes_ / 2;
  return std::clamp(wanted, std::min(limits::reservation_bytes_min, bundle_bytes_), bundle_bytes_);
}

bool file_jobs::fits_behind_head(std::uint64_t bytes) const {
  const std::uint64_t behind = used_behind_head() + bytes;
  return behind <= window_bytes_ - head_bytes_ && used_by_head() + behind <= window_bytes_;
}

std::optional<std::uint64_t> file_jobs::reserve(const file_job& job) const {
  const std::uint64_t wanted = std::min(std::max(estimate(), job.bytes_needed), bundle_bytes_);
  const bool is_head = jobs_.begin()->second.file_start == job.file_start;
  if (!is_head)
    return fits_behind_head(wanted) ? std::optional{wanted} : std::nullopt;
  const std::uint64_t own = used_by_head();
  if (own + bundle_bytes_ <= head_bytes_)
    return bundle_bytes_; // what it is owed
  if (own + used_behind_head() + wanted <= window_bytes_)
    return wanted; // beside it: a hedge
  return std::nullopt;
}

bool file_jobs::has_room_for_another() const {
  return jobs_.empty() ||
         (jobs_.size() < limits::window_bundles_max && fits_behind_head(estimate()));
}

void file_jobs::saw_size(std::uint64_t bytes) {
  usual_bytes_ = std::max(bytes, usual_bytes_ - usual_bytes_ / 8);
}

} // namespace blockferry
