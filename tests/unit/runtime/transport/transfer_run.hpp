#pragma once

#include "runtime/transport/curl_transport.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

namespace blockferry::runtime {

/// A transport under test, and its results by transfer.
class transfer_run {
public:
  explicit transfer_run(const curl_options& options);

  /// Options for tests on loopback: no machine is so slow that a transfer times out by itself; a
  /// test of a time-out sets its own.
  [[nodiscard]] static curl_options quick(std::vector<std::string> origins);

  /// Begins a transfer of a file, or of latest.json, and returns its number.
  transfer_id start(std::optional<chain::height_t> file_start, mirror_id mirror = 0);
  /// The same for a request whose number is still to be given.
  transfer_id start(transfer_request request);
  void cancel(transfer_id id) { transport_->cancel(id); }
  /// The result of a transfer; fails the test if none comes within a minute.
  transfer_result wait(transfer_id id);
  transfer_result fetch(std::optional<chain::height_t> file_start, mirror_id mirror = 0) {
    return wait(start(file_start, mirror));
  }
  /// Whether a result is there already.
  [[nodiscard]] bool has(transfer_id id);
  /// Ends the transport.
  void stop() { transport_.reset(); }

  static constexpr std::chrono::milliseconds deadline{30'000};
  static constexpr std::uint64_t bytes_max = 4U << 20;

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<transfer_id, transfer_result> results_;
  transfer_id last_ = 0;
  std::shared_ptr<transport> transport_; ///< last: it delivers into the others
};

/// The class of a result's failure; none where it has a body.
[[nodiscard]] std::optional<errc> class_of(const transfer_result& result);

} // namespace blockferry::runtime
