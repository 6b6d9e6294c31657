#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace blockferry::runtime {

/// How far a long command is, for people: one live line on a terminal, else a line every 10 s.
class progress {
public:
  using clock = std::chrono::steady_clock;

  /// `doing` is the word the lines begin with; `total` 0: unknown.
  progress(std::ostream& err, std::string doing, std::uint64_t total);
  /// The same, told whether `err` is a terminal, and when the work began.
  progress(std::ostream& err, std::string doing, std::uint64_t total, bool live,
           clock::time_point begin);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  /// Ends the live line.
  ~progress();

  /// So many blocks are done.
  void at(std::uint64_t done, clock::time_point now = clock::now());

private:
  [[nodiscard]] std::string line(std::uint64_t done, double seconds) const;

  std::ostream& err_;
  std::string doing_;
  std::uint64_t total_;
  bool live_;
  bool shown_ = false;
  clock::time_point begin_;
  clock::time_point next_;
};

} // namespace blockferry::runtime
