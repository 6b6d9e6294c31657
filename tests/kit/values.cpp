#include "tests/kit/values.hpp"

#include "tests/kit/wire_writer.hpp"

namespace blockferry::kit {

using chain::byte_buffer;
using chain::literal_type;

byte_buffer literal_value(literal_type type, chain::byte_view bytes) {
  wire_writer out;
  out.u8(0); // literal
  out.u16(static_cast<std::uint16_t>(type));
  out.raw(bytes);
  return out.take();
}

byte_buffer address_value(const chain::hash& address) {
  return literal_value(literal_type::address, address.bytes);
}

byte_buffer field_value(const chain::hash& element) {
  return literal_value(literal_type::field, element.bytes);
}

byte_buffer boolean_value(bool value) {
  const std::uint8_t byte = value ? 1 : 0;
  return literal_value(literal_type::boolean, {&byte, 1});
}

byte_buffer u8_value(std::uint8_t value) {
  return literal_value(literal_type::u8, {&value, 1});
}

byte_buffer u64_value(std::uint64_t value) {
  wire_writer bytes;
  bytes.u64(value);
  return literal_value(literal_type::u64, bytes.bytes());
}

byte_buffer future_value(std::string_view program, std::string_view function,
                         std::span<const byte_buffer> arguments) {
  wire_writer out;
  out.ident(program);
  out.ident("aleo");
  out.ident(function);
  out.u8(static_cast<std::uint8_t>(arguments.size()));
  for (const auto& one : arguments) {
    out.u16(static_cast<std::uint16_t>(one.size() + 1));
    out.u8(0); // plaintext
    out.raw(one);
  }
  return out.take();
}

byte_buffer ciphertext_value(std::mt19937_64& random) {
  wire_writer out;
  out.u16(1);
  out.field(random_field(random));
  return out.take();
}

byte_buffer record_value(std::mt19937_64& random) {
  wire_writer out;
  out.u8(0); // version 0, public owner
  out.field(random_field(random));
  out.u8(0);
  out.field(random_field(random)); // nonce
  return out.take();
}

} // namespace blockferry::kit
