#pragma once

#include "messages/transfers.hpp"
#include "runtime/transport/address_rules.hpp"
#include "runtime/transport/curl_transport.hpp"
#include "runtime/transport/origin.hpp"
#include "runtime/transport/rate_limit.hpp"
#include "runtime/transport/response.hpp"
#include "runtime/transport/speed_watch.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace blockferry::runtime {

/// One transfer that libcurl has in hand.
struct transfer {
  transfer(const transfer_request& asked, std::string to, scheme with, reach allowed,
           std::shared_ptr<buffer_pool> pool, rate_limit& shared_limit, speed_watch slowest)
      : request(asked), url(std::move(to)), how(with), may_reach(allowed),
        answer(asked, std::move(pool)), limit(shared_limit), watch(slowest) {}
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  transfer_request request;
  std::string url;
  scheme how;
  reach may_reach;
  response answer;
  rate_limit& limit;
  speed_watch watch;
  rate_limit::clock::time_point begun = rate_limit::clock::now();
  rate_limit::clock::time_point due = rate_limit::clock::time_point::max(); ///< its deadline
  bool paused = false;                                                      ///< by the rate limit
  bool address_refused = false;
  bool stalled = false;    ///< ended because its peer was too slow, or over its deadline
  void* handle = nullptr;  ///< of `curl_calls`
  void* headers = nullptr; ///< likewise
  std::array<char, 256> error{};
};

/// libcurl's multi interface, behind a header without libcurl.  One thread; `wake` from any.
class curl_calls {
public:
  /// `ca_file` stands for an empty one in the options.
  curl_calls(const curl_options& options, std::string ca_file);
  ~curl_calls();
  curl_calls(const curl_calls&) = delete;
  curl_calls& operator=(const curl_calls&) = delete;

  /// Prepares libcurl for this process, once and for good: a host may use it as well.
  [[nodiscard]] static bool ready();
  [[nodiscard]] static std::string version();
  /// The CA file that libcurl was built for; empty if none.
  [[nodiscard]] static std::string system_ca_file();
  /// Whether libcurl takes every option; one that it does not know would be a hole.
  [[nodiscard]] bool takes_options() const;

  /// Begins a transfer, which must stay where it is until it is removed; false: it cannot.
  [[nodiscard]] bool add(transfer& one);
  /// Takes a transfer out at once, whatever it waits for.  One that stalled closes its connection.
  void remove(transfer& one);
  /// Lets a transfer go on that the rate limit held up.
  void resume(transfer& one);
  /// Does what can be done without waiting, and returns what ended; an error of libcurl is in its
  /// `answer` then, unless that was settled before.
  [[nodiscard]] std::vector<transfer*> perform();
  void wait(std::chrono::milliseconds most);
  void wake();

private:
  bool prepare(transfer& one);

  const curl_options options_;
  const std::string ca_file_;
  void* multi_;
};

} // namespace blockferry::runtime
