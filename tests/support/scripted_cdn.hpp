#pragma once

#include "actors/transport.hpp"
#include "chain/bytes.hpp"
#include "tests/support/plain_chain.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace blockferry::testing {

/// What a transfer ends with.
using answer = tl::expected<transfer_body, transfer_failure>;

/// A whole body.
[[nodiscard]] answer body_of(chain::byte_buffer bytes);
/// A failure of this class.
[[nodiscard]] answer failing(errc code, std::optional<std::chrono::milliseconds> retry_after = {});

/// A transport without a network: mirrors hold files, and a test says what else happens.  One
/// thread only; results are delivered as messages, as from any transport.
class scripted_cdn final : public transport {
public:
  /// The file of latest.json in `next_answer`.
  static constexpr std::nullopt_t latest = std::nullopt;

  explicit scripted_cdn(std::size_t mirrors) : mirrors_(mirrors) {}

  /// What a mirror holds: everything below `end` of a chain, and a latest.json that says so.
  void serve(mirror_id mirror, const plain_chain& chain, std::uint64_t end);
  void put_file(mirror_id mirror, height_t file_start, chain::byte_buffer bytes);
  void remove_file(mirror_id mirror, height_t file_start);
  /// What its latest.json says; without it there is none.
  void advertise(mirror_id mirror, std::optional<std::uint64_t> exclusive_height);
  /// The next request for this file ends so, instead of with what the mirror holds; several queue.
  void next_answer(mirror_id mirror, std::optional<height_t> file_start, answer outcome);
  /// Every request to this mirror ends so, until `recover`.
  void break_mirror(mirror_id mirror, answer outcome);
  void recover(mirror_id mirror);

  /// Whether requests are answered as soon as they are made; otherwise they wait for `finish`.
  void answer_at_once(bool at_once);
  /// Requests to this mirror wait, even when others are answered at once.
  void hold(mirror_id mirror, bool held);
  [[nodiscard]] const std::map<transfer_id, transfer_request>& waiting() const noexcept {
    return waiting_;
  }
  /// Ends a waiting transfer as its mirror would, or as told.
  void finish(transfer_id id);
  void finish(transfer_id id, answer outcome);
  /// Ends all that wait.
  void finish_all();
  /// Results of cancelled transfers are delivered all the same, as if already on their way.
  void deliver_cancelled(bool late) { deliver_cancelled_ = late; }

  /// Every request so far, in order.
  [[nodiscard]] const std::vector<transfer_request>& requests() const noexcept { return requests_; }
  [[nodiscard]] std::size_t requests_for(mirror_id mirror, std::optional<height_t> file) const;
  [[nodiscard]] std::size_t cancelled() const noexcept { return cancelled_; }

  void connect(std::function<void(transfer_result)> deliver) override;
  void start(const transfer_request& request) override;
  void cancel(transfer_id id) override;

private:
  struct mirror_script {
    std::map<height_t, chain::byte_buffer> files;
    std::optional<std::uint64_t> exclusive_height;
    std::map<std::optional<height_t>, std::deque<answer>> next;
    std::optional<answer> broken;
    bool held = false;
  };
  [[nodiscard]] answer usual(const transfer_request& request);
  void deliver(const transfer_request& request, answer outcome);

  std::vector<mirror_script> mirrors_;
  std::function<void(transfer_result)> deliver_;
  std::map<transfer_id, transfer_request> waiting_;
  std::vector<transfer_request> requests_;
  std::size_t cancelled_ = 0;
  bool at_once_ = true;
  bool deliver_cancelled_ = false;
};

} // namespace blockferry::testing
