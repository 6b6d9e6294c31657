#include "chain/hash/bits.hpp"

#include <algorithm>

namespace blockferry::chain {

void bit_string::append(std::uint64_t value, std::size_t count) {
  if (count < 64)
    value &= (std::uint64_t{1} << count) - 1;
  const std::size_t shift = size_ % 64;
  if (shift == 0) {
    if (count > 0)
      words_.push_back(value);
  } else {
    words_.back() |= value << shift;
    if (shift + count > 64)
      words_.push_back(value >> (64 - shift));
  }
  size_ += count;
}

void bit_string::set(std::size_t position, std::uint64_t value, std::size_t count) {
  const std::size_t shift = position % 64;
  words_[position / 64] |= value << shift;
  if (shift + count > 64)
    words_[position / 64 + 1] |= value >> (64 - shift);
}

void bit_string::append_bytes(byte_view bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < 8; ++j)
      word |= std::uint64_t{bytes[i + j]} << (8 * j);
    append(word, 64);
  }
  for (; i < bytes.size(); ++i)
    append(bytes[i], 8);
}

void bit_string::append_text(std::string_view text) {
  for (const char one : text)
    append(static_cast<std::uint8_t>(one), 8);
}

void bit_string::append_field(const hash& element) {
  append_bytes(byte_view{element.bytes}.first(31));
  append(element.bytes[31], 5);
}

void bit_string::append(bit_view bits, std::size_t from, std::size_t to) {
  for (std::size_t at = from; at < to; at += 64) {
    const std::size_t count = std::min<std::size_t>(64, to - at);
    append(bits.at(at, count), count);
  }
}

} // namespace blockferry::chain
