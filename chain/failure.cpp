#include "chain/failure.hpp"

namespace blockferry::chain {

check_failure cancelled() {
  check_failure out;
  out.kind = failure_kind::cancelled;
  return out;
}

std::string to_string(const check_failure& failure) {
  if (failure.kind == failure_kind::cancelled)
    return "cancelled";
  std::string out{"check "};
  out += to_string(failure.which);
  if (failure.height)
    out += ", height " + std::to_string(*failure.height);
  out += ", byte " + std::to_string(failure.offset) + " of the file";
  if (!failure.detail.empty())
    out += ": " + failure.detail;
  if (!failure.expected.empty() || !failure.found.empty())
    out += " (expected " + failure.expected + ", found " + failure.found + ")";
  return out;
}

} // namespace blockferry::chain
