#pragma once

#include "chain/bytes.hpp"
#include "chain/hash/bhp.hpp"
#include "chain/hash/bits.hpp"
#include "chain/wire.hpp"

#include <random>
#include <string_view>

namespace blockferry::kit {

/// Appends wire bytes (specification 0).
class wire_writer {
public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { chain::append_le(bytes_, value); }
  void u32(std::uint32_t value) { chain::append_le(bytes_, value); }
  void u64(std::uint64_t value) { chain::append_le(bytes_, value); }
  void i64(std::int64_t value) { chain::append_le(bytes_, static_cast<std::uint64_t>(value)); }
  void field(const chain::hash& value) { chain::append_hash(bytes_, value); }
  void raw(chain::byte_view more) { bytes_.insert(bytes_.end(), more.begin(), more.end()); }
  void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
  /// `ident`.
  void ident(std::string_view name) {
    u8(static_cast<std::uint8_t>(name.size()));
    bytes_.insert(bytes_.end(), name.begin(), name.end());
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const chain::byte_buffer& bytes() const { return bytes_; }
  [[nodiscard]] chain::byte_buffer take() { return std::move(bytes_); }

private:
  chain::byte_buffer bytes_;
};

/// BHP1024 of bits, and of the bits of bytes.
[[nodiscard]] inline chain::hash hash1024(const chain::bit_string& bits) {
  return chain::bhp1024().hash_bits(bits.view()).wire();
}
[[nodiscard]] inline chain::hash hash1024_of_bytes(chain::byte_view bytes) {
  chain::bit_string bits;
  bits.append_bytes(bytes);
  return hash1024(bits);
}

/// A field element by chance; never zero in practice.
[[nodiscard]] inline chain::hash random_field(std::mt19937_64& random) {
  chain::hash out;
  for (auto& one : out.bytes)
    one = static_cast<std::uint8_t>(random());
  out.bytes[31] &= 0x0f; // below the modulus
  return out;
}

} // namespace blockferry::kit
