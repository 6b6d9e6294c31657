#include "chain/transactions/literals.hpp"

#include "chain/name.hpp"
#include "chain/transactions/limits.hpp"
#include "chain/wire.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr std::array<std::string_view, literal_type_last + 1> names = {
    "address", "boolean", "field", "group", "i8",   "i16",    "i32",       "i64",    "i128",
    "u8",      "u16",     "u32",   "u64",   "u128", "scalar", "signature", "string", "identifier"};

bool is_continuation(std::uint8_t byte) noexcept {
  return (byte & 0xc0) == 0x80;
}

/// Bytes of the sequence that `head` begins, the least code point it may hold; 0 for none.
struct utf8_head {
  std::size_t size = 0;
  std::uint32_t bits = 0;
  std::uint32_t least = 0;
};

utf8_head head_of(std::uint8_t byte) noexcept {
  if (byte < 0x80)
    return {1, byte, 0};
  if (byte >> 5 == 0x06)
    return {2, byte & 0x1fU, 0x80};
  if (byte >> 4 == 0x0e)
    return {3, byte & 0x0fU, 0x800};
  if (byte >> 3 == 0x1e)
    return {4, byte & 0x07U, 0x10000};
  return {};
}

bool is_utf8(byte_view text) noexcept {
  while (!text.empty()) {
    auto [size, code, least] = head_of(text[0]);
    if (size == 0 || size > text.size())
      return false;
    for (std::size_t i = 1; i < size; ++i) {
      if (!is_continuation(text[i]))
        return false;
      code = code << 6 | (text[i] & 0x3fU);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
      return false;
    text = text.subspan(size);
  }
  return true;
}

/// Bytes of an integer, or 0.
constexpr std::size_t integer_bytes(literal_type type) noexcept {
  const auto value = static_cast<unsigned>(type);
  if (type >= literal_type::i8 && type <= literal_type::i128)
    return std::size_t{1} << (value - static_cast<unsigned>(literal_type::i8));
  if (type >= literal_type::u8 && type <= literal_type::u128)
    return std::size_t{1} << (value - static_cast<unsigned>(literal_type::u8));
  return 0;
}

byte_view read_string(cursor& in) {
  const auto size = in.count(in.u16("string length"), 0, limits::string_bytes, "string bytes");
  const auto text = in.take(size, "string");
  if (in.ok() && !is_utf8(text))
    in.fail("string", "UTF-8", size, size);
  return text;
}

/// A two's complement number of up to 16 bytes.
void append_signed(std::string& out, byte_view bytes, std::string_view suffix) {
  if (bytes.back() < 0x80)
    return append_number(out, bytes, suffix);
  std::array<std::uint8_t, 16> negated{};
  unsigned carry = 1;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    carry += static_cast<std::uint8_t>(~bytes[i]);
    negated[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  out += '-';
  append_number(out, {negated.data(), bytes.size()}, suffix);
}

} // namespace

literal read_literal(cursor& in) {
  literal out;
  const auto type = in.u16("literal type");
  if (type > literal_type_last) {
    in.fail_unknown("literal type", type, literal_type_last, 2);
    return out;
  }
  out.type = static_cast<literal_type>(type);
  const char* const what = names[type].data();
  switch (out.type) {
  case literal_type::address:
  case literal_type::field:
  case literal_type::group:
    out.bytes = in.field(what).bytes();
    break;
  case literal_type::boolean:
    in.boolean(what);
    out.bytes = in.ok() ? in.since(in.position() - 1) : byte_view{};
    break;
  case literal_type::scalar:
    out.bytes = in.scalar(what).bytes();
    break;
  case literal_type::signature:
    out.bytes = in.signature(what);
    break;
  case literal_type::string:
    out.bytes = read_string(in);
    break;
  case literal_type::identifier:
    out.bytes = bytes_of(in.identifier(what));
    break;
  case literal_type::i8:
  case literal_type::i16:
  case literal_type::i32:
  case literal_type::i64:
  case literal_type::i128:
  case literal_type::u8:
  case literal_type::u16:
  case literal_type::u32:
  case literal_type::u64:
  case literal_type::u128:
    out.bytes = in.take(integer_bytes(out.type), what);
    break;
  }
  return out;
}

literal_parts parts_of(const literal& of) {
  constexpr std::size_t field_bits = 253, scalar_bits = 251, identifier_bits = 248;
  switch (of.type) {
  case literal_type::address:
  case literal_type::field:
  case literal_type::group:
    return {{{{of.bytes, field_bits}}}, 1};
  case literal_type::boolean:
    return {{{{of.bytes, 1}}}, 1};
  case literal_type::scalar:
    return {{{{of.bytes, scalar_bits}}}, 1};
  case literal_type::signature:
    return {{{{of.bytes.first(32), scalar_bits},
              {of.bytes.subspan(32, 32), scalar_bits},
              {of.bytes.subspan(64, 32), field_bits},
              {of.bytes.subspan(96), field_bits}}},
            4};
  case literal_type::identifier:
    return {{{{of.bytes, identifier_bits}}}, 1};
  case literal_type::string:
  case literal_type::i8:
  case literal_type::i16:
  case literal_type::i32:
  case literal_type::i64:
  case literal_type::i128:
  case literal_type::u8:
  case literal_type::u16:
  case literal_type::u32:
  case literal_type::u64:
  case literal_type::u128:
    break;
  }
  return {{{{of.bytes, 8 * of.bytes.size()}}}, 1};
}

std::size_t value_bit_count(const literal& of) {
  std::size_t sum = 0;
  const literal_parts parts = parts_of(of);
  for (const literal_part& one : parts.list())
    sum += one.bits;
  return sum;
}

std::string_view to_string(literal_type type) {
  return names[static_cast<std::size_t>(type)];
}

void append_number(std::string& out, byte_view little_endian, std::string_view suffix) {
  std::array<std::uint32_t, 8> limbs{};
  for (std::size_t i = 0; i < little_endian.size(); ++i)
    limbs[i / 4] |= std::uint32_t{little_endian[i]} << (8 * (i % 4));
  constexpr std::uint32_t base = 1'000'000'000;
  std::array<char, 80> digits{};
  std::size_t first = digits.size();
  std::size_t top = limbs.size();
  do {
    while (top > 0 && limbs[top - 1] == 0)
      --top;
    std::uint64_t rest = 0;
    for (std::size_t i = top; i-- > 0;) {
      rest = rest << 32 | limbs[i];
      limbs[i] = static_cast<std::uint32_t>(rest / base);
      rest %= base;
    }
    while (top > 0 && limbs[top - 1] == 0)
      --top;
    for (int i = 0; i < 9 && (top > 0 || rest > 0 || first == digits.size()); ++i, rest /= 10)
      digits[--first] = static_cast<char>('0' + rest % 10);
  } while (top > 0);
  out.append(digits.data() + first, digits.size() - first);
  out += suffix;
}

void append_text(std::string& out, const literal& of) {
  const std::string_view text{reinterpret_cast<const char*>(of.bytes.data()), of.bytes.size()};
  switch (of.type) {
  case literal_type::address:
    out += bech32m(address_prefix, of.bytes);
    break;
  case literal_type::boolean:
    out += of.bytes[0] != 0 ? "true" : "false";
    break;
  case literal_type::signature:
    out += bech32m(signature_prefix, of.bytes);
    break;
  case literal_type::string:
    out.append("\"").append(text).append("\"");
    break;
  case literal_type::identifier:
    out.append("'").append(text).append("'");
    break;
  case literal_type::i8:
  case literal_type::i16:
  case literal_type::i32:
  case literal_type::i64:
  case literal_type::i128:
    append_signed(out, of.bytes, to_string(of.type));
    break;
  case literal_type::field:
  case literal_type::group:
  case literal_type::scalar:
  case literal_type::u8:
  case literal_type::u16:
  case literal_type::u32:
  case literal_type::u64:
  case literal_type::u128:
    append_number(out, of.bytes, to_string(of.type));
    break;
  }
}

} // namespace blockferry::chain
