#include "tests/unit/runtime/transport/transfer_run.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <utility>

namespace blockferry::runtime {

transfer_run::transfer_run(const curl_options& options) {
  auto made = make_curl_transport(options);
  if (!made)
    throw std::runtime_error(made.error().message);
  transport_ = std::move(*made);
  transport_->connect([this](transfer_result result) {
    const std::lock_guard lock{mutex_};
    const transfer_id id = result.id;
    BOOST_CHECK_MESSAGE(results_.emplace(id, std::move(result)).second, "two results for one");
    arrived_.notify_all();
  });
}

curl_options transfer_run::quick(std::vector<std::string> origins) {
  curl_options out;
  out.origins = std::move(origins);
  out.connect_timeout = std::chrono::seconds{20};
  out.low_speed_time = std::chrono::seconds{20};
  return out;
}

transfer_id transfer_run::start(transfer_request request) {
  request.id = ++last_;
  transport_->start(request);
  return request.id;
}

transfer_id transfer_run::start(std::optional<chain::height_t> file_start, mirror_id mirror) {
  transfer_request request;
  request.mirror = mirror;
  request.file_start = file_start;
  request.bytes_max = bytes_max;
  request.deadline = deadline;
  return start(request);
}

transfer_result transfer_run::wait(transfer_id id) {
  std::unique_lock lock{mutex_};
  if (!arrived_.wait_for(lock, std::chrono::seconds{60}, [&] { return results_.contains(id); }))
    throw std::runtime_error("no result within a minute");
  return results_.at(id);
}

bool transfer_run::has(transfer_id id) {
  const std::lock_guard lock{mutex_};
  return results_.contains(id);
}

std::optional<errc> class_of(const transfer_result& result) {
  return result.outcome ? std::nullopt : std::optional{result.outcome.error().why.code};
}

} // namespace blockferry::runtime
