#pragma once

#include "chain/bytes.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace blockferry::chain {

/// The little-endian integer at the start of `bytes`, which has at least as many.
template <std::unsigned_integral Integer>
[[nodiscard]] constexpr Integer load_le(byte_view bytes) noexcept {
  Integer out = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    out = static_cast<Integer>(out | static_cast<Integer>(Integer{bytes[i]} << (8 * i)));
  return out;
}

/// The 32 bytes at the start of `bytes`, which has at least as many.
[[nodiscard]] inline hash load_hash(byte_view bytes) noexcept {
  hash out;
  std::ranges::copy(bytes.first(out.bytes.size()), out.bytes.begin());
  return out;
}

/// The characters of a text, as they stand.
[[nodiscard]] inline byte_view bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <std::unsigned_integral Integer>
void append_le(byte_buffer& out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline void append_hash(byte_buffer& out, const hash& value) {
  out.insert(out.end(), value.bytes.begin(), value.bytes.end());
}

} // namespace blockferry::chain
