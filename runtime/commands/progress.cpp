#include "runtime/commands/progress.hpp"

#include <algorithm>
#include <iostream>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

constexpr std::chrono::milliseconds live_interval{500};
constexpr std::chrono::seconds line_interval{10};

} // namespace

progress::progress(std::ostream& err, std::string doing, std::uint64_t total)
    : progress(err, std::move(doing), total, &err == &std::cerr && ::isatty(STDERR_FILENO) == 1,
               clock::now()) {}

progress::progress(std::ostream& err, std::string doing, std::uint64_t total, bool live,
                   clock::time_point begin)
    : err_(err), doing_(std::move(doing)), total_(total), live_(live), begin_(begin),
      next_(begin + (live ? live_interval : line_interval)) {}

progress::~progress() {
  if (live_ && shown_)
    err_ << "\n" << std::flush;
}

void progress::at(std::uint64_t done, clock::time_point now) {
  if (now < next_)
    return;
  next_ = now + (live_ ? live_interval : line_interval);
  const std::chrono::duration<double> passed = now - begin_;
  const std::string text = line(done, passed.count());
  if (live_)
    err_ << "\r\033[K" << text << std::flush;
  else
    err_ << text << "\n" << std::flush;
  shown_ = true;
}

std::string progress::line(std::uint64_t done, double seconds) const {
  const double rate = static_cast<double>(done) / seconds;
  std::string out = doing_ + ": " + std::to_string(done);
  if (total_ > 0)
    out +=
        " of " + std::to_string(total_) + " blocks (" + std::to_string(100 * done / total_) + " %)";
  out += ", " + std::to_string(static_cast<std::uint64_t>(rate)) + " blocks/s, ";
  if (total_ == 0 || rate <= 0)
    return out + "time left unknown";
  const auto left = static_cast<double>(total_ - std::min(done, total_)) / rate;
  return out + std::to_string(static_cast<std::uint64_t>(left)) + " s left";
}

} // namespace blockferry::runtime
