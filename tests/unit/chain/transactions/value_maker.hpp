#pragma once

#include "chain/bytes.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace blockferry::chain::tests {

/// A plaintext made by chance: its wire bytes, and its hashed bits by the plain reading of
/// specification 4.4, one bool each, most recursive and least clever.
struct made_value {
  byte_buffer wire;
  std::vector<bool> bits;
};

/// Numbers by chance: below(n) is 0 .. n - 1.
using chance = std::function<std::size_t(std::size_t)>;

/// At most `depth` levels of structs and arrays.
[[nodiscard]] made_value make_plaintext(const chance& below, std::size_t depth);
/// A future whose arguments are plaintexts, futures and dynamic futures.
[[nodiscard]] made_value make_future(const chance& below, std::size_t depth);
/// An array of one element around a literal, `levels` times.
[[nodiscard]] byte_buffer nested_arrays(std::size_t levels);

} // namespace blockferry::chain::tests
