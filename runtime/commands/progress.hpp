#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace blockferry::runtime {

/// How far a long command is, for people: one live line on a terminal, else a line every 10 s.
class progress {
public:
  /// `doing` is the word the lines begin with; `total` 0: unknown.
  progress(std::ostream& err, std::string doing, std::uint64_t total);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  /// Ends the live line.
  ~progress();

  /// So many blocks are done.
  void at(std::uint64_t done);

private:
  [[nodiscard]] std::string line(std::uint64_t done, double seconds) const;

  std::ostream& err_;
  std::string doing_;
  std::uint64_t total_;
  bool live_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_;
};

} // namespace blockferry::runtime
