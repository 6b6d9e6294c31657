#pragma once

#include <cstdlib>
#include <string_view>

namespace blockferry::planted {

/// What a program is told that only tests run and that takes no argument of ours.
inline std::string_view from_environment() {
  const char* name = std::getenv("BLOCKFERRY_PLANTED");
  return name != nullptr ? name : "";
}

/// Name of the bug that is selected; empty: none, and the build behaves as the product.
inline std::string_view selected = from_environment();

/// Whether this bug is selected.
inline bool is(std::string_view name) {
  return name == selected;
}

} // namespace blockferry::planted
