#pragma once

#include "messages/status.hpp"

#include <string>

namespace blockferry::runtime {

/// One line for people: phase, tip, target, blocks and bytes a second, ETA ("unknown" until it is
/// known), and why nothing moves.
[[nodiscard]] std::string progress_text(const node_status& status);

/// "file 150 from URL: message".
[[nodiscard]] std::string stall_text(const stall& why);

} // namespace blockferry::runtime
