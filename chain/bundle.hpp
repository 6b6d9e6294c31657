#pragma once

#include "chain/bytes.hpp"
#include "chain/failure.hpp"

#include <string>
#include <vector>

namespace blockferry::chain {

/// A CDN file never holds more blocks (specification 1.1).
constexpr std::uint64_t bundle_blocks_max = 50;

/// One block's place in its file.
struct framed_block {
  std::uint64_t offset = 0; ///< of its first byte
  byte_view bytes;
};

struct framing_error {
  std::uint64_t offset = 0;
  std::string expected;
  std::string found;
  std::string detail;
};

/// Splits a file into its blocks: count and lengths must use it up exactly.  Nothing is allocated
/// before it is bounded.
[[nodiscard]] expected<std::vector<framed_block>, framing_error> split_bundle(byte_view file);

} // namespace blockferry::chain
