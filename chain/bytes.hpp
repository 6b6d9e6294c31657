#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace blockferry::chain {

using byte_view = std::span<const std::uint8_t>;
using byte_buffer = std::vector<std::uint8_t>;

/// A block's place in the chain; genesis is 0.
using height_t = std::uint32_t;

/// 32 bytes as they stand on the wire: a field element, little-endian, below the modulus where a
/// reader has checked it.  Block hashes, roots and ids all have this form.
struct hash {
  std::array<std::uint8_t, 32> bytes{};
  friend auto operator<=>(const hash&, const hash&) = default;
};

/// The heights first .. first + count - 1.  `end()` is 64-bit: the last height may be 2^32 - 1.
struct height_range {
  height_t first = 0;
  std::uint32_t count = 0;
  [[nodiscard]] std::uint64_t end() const noexcept { return std::uint64_t{first} + count; }
  [[nodiscard]] bool contains(height_t height) const noexcept {
    return height >= first && height < end();
  }
  friend bool operator==(const height_range&, const height_range&) = default;
};

} // namespace blockferry::chain
