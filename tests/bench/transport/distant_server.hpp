#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace blockferry::bench {

/// A CDN far away, on loopback: the first byte of an answer comes one round trip after its request,
/// the rest at a given rate for each connection.  Every file has the same size.  One thread.
class distant_server {
public:
  distant_server(std::uint64_t file_bytes, std::chrono::milliseconds round_trip,
                 std::uint64_t bytes_per_second);
  ~distant_server();
  distant_server(const distant_server&) = delete;
  distant_server& operator=(const distant_server&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::uint64_t connections() const { return connections_; }

private:
  void run();

  const std::uint64_t file_bytes_;
  const std::chrono::milliseconds round_trip_;
  const std::uint64_t bytes_per_second_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_{false};
  std::atomic<std::uint64_t> connections_{0};
  std::thread thread_;
};

} // namespace blockferry::bench
