#pragma once

#include "tests/hostile/file_set.hpp"
#include "tests/hostile/scenario.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace blockferry::hostile {

struct server_options {
  std::uint64_t seed = 1;
  std::uint16_t port = 0;            ///< 0: any free one
  std::size_t connections_max = 128; ///< more are closed at once
};

/// What a server saw and did.
struct server_counts {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t hostile = 0;       ///< requests that met a play
  std::uint64_t canary_visits = 0; ///< connections to a place that nobody may be led to: must be 0
  std::uint64_t bytes_sent = 0;
};

/// A CDN on loopback that is honest but for its scenario.  One thread, one poll loop, until
/// destroyed.  What it does depends on the seed, the file and the number of the request for that
/// file, never on the order in which requests for different files arrive.
class hostile_server {
public:
  /// Throws std::runtime_error if it cannot listen.
  hostile_server(file_set files, scenario played, server_options options = {});
  ~hostile_server();
  hostile_server(const hostile_server&) = delete;
  hostile_server& operator=(const hostile_server&) = delete;

  /// Base URL, without a slash at its end; http, or https where the scenario has TLS.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string canary_url() const;
  /// The authority that a client is to trust; empty without TLS.
  [[nodiscard]] std::string authority_pem() const;
  [[nodiscard]] server_counts counts() const;
  /// From now on honest, but for TLS.
  void heal();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace blockferry::hostile
