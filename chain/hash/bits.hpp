#pragma once

#include "chain/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace blockferry::chain {

/// A string of bits, in words of 64, bit 0 of word 0 first; bits above `size` in the last word are
/// 0.
struct bit_view {
  const std::uint64_t* words = nullptr;
  std::size_t size = 0; ///< bits

  /// Up to 64 bits from `position` on; zeros beyond the end.
  [[nodiscard]] std::uint64_t at(std::size_t position, std::size_t count) const noexcept {
    const std::size_t word = position / 64;
    const std::size_t shift = position % 64;
    const std::size_t word_count = (size + 63) / 64;
    std::uint64_t value = word < word_count ? words[word] >> shift : 0;
    if (shift != 0 && word + 1 < word_count)
      value |= words[word + 1] << (64 - shift);
    return count == 64 ? value : value & ((std::uint64_t{1} << count) - 1);
  }
};

/// Builds a bit string; "bits of" as in specification 0: least significant first.
class bit_string {
public:
  void append(std::uint64_t value, std::size_t count);
  void append_u8(std::uint8_t value) { append(value, 8); }
  void append_u16(std::uint16_t value) { append(value, 16); }
  void append_u32(std::uint32_t value) { append(value, 32); }
  void append_u64(std::uint64_t value) { append(value, 64); }
  void append_bytes(byte_view bytes);
  void append_text(std::string_view text);
  /// The 253 bits of a field element.
  void append_field(const hash& element);
  /// Sets bits that are there and still 0: a length that is known later than its place.
  void set(std::size_t position, std::uint64_t value, std::size_t count);
  /// The bits [from, to) of another string.
  void append(bit_view bits, std::size_t from, std::size_t to);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bit_view view() const noexcept { return {words_.data(), size_}; }
  void clear() noexcept {
    words_.clear();
    size_ = 0;
  }

private:
  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

} // namespace blockferry::chain
