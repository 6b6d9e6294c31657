#pragma once

#include <string_view>

namespace blockferry::test {

/// Whether a message names a thing.
[[nodiscard]] inline bool says(std::string_view message, std::string_view part) {
  return message.find(part) != std::string_view::npos;
}

} // namespace blockferry::test
