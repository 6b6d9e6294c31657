#pragma once

#include "chain/cursor.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace blockferry::chain {

/// Types of literals (specification 2.7); the values are those of the wire.
enum class literal_type : std::uint8_t {
  address = 0,
  boolean = 1,
  field = 2,
  group = 3,
  i8 = 4,
  i16 = 5,
  i32 = 6,
  i64 = 7,
  i128 = 8,
  u8 = 9,
  u16 = 10,
  u32 = 11,
  u64 = 12,
  u128 = 13,
  scalar = 14,
  signature = 15,
  string = 16,
  identifier = 17,
};
constexpr std::uint8_t literal_type_last = 17;

/// A literal: `bytes` as on the wire, without the length of a string or an identifier.
struct literal {
  literal_type type = literal_type::address;
  byte_view bytes;
};

/// Reads type and value.
[[nodiscard]] literal read_literal(cursor& in);
/// A part of a literal's bits: the first `bits` of the bytes, zeros behind their end.
struct literal_part {
  byte_view bytes;
  std::size_t bits = 0;
};
struct literal_parts {
  std::array<literal_part, 4> parts;
  std::size_t count = 0;
  [[nodiscard]] std::span<const literal_part> list() const& {
    return std::span{parts}.first(count);
  }
  std::span<const literal_part> list() const&& = delete; // it would outlive the parts
};
/// The value alone, as hashed (specification 4.4), one part after another.
[[nodiscard]] literal_parts parts_of(const literal& of);
/// Bits of the value alone, as hashed (specification 4.4); at most 2040.
[[nodiscard]] std::size_t value_bit_count(const literal& of);
/// "u8", "boolean", ..
[[nodiscard]] std::string_view to_string(literal_type type);
/// The text of a program or of the chain's JSON (specification 2.10): "5field", "aleo1..", "true".
void append_text(std::string& out, const literal& of);
/// "123field": a number below 2^256 in decimal, then the suffix.
void append_number(std::string& out, byte_view little_endian, std::string_view suffix);

} // namespace blockferry::chain
