#include "tests/support/scripted_cdn.hpp"

#include "chain/latest.hpp"
#include "chain/wire.hpp"

#include <algorithm>
#include <utility>

namespace blockferry::testing {
namespace {

chain::byte_buffer latest_of(std::uint64_t exclusive_height) {
  const std::string text = "{\"exclusive_height\":" + std::to_string(exclusive_height) + "}";
  chain::byte_buffer out;
  chain::append_le(out, std::uint64_t{text.size()});
  out.insert(out.end(), text.begin(), text.end());
  return out;
}

} // namespace

answer body_of(chain::byte_buffer bytes) {
  transfer_body out;
  out.bytes = payload{std::make_shared<const chain::byte_buffer>(std::move(bytes))};
  out.status = 200;
  return out;
}

answer failing(errc code, std::optional<std::chrono::milliseconds> retry_after) {
  transfer_failure out;
  out.why = {code, std::string{to_string(code)} + " by script"};
  out.retry_after = retry_after;
  return tl::make_unexpected(std::move(out));
}

void scripted_cdn::serve(mirror_id mirror, const plain_chain& chain, std::uint64_t end) {
  end = std::min<std::uint64_t>(end, chain.size());
  for (height_t start = 0; start < end; start += blocks_per_file)
    mirrors_[mirror].files[start] = chain.file(start, end);
  mirrors_[mirror].exclusive_height = end;
}

void scripted_cdn::put_file(mirror_id mirror, height_t file_start, chain::byte_buffer bytes) {
  mirrors_[mirror].files[file_start] = std::move(bytes);
}

void scripted_cdn::remove_file(mirror_id mirror, height_t file_start) {
  mirrors_[mirror].files.erase(file_start);
}

void scripted_cdn::advertise(mirror_id mirror, std::optional<std::uint64_t> exclusive_height) {
  mirrors_[mirror].exclusive_height = exclusive_height;
}

void scripted_cdn::next_answer(mirror_id mirror, std::optional<height_t> file_start,
                               answer outcome) {
  mirrors_[mirror].next[file_start].push_back(std::move(outcome));
}

void scripted_cdn::break_mirror(mirror_id mirror, answer outcome) {
  mirrors_[mirror].broken = std::move(outcome);
}

void scripted_cdn::recover(mirror_id mirror) {
  mirrors_[mirror].broken.reset();
}

void scripted_cdn::answer_at_once(bool at_once) {
  at_once_ = at_once;
}

void scripted_cdn::hold(mirror_id mirror, bool held) {
  mirrors_[mirror].held = held;
}

answer scripted_cdn::usual(const transfer_request& request) {
  mirror_script& mirror = mirrors_[request.mirror];
  if (mirror.broken)
    return *mirror.broken;
  if (auto& next = mirror.next[request.file_start]; !next.empty()) {
    answer out = std::move(next.front());
    next.pop_front();
    return out;
  }
  if (!request.file_start) {
    if (!mirror.exclusive_height)
      return failing(errc::cdn_not_found);
    answer out = body_of(latest_of(*mirror.exclusive_height));
    out->etag = std::to_string(*mirror.exclusive_height);
    if (out->etag == request.if_none_match) {
      out->not_modified = true;
      out->bytes = {};
      out->status = 304;
    }
    return out;
  }
  const auto file = mirror.files.find(*request.file_start);
  return file == mirror.files.end() ? failing(errc::cdn_not_found) : body_of(file->second);
}

void scripted_cdn::deliver(const transfer_request& request, answer outcome) {
  transfer_result out;
  out.id = request.id;
  out.mirror = request.mirror;
  out.duration = std::chrono::milliseconds{10};
  out.finished_at_ms = 1'700'000'000'000;
  const std::string name =
      request.file_start ? std::to_string(*request.file_start) : std::string{"latest.json"};
  if (outcome && outcome->bytes.size() > request.bytes_max) {
    const auto announced = outcome->bytes.size();
    outcome = failing(errc::cdn_too_large);
    outcome.error().bytes_needed = announced;
  }
  if (outcome) {
    outcome->url = "scripted://" + std::to_string(request.mirror) + "/" + name;
    out.bytes_received = outcome->bytes.size();
  }
  out.outcome = std::move(outcome);
  deliver_(std::move(out));
}

void scripted_cdn::finish(transfer_id id) {
  finish(id, usual(waiting_.at(id)));
}

void scripted_cdn::finish(transfer_id id, answer outcome) {
  const auto request = waiting_.extract(id).mapped();
  deliver(request, std::move(outcome));
}

void scripted_cdn::finish_all() {
  while (!waiting_.empty())
    finish(waiting_.begin()->first);
}

std::size_t scripted_cdn::requests_for(mirror_id mirror, std::optional<height_t> file) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(requests_, [&](const transfer_request& one) {
        return one.mirror == mirror && one.file_start == file;
      }));
}

void scripted_cdn::connect(std::function<void(transfer_result)> deliver) {
  deliver_ = std::move(deliver);
}

void scripted_cdn::start(const transfer_request& request) {
  requests_.push_back(request);
  if (at_once_ && !mirrors_[request.mirror].held)
    deliver(request, usual(request));
  else
    waiting_[request.id] = request;
}

void scripted_cdn::cancel(transfer_id id) {
  ++cancelled_;
  if (deliver_cancelled_ && waiting_.contains(id))
    return finish(id);
  waiting_.erase(id);
}

} // namespace blockferry::testing
