#include "actors/file_jobs.hpp"

#include <algorithm>

namespace blockferry {

std::uint64_t file_job::window_bytes() const {
  std::uint64_t sum = held_bytes;
  for (const auto& [id, transfer] : transfers)
    sum += transfer.reserved_bytes;
  for (const auto& waiting : bodies)
    sum += waiting.body.bytes.size();
  return sum;
}

bool file_job::refused_everywhere(std::size_t mirrors, std::uint32_t rounds) const {
  return refusals.size() == mirrors &&
         std::ranges::all_of(refusals, [&](const auto& one) { return one.second.times >= rounds; });
}

file_job* file_jobs::by_transfer(transfer_id id) {
  for (auto& [start, job] : jobs_)
    if (job.transfers.contains(id))
      return &job;
  return nullptr;
}

file_job* file_jobs::by_ticket(bundle_ticket ticket) {
  for (auto& [start, job] : jobs_)
    if (job.ticket == ticket)
      return &job;
  return nullptr;
}

std::uint64_t file_jobs::used_behind_head() const {
  std::uint64_t sum = 0;
  for (auto job = jobs_.begin(); job != jobs_.end(); ++job)
    if (job != jobs_.begin())
      sum += job->second.window_bytes();
  return sum;
}

std::uint64_t file_jobs::window_bytes_used() const {
  return used_behind_head() + (jobs_.empty() ? 0 : jobs_.begin()->second.window_bytes());
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

std::optional<std::uint64_t> file_jobs::reserve(const file_job& job, bool again) const {
  const bool is_head = !jobs_.empty() && jobs_.begin()->second.file_start == job.file_start;
  if (is_head && !again)
    return bundle_bytes_ - std::min(bundle_bytes_, job.window_bytes());
  const std::uint64_t wanted = std::min(std::max(estimate(), job.bytes_needed), bundle_bytes_);
  const std::uint64_t shared = window_bytes_ - bundle_bytes_;
  const std::uint64_t extra = is_head ? job.window_bytes() : 0;
  const std::uint64_t room = shared + (is_head ? bundle_bytes_ : 0);
  if (used_behind_head() + extra + wanted > room)
    return std::nullopt;
  return wanted;
}

bool file_jobs::has_room_for_another() const {
  return used_behind_head() + estimate() <= window_bytes_ - bundle_bytes_;
}

void file_jobs::saw_size(std::uint64_t bytes) {
  usual_bytes_ = std::max(bytes, usual_bytes_ - usual_bytes_ / 8);
}

const waiting_body* agreed_body(const std::vector<waiting_body>& bodies, std::size_t must_agree) {
  constexpr std::size_t count_bytes = sizeof(std::uint64_t); // the blocks begin behind their count
  const auto blocks = [=](const waiting_body& one) {
    const auto view = one.body.bytes.view();
    return view.subspan(std::min(view.size(), count_bytes));
  };
  const waiting_body* best = nullptr;
  for (const auto& candidate : bodies) {
    const auto agrees = std::ranges::count_if(bodies, [&](const waiting_body& other) {
      const auto common = std::min(blocks(candidate).size(), blocks(other).size());
      return std::ranges::equal(blocks(candidate).first(common), blocks(other).first(common));
    });
    if (static_cast<std::size_t>(agrees) >= must_agree &&
        (best == nullptr || blocks(candidate).size() > blocks(*best).size()))
      best = &candidate;
  }
  return best;
}

} // namespace blockferry
