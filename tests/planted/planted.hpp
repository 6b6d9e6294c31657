#pragma once

#include <string_view>

namespace blockferry::planted {

/// Name of the bug that is selected; empty: none, and the build behaves as the product.
inline std::string_view selected;

/// Whether this bug is selected.
inline bool is(std::string_view name) {
  return name == selected;
}

} // namespace blockferry::planted
