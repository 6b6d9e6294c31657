#include "runtime/node_command/progress_text.hpp"

#include "runtime/options/quantity.hpp"

#include <cmath>

namespace blockferry::runtime {

std::string stall_text(const stall& why) {
  return "file " + std::to_string(why.file_start) + (why.url.empty() ? "" : " from " + why.url) +
         ": " + why.why.message;
}

std::string progress_text(const node_status& status) {
  std::string out{to_string(status.phase)};
  out += ": height ";
  out += status.durable ? std::to_string(status.durable->height) : "none";
  out += " of " + (status.target ? std::to_string(*status.target) : std::string{"unknown"});
  out += ", ";
  out += status.blocks_per_second ? std::to_string(std::llround(*status.blocks_per_second))
                                  : std::string{"unknown"};
  out += " blocks/s, ";
  out += (status.bytes_per_second ? size_text(*status.bytes_per_second) : "unknown") + "/s, ETA ";
  out += status.eta_seconds ? duration_text(*status.eta_seconds) : "unknown";
  if (status.stalled)
    out += ", waiting for " + stall_text(*status.stalled);
  return out;
}

} // namespace blockferry::runtime
