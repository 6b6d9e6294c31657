#pragma once

#include <chrono>
#include <filesystem>

#include <nlohmann/json.hpp>

namespace blockferry::runtime {

/// How long a node may be silent before it is shown as such.
inline constexpr std::chrono::milliseconds node_patience{1000};

struct node_answer {
  nlohmann::ordered_json said; ///< an object; null if it said nothing in time, or no object
  bool permitted = true;       ///< false: this user may not ask, and nothing is known of it
};

/// What the node that holds the store says of itself, within `node_patience`.
[[nodiscard]] node_answer ask_node(const std::filesystem::path& folder);

} // namespace blockferry::runtime
