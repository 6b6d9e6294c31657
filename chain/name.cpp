#include "chain/name.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::uint32_t bech32m_constant = 0x2bc830a3; // BIP 350
constexpr std::size_t checksum_length = 6;

/// BCH checksum of BIP 173 over values of five bits.
class checksum {
public:
  void add(std::uint8_t value) {
    constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                        0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = state_ >> 25;
    state_ = (state_ & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
      if ((top >> i & 1) != 0)
        state_ ^= generator[i];
  }
  void add_prefix(std::string_view prefix) {
    for (const char one : prefix)
      add(static_cast<std::uint8_t>(static_cast<unsigned char>(one) >> 5));
    add(0);
    for (const char one : prefix)
      add(static_cast<std::uint8_t>(one & 31));
  }
  [[nodiscard]] std::uint32_t value() const { return state_; }

private:
  std::uint32_t state_ = 1;
};

} // namespace

std::string bech32m(std::string_view prefix, byte_view bytes) {
  std::string out{prefix};
  out += '1';
  checksum sum;
  sum.add_prefix(prefix);
  const auto put = [&](std::uint32_t value) {
    sum.add(static_cast<std::uint8_t>(value));
    out += alphabet[value];
  };
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = (held << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5)
      put(held >> (bits - 5) & 31);
  }
  if (bits > 0)
    put(held << (5 - bits) & 31);
  for (std::size_t i = 0; i < checksum_length; ++i)
    sum.add(0);
  const std::uint32_t check = sum.value() ^ bech32m_constant;
  for (std::size_t i = 0; i < checksum_length; ++i)
    out += alphabet[check >> (5 * (checksum_length - 1 - i)) & 31];
  return out;
}

std::optional<byte_buffer> parse_bech32m(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix) || text.size() < prefix.size() + 1 + checksum_length ||
      text[prefix.size()] != '1')
    return std::nullopt;
  text.remove_prefix(prefix.size() + 1);
  checksum sum;
  sum.add_prefix(prefix);
  byte_buffer out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t value = alphabet.find(text[i]);
    if (value == std::string_view::npos)
      return std::nullopt;
    sum.add(static_cast<std::uint8_t>(value));
    if (i + checksum_length >= text.size())
      continue;
    held = (held << 5 | static_cast<std::uint32_t>(value)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(held >> bits));
    }
  }
  const bool padding_is_zero = bits < 5 && (held & ((1U << bits) - 1)) == 0;
  if (sum.value() != bech32m_constant || !padding_is_zero)
    return std::nullopt;
  return out;
}

std::string block_name(const hash& block_hash) {
  return bech32m(block_hash_prefix, block_hash.bytes);
}

std::optional<hash> parse_block_name(std::string_view text) {
  const auto bytes = parse_bech32m(block_hash_prefix, text);
  if (!bytes || bytes->size() != sizeof(hash::bytes))
    return std::nullopt;
  hash out;
  std::ranges::copy(*bytes, out.bytes.begin());
  return out;
}

std::string state_root_name(const hash& root) {
  return bech32m(state_root_prefix, root.bytes);
}

std::string field_name(const hash& element) {
  std::array<std::uint8_t, 32> number = element.bytes;
  std::string digits;
  while (std::ranges::any_of(number, [](std::uint8_t byte) { return byte != 0; })) {
    unsigned carry = 0;
    for (auto byte = number.rbegin(); byte != number.rend(); ++byte) {
      const unsigned value = carry * 256 + *byte;
      *byte = static_cast<std::uint8_t>(value / 10);
      carry = value % 10;
    }
    digits.push_back(static_cast<char>('0' + carry));
  }
  return (digits.empty() ? "0" : std::string{digits.rbegin(), digits.rend()}) + "field";
}

} // namespace blockferry::chain
