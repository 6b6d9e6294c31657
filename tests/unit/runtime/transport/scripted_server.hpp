#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace blockferry::runtime {

/// A server on loopback that keeps what it was asked and answers as told: what a client says can
/// be looked at byte by byte.  One thread; connections are served side by side.
class scripted_server {
public:
  /// `answer` makes the bytes sent for a request's head; an empty answer closes the connection.
  explicit scripted_server(std::function<std::string(const std::string& head)> answer);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;
  /// Heads of all requests so far, in lower case.
  [[nodiscard]] std::vector<std::string> heads() const;
  [[nodiscard]] std::size_t connections() const;

private:
  void run();

  std::function<std::string(const std::string&)> answer_;
  int listener_;
  int wake_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::size_t connections_ = 0;
  std::thread thread_;
};

/// A whole answer with a length.
[[nodiscard]] std::string ok_answer(std::string_view body, std::string_view more_headers = {});

} // namespace blockferry::runtime
