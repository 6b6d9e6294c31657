#pragma once

#include "chain/bytes.hpp"

#include <filesystem>
#include <span>
#include <vector>

namespace blockferry::bench {

/// The blocks first .. first + count - 1 of a chain in a folder of bundles, as many as there are.
[[nodiscard]] std::vector<chain::byte_buffer> blocks_of(const std::filesystem::path& folder,
                                                        std::size_t first, std::size_t count);

/// One bundle of these blocks.
[[nodiscard]] chain::byte_buffer bundle_of(std::span<const chain::byte_buffer> blocks);

} // namespace blockferry::bench
