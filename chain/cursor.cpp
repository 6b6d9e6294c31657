#include "chain/cursor.hpp"

#include "chain/math/field.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

/// Top byte of the modulus: a smaller one needs no look at the rest.
constexpr std::uint8_t modulus_top = 0x12;
constexpr std::uint8_t scalar_top = 0x04;
constexpr std::size_t identifier_bytes_max = 31;

bool is_lower(std::uint8_t c) noexcept {
  return c >= 'a' && c <= 'z';
}
bool is_letter(std::uint8_t c) noexcept {
  return is_lower(static_cast<std::uint8_t>(c | 0x20));
}
bool is_digit(std::uint8_t c) noexcept {
  return c >= '0' && c <= '9';
}
bool in_identifier(std::uint8_t c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

std::string range(std::uint64_t least, std::uint64_t most) {
  return least == most ? std::to_string(least)
                       : std::to_string(least) + ".." + std::to_string(most);
}

} // namespace

void cursor::stop(reason why, const char* what, std::size_t offset, std::uint64_t a,
                  std::uint64_t b, std::uint64_t c) noexcept {
  if (!ok())
    return;
  what_ = what;
  why_ = why;
  offset_ = offset;
  found_ = a;
  least_ = b;
  most_ = c;
  at_ = end_;
}

void cursor::fail_short(std::size_t size, const char* what) noexcept {
  stop(reason::short_of, what, offset(), left(), size, 0);
}

void cursor::fail_left_over(const char* what) noexcept {
  stop(reason::left_over, what, offset(), left(), 0, 0);
}

void cursor::fail(const char* what, const char* expected, std::uint64_t found,
                  std::size_t back) noexcept {
  if (ok())
    rule_ = expected;
  stop(reason::rule, what, offset() - std::min(back, offset()), found, 0, 0);
}

read_error cursor::error() const {
  read_error out;
  out.offset = offset_;
  out.detail = ok() ? "" : what_;
  out.found = std::to_string(found_);
  switch (why_) {
  case reason::short_of:
    out.expected = std::to_string(least_) + " bytes";
    out.found += " left";
    break;
  case reason::left_over:
    out.expected = "the end";
    out.found += " bytes left over";
    break;
  case reason::range:
    out.expected = range(least_, most_);
    break;
  case reason::modulus:
    out.expected = "a number below the modulus";
    out.found = "a larger one";
    break;
  case reason::unknown:
    out.expected = range(least_, most_);
    out.newer_format = true;
    break;
  case reason::rule:
    out.expected = rule_;
    break;
  }
  return out;
}

bool cursor::boolean(const char* what) noexcept {
  return count(u8(what), 0, 1, what) == 1;
}

std::uint8_t cursor::version(const char* what, std::uint8_t least, std::uint8_t most) noexcept {
  const auto value = u8(what);
  if (!ok() || (value >= least && value <= most))
    return value;
  stop(reason::unknown, what, offset() - 1, value, least, most);
  return 0;
}

std::uint8_t cursor::kind(const char* what, std::uint8_t most) noexcept {
  return version(what, 0, most);
}

std::uint64_t cursor::count(std::uint64_t value, std::uint64_t least, std::uint64_t most,
                            const char* what) noexcept {
  if (value >= least && value <= most)
    return ok() ? value : 0;
  stop(reason::range, what, offset(), value, least, most);
  return 0;
}

field_view cursor::field(const char* what) noexcept {
  const auto bytes = take(32, what);
  if (bytes.empty())
    return {};
  if (bytes[31] >= modulus_top && !is_field(bytes)) {
    stop(reason::modulus, what, offset() - 32, 0, 0, 0);
    return {};
  }
  return field_view{bytes.data()};
}

field_view cursor::scalar(const char* what) noexcept {
  const auto bytes = take(32, what);
  if (bytes.empty())
    return {};
  if (bytes[31] >= scalar_top && !is_scalar(bytes)) {
    stop(reason::modulus, what, offset() - 32, 0, 0, 0);
    return {};
  }
  return field_view{bytes.data()};
}

byte_view cursor::signature(const char* what) noexcept {
  const auto* const from = at_;
  scalar(what);
  scalar(what);
  field(what);
  field(what);
  return ok() ? since(from) : byte_view{};
}

std::string_view cursor::identifier(const char* what) noexcept {
  const std::size_t size = u8(what);
  const auto bytes = take(size, what);
  if (!ok())
    return {};
  if (size == 0 || size > identifier_bytes_max || !is_letter(bytes[0]) ||
      !std::ranges::all_of(bytes, in_identifier)) {
    fail(what, "an identifier of 1..31 letters, digits and _", size, size + 1);
    return {};
  }
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string_view cursor::program_id(const char* what) noexcept {
  const auto name = identifier(what);
  const auto network = identifier(what);
  if (ok() && (network != "aleo" || std::ranges::any_of(name, is_upper)))
    fail(what, "a name in lower case and the network aleo", name.size(),
         name.size() + network.size() + 2);
  return ok() ? name : std::string_view{};
}

std::uint64_t cursor::varint(const char* what) noexcept {
  const auto first = u8(what);
  std::uint64_t value = first, least = 0;
  if (first == 0xfd) {
    value = u16(what);
    least = 0xfd;
  } else if (first == 0xfe) {
    value = u32(what);
    least = std::uint64_t{1} << 16;
  } else if (first == 0xff) {
    value = u64(what);
    least = std::uint64_t{1} << 32;
  }
  if (ok() && value < least)
    fail(what, "the shortest form of the number", value);
  return ok() ? value : 0;
}

} // namespace blockferry::chain
