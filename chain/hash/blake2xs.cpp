#include "chain/hash/blake2xs.hpp"

#include <bit>
#include <string>

namespace blockferry::chain {
namespace {

using words8 = std::array<std::uint32_t, 8>;

// RFC 7693, section 2.6 and 2.7.
constexpr words8 initial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::uint8_t sigma[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};
constexpr std::uint8_t columns_then_diagonals[8][4] = {
    {0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
    {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};

void compress(words8& state, const std::uint8_t* block, std::uint64_t count, bool last) {
  std::array<std::uint32_t, 16> m{};
  for (std::size_t i = 0; i < 64; ++i)
    m[i / 4] |= std::uint32_t{block[i]} << (8 * (i % 4));
  std::array<std::uint32_t, 16> v{};
  for (std::size_t i = 0; i < 8; ++i) {
    v[i] = state[i];
    v[i + 8] = initial[i];
  }
  v[12] ^= static_cast<std::uint32_t>(count);
  v[13] ^= static_cast<std::uint32_t>(count >> 32);
  if (last)
    v[14] = ~v[14];
  for (const auto& round : sigma)
    for (std::size_t k = 0; k < 8; ++k) {
      const auto& [a, b, c, d] = columns_then_diagonals[k];
      v[a] += v[b] + m[round[2 * k]];
      v[d] = std::rotr(v[d] ^ v[a], 16);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], 12);
      v[a] += v[b] + m[round[2 * k + 1]];
      v[d] = std::rotr(v[d] ^ v[a], 8);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], 7);
    }
  for (std::size_t i = 0; i < 8; ++i)
    state[i] ^= v[i] ^ v[i + 8];
}

/// BLAKE2s with a raw parameter block.
std::array<std::uint8_t, 32> blake2s(std::string_view message, const words8& parameters) {
  words8 state{};
  for (std::size_t i = 0; i < 8; ++i)
    state[i] = initial[i] ^ parameters[i];
  std::string padded{message};
  padded.resize(message.empty() ? 64 : (message.size() + 63) / 64 * 64, '\0');
  for (std::size_t at = 0; at < padded.size(); at += 64) {
    const bool last = at + 64 == padded.size();
    compress(state, reinterpret_cast<const std::uint8_t*>(padded.data()) + at,
             last ? message.size() : at + 64, last);
  }
  std::array<std::uint8_t, 32> out{};
  for (std::size_t i = 0; i < 32; ++i)
    out[i] = static_cast<std::uint8_t>(state[i / 4] >> (8 * (i % 4)));
  return out;
}

constexpr std::uint32_t personal_low = 0x6f656c41;  // "Aleo"
constexpr std::uint32_t personal_high = 0x30437448; // "HtC0"

} // namespace

std::array<std::uint8_t, 32> blake2xs(std::string_view message) {
  // Words of the parameter block: digest length, key length, fanout, depth; leaf length; node
  // offset; XOF length, node depth, inner length; salt twice; personalization twice.
  const auto root =
      blake2s(message, {32 | 1 << 16 | 1 << 24, 0, 0, 32, 0, 0, personal_low, personal_high});
  return blake2s({reinterpret_cast<const char*>(root.data()), root.size()},
                 {32, 32, 0, 32 | 32U << 24, 0, 0, personal_low, personal_high});
}

} // namespace blockferry::chain
