#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace blockferry::runtime {

/// One file that the demonstration's CDN serves.
struct demo_file {
  std::string name;       ///< last part of its URL
  std::string_view bytes; ///< with static storage duration
};

/// What the CDN did so far.
struct demo_cdn_counts {
  std::uint32_t answered = 0; ///< honestly
  std::uint32_t stalled = 0;  ///< answers that came only after the client's patience ended
  std::uint32_t lied = 0;     ///< answers with one bit of the file flipped
};

/// A CDN on the loopback interface for `blockferry demo`: serves files over HTTP/1.1, each after
/// `pace`, and misbehaves now and then: each file's first answer is a stall or a lie by its place
/// in the list, every later one is honest.  Runs on a thread of its own until destroyed.
class demo_cdn {
public:
  /// `on_answer` is called on the CDN's thread after each honest answer to a file of blocks.
  demo_cdn(std::vector<demo_file> files, std::chrono::milliseconds pace,
           std::function<void()> on_answer);
  ~demo_cdn();
  demo_cdn(const demo_cdn&) = delete;
  demo_cdn& operator=(const demo_cdn&) = delete;

  /// Base URL, without a slash at its end.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] demo_cdn_counts counts() const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace blockferry::runtime
