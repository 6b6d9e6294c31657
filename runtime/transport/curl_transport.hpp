#pragma once

#include "actors/transport.hpp"
#include "messages/errors.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace blockferry::runtime {

/// How transfers reach their mirrors.
struct curl_options {
  /// Base URLs in the order of their `mirror_id`: `http`, `https` or `file`.  The scheme written
  /// here is the only one that mirror may use.
  std::vector<std::string> origins;
  /// Permits loopback, link-local and private addresses behind host names; an origin whose host is
  /// written as such an address or as `localhost` needs no permission.
  bool allow_private = false;
  std::string proxy;   ///< URL; empty: none, whatever the environment says
  std::string ca_file; ///< PEM bundle; empty: the system's
  std::uint32_t connections = 8;
  std::uint64_t bytes_per_second_max = 0; ///< of all transfers together; 0: no limit
  std::chrono::milliseconds connect_timeout{10'000};
  /// A transfer slower than `low_speed_bytes` a second for so long is ended.
  std::chrono::milliseconds low_speed_time{20'000};
  std::uint32_t low_speed_bytes = 1'024;
};

/// The transport on libcurl: one thread around `curl_multi_poll`.  Errors: `invalid_argument` for
/// an origin, a proxy or a CA file that cannot be used.
[[nodiscard]] tl::expected<std::shared_ptr<transport>, failure>
make_curl_transport(const curl_options& options);

} // namespace blockferry::runtime
