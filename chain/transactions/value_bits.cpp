#include "chain/transactions/value_bits.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

constexpr std::size_t length_bits = 16;

void append_part(bit_string& out, const literal_part& part) {
  const std::size_t whole = std::min(part.bytes.size(), part.bits / 8);
  out.append_bytes(part.bytes.first(whole));
  if (const std::size_t rest = part.bits % 8; rest != 0)
    return out.append(part.bytes[whole], rest);
  for (std::size_t i = whole; i < part.bits / 8; ++i)
    out.append(0, 8);
}

} // namespace

void value_bits::clear() noexcept {
  bits_.clear();
  open_ = 0;
  data_ = 0;
}

void value_bits::open_length() {
  lengths_[open_++] = bits_.size();
  bits_.append(0, length_bits);
}

std::size_t value_bits::close_length() {
  return lengths_[--open_];
}

void value_bits::on_literal(const literal& one) {
  bits_.append(0, 2);
  bits_.append_u8(static_cast<std::uint8_t>(one.type));
  bits_.append_u16(static_cast<std::uint16_t>(value_bit_count(one)));
  const literal_parts parts = parts_of(one);
  for (const literal_part& part : parts.list())
    append_part(bits_, part);
}

void value_bits::on_struct(std::size_t members) {
  bits_.append(0b10, 2); // the first bit is 0
  bits_.append_u8(static_cast<std::uint8_t>(members));
}

void value_bits::on_array(std::size_t elements) {
  bits_.append(0b01, 2);
  bits_.append_u32(static_cast<std::uint32_t>(elements));
}

void value_bits::on_item(std::string_view name) {
  if (!name.empty()) {
    bits_.append_u8(static_cast<std::uint8_t>(8 * name.size()));
    bits_.append_text(name);
  }
  open_length();
}

void value_bits::on_item_end() {
  const std::size_t at = close_length();
  bits_.set(at, bits_.size() - at - length_bits, length_bits);
}

void value_bits::append_text_bits(std::string_view text, std::string_view more) {
  bits_.append_u16(static_cast<std::uint16_t>(8 * (text.size() + more.size())));
  bits_.append_text(text);
  bits_.append_text(more);
}

void value_bits::on_future(std::string_view program, std::string_view function,
                           std::size_t arguments) {
  append_text_bits(program, "aleo");
  append_text_bits(function);
  bits_.append_u8(static_cast<std::uint8_t>(arguments));
}

void value_bits::on_argument(std::uint8_t kind) {
  open_length();
  bits_.append(kind == 0 ? 0 : 1, 1);
}

void value_bits::on_argument_end() {
  const std::size_t at = close_length();
  const std::size_t begin = at + length_bits;
  const std::size_t size = bits_.size() - begin;
  if (size <= limits::value_bits)
    return bits_.set(at, size, length_bits);
  // A longer one has a u32 in front: what was made moves on.
  bit_string moved;
  moved.append(bits_.view(), 0, at);
  moved.append_u32(static_cast<std::uint32_t>(size));
  moved.append(bits_.view(), begin, bits_.size());
  bits_ = std::move(moved);
}

void value_bits::append_fields(byte_view fields) {
  for (; !fields.empty(); fields = fields.subspan(32))
    bits_.append_field(load_hash(fields));
}

void value_bits::on_dynamic(byte_view fields) {
  bits_.append(0, 12);
  append_fields(fields);
}

void value_bits::on_owner(bool is_private, field_view owner) {
  bits_.append(is_private ? 1 : 0, 1);
  bits_.append_field(owner.value());
  data_ = bits_.size();
  bits_.append_u32(0);
}

void value_bits::on_entry(std::string_view name, std::uint8_t kind) {
  bits_.append_text(name);
  bits_.append(kind == 2 ? 0b01 : kind == 1 ? 0b10 : 0b00, 2);
}

void value_bits::on_ciphertext(byte_view fields) {
  append_fields(fields);
}

void value_bits::on_record_end(const record_end& end) {
  constexpr std::size_t size_bits = 31;
  const std::uint64_t size = bits_.size() - data_ - size_bits - 1;
  bits_.set(data_, size | std::uint64_t{end.version} << size_bits, size_bits + 1);
  bits_.append_field(end.nonce.value());
  if (end.version > 0)
    bits_.append_u8(end.version);
}

void append_plaintext_bits(value_bits& out, byte_view value) {
  cursor in{value};
  walk_plaintext(in, out);
}

void append_future_bits(value_bits& out, byte_view value) {
  cursor in{value};
  walk_future(in, out);
}

void append_record_bits(value_bits& out, byte_view value) {
  cursor in{value};
  out.on_record_end(walk_record(in, out));
}

} // namespace blockferry::chain
