#pragma once

#include "chain/bytes.hpp"

#include <concepts>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace blockferry::chain::stake {

/// Appends integers little-endian, counts as varints of seven bits a byte.
class wire_writer {
public:
  template <std::unsigned_integral Number>
  void fixed(Number value) {
    for (std::size_t i = 0; i < sizeof(Number); ++i)
      bytes_.push_back(static_cast<std::uint8_t>(std::uint64_t{value} >> (8 * i)));
  }
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void flag(bool value) { bytes_.push_back(value ? 1 : 0); }
  template <std::unsigned_integral Number>
  void maybe(const std::optional<Number>& value) {
    flag(value.has_value());
    if (value)
      number(*value);
  }
  void put(const hash& value) {
    bytes_.insert(bytes_.end(), value.bytes.begin(), value.bytes.end());
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  [[nodiscard]] byte_buffer take() { return std::move(bytes_); }

private:
  byte_buffer bytes_;
};

/// The reverse.  What does not fit makes the reader fail for good; it then gives zeros.  Each form
/// has one encoding only.
class wire_reader {
public:
  explicit wire_reader(byte_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool done() const noexcept { return !failed_ && rest_.empty(); }
  void fail() noexcept { failed_ = true; }

  template <std::unsigned_integral Number>
  Number fixed() {
    std::uint64_t value = 0;
    const byte_view from = take(sizeof(Number));
    for (std::size_t i = 0; i < from.size(); ++i)
      value |= std::uint64_t{from[i]} << (8 * i);
    return static_cast<Number>(value);
  }
  /// A number of at most `largest`.
  std::uint64_t number(std::uint64_t largest = ~std::uint64_t{0}) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !failed_; shift += 7) {
      const std::uint64_t byte = fixed<std::uint8_t>();
      const std::uint64_t part = byte & 0x7f;
      value |= part << shift;
      if ((part << shift) >> shift != part || (byte == 0 && shift != 0))
        break;
      if (byte < 0x80)
        return value <= largest ? value : (fail(), 0);
    }
    return fail(), 0;
  }
  /// A count of things of at least `least_bytes` each, so that what is left can hold them.
  std::size_t count(std::size_t least_bytes) { return number(rest_.size() / least_bytes); }
  bool flag() {
    const auto value = fixed<std::uint8_t>();
    if (value > 1)
      fail();
    return value == 1;
  }
  template <std::unsigned_integral Number>
  std::optional<Number> maybe() {
    if (!flag())
      return std::nullopt;
    return static_cast<Number>(number(std::numeric_limits<Number>::max()));
  }
  hash get() {
    hash value;
    const byte_view from = take(value.bytes.size());
    if (!from.empty())
      std::memcpy(value.bytes.data(), from.data(), value.bytes.size());
    return value;
  }
  std::string text() {
    const byte_view from = take(count(1));
    return {from.begin(), from.end()};
  }

private:
  byte_view take(std::size_t size) {
    if (failed_ || size > rest_.size())
      return fail(), byte_view{};
    const byte_view taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  byte_view rest_;
  bool failed_ = false;
};

} // namespace blockferry::chain::stake
