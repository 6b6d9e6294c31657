#pragma once

#include <chrono>
#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace blockferry::runtime {

/// How long a node may be silent before it is shown as such.
inline constexpr std::chrono::milliseconds node_patience{1000};

/// What the node that holds the store says of itself, as a JSON object; null if it says nothing
/// within `node_patience`, or no JSON object.
[[nodiscard]] nlohmann::ordered_json ask_node(const std::filesystem::path& folder);

} // namespace blockferry::runtime
