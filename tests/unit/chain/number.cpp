#include "number.hpp"

#include <algorithm>
#include <iomanip>
#include <string>

namespace blockferry::chain {

std::ostream& operator<<(std::ostream& out, const field& element) {
  auto rest = element.number();
  std::string digits;
  do {
    __extension__ unsigned __int128 remainder = 0;
    for (std::size_t i = 4; i-- > 0;) {
      remainder = remainder << 64 | rest[i];
      rest[i] = static_cast<std::uint64_t>(remainder / 10);
      remainder %= 10;
    }
    digits.push_back(static_cast<char>('0' + static_cast<int>(remainder)));
  } while (rest != std::array<std::uint64_t, 4>{});
  return out << std::string{digits.rbegin(), digits.rend()};
}

std::ostream& operator<<(std::ostream& out, const hash& wire) {
  for (const auto byte : wire.bytes)
    out << std::hex << std::setw(2) << std::setfill('0') << unsigned{byte};
  return out << std::dec;
}

} // namespace blockferry::chain

namespace blockferry::chain::tests {

field decimal(std::string_view digits) {
  field out;
  for (const char digit : digits)
    out = out * field::from(10) + field::from(static_cast<std::uint64_t>(digit - '0'));
  return out;
}

byte_buffer unhex(std::string_view text) {
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  byte_buffer out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(16 * digit(text[i]) + digit(text[i + 1])));
  return out;
}

} // namespace blockferry::chain::tests
