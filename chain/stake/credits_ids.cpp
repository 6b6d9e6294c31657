#include "chain/stake/credits_ids.hpp"

#include "chain/hash/bhp.hpp"

#include <algorithm>

namespace blockferry::chain::stake {

namespace {

/// Types of literals on the wire and in hashes (specification 2.7).
constexpr std::uint8_t literal_address = 0, literal_boolean = 1, literal_u8 = 9, literal_u32 = 11,
                       literal_u64 = 12;

hash digest(const bit_string& bits) {
  return bhp1024().hash_bits(bits.view()).wire();
}

bit_string mapping_bits(mapping which) {
  bit_string bits;
  bits.append_text("credits");
  bits.append_text("aleo");
  bits.append(0, 1);
  bits.append_text(name_of(which));
  return bits;
}

/// Head of a literal as plaintext bits: 00, type, length in bits (specification 4.4).
void append_literal(bit_string& bits, std::uint8_t type, std::uint16_t size) {
  bits.append(0, 2);
  bits.append_u8(type);
  bits.append_u16(size);
}

void append_address(bit_string& bits, const address& value) {
  append_literal(bits, literal_address, 253);
  bits.append_field(value);
}

void append_integer(bit_string& bits, std::uint8_t type, std::uint16_t size, std::uint64_t value) {
  append_literal(bits, type, size);
  bits.append(value, size);
}

/// Bits of a literal of `size` bits with its head.
constexpr std::uint16_t literal_bits(std::uint16_t size) {
  return static_cast<std::uint16_t>(2 + 8 + 16 + size);
}

void append_member(bit_string& bits, std::string_view name, std::uint16_t size) {
  bits.append_u8(static_cast<std::uint8_t>(8 * name.size()));
  bits.append_text(name);
  bits.append_u16(literal_bits(size));
}

/// A struct of two members: 01 with the 0 first, and the number of members.
void append_struct_head(bit_string& bits) {
  bits.append(0b10, 2);
  bits.append_u8(2);
}

bit_string value_bits(mapping which, const credits_value& value) {
  bit_string bits;
  switch (which) {
  case mapping::committee:
    append_struct_head(bits);
    append_member(bits, "is_open", 1);
    append_integer(bits, literal_boolean, 1, value.is_open ? 1 : 0);
    append_member(bits, "commission", 8);
    append_integer(bits, literal_u8, 8, value.commission);
    break;
  case mapping::bonded:
    append_struct_head(bits);
    append_member(bits, "validator", 253);
    append_address(bits, value.who);
    append_member(bits, "microcredits", 64);
    append_integer(bits, literal_u64, 64, value.amount);
    break;
  case mapping::unbonding:
    append_struct_head(bits);
    append_member(bits, "microcredits", 64);
    append_integer(bits, literal_u64, 64, value.amount);
    append_member(bits, "height", 32);
    append_integer(bits, literal_u32, 32, value.height);
    break;
  case mapping::withdraw:
    append_address(bits, value.who);
    break;
  case mapping::metadata:
    append_integer(bits, literal_u32, 32, value.height);
    break;
  case mapping::delegated:
  case mapping::account:
  case mapping::pool:
    append_integer(bits, literal_u64, 64, value.amount);
    break;
  }
  return bits;
}

} // namespace

std::string_view name_of(mapping which) noexcept {
  switch (which) {
  case mapping::committee:
    return "committee";
  case mapping::delegated:
    return "delegated";
  case mapping::bonded:
    return "bonded";
  case mapping::unbonding:
    return "unbonding";
  case mapping::withdraw:
    return "withdraw";
  case mapping::metadata:
    return "metadata";
  case mapping::account:
    return "account";
  case mapping::pool:
    return "pool";
  }
  return "";
}

const hash& mapping_id(mapping which) {
  static const auto ids = [] {
    std::array<hash, mapping_count> made;
    for (std::size_t i = 0; i < made.size(); ++i)
      made[i] = digest(mapping_bits(static_cast<mapping>(i)));
    return made;
  }();
  return ids[static_cast<std::size_t>(which)];
}

std::optional<mapping> mapping_of(const hash& id) {
  for (std::size_t i = 0; i < mapping_count; ++i)
    if (mapping_id(static_cast<mapping>(i)) == id)
      return static_cast<mapping>(i);
  return std::nullopt;
}

hash key_id(mapping which, const address& key) {
  bit_string bits = mapping_bits(which);
  bits.append(0, 1);
  append_address(bits, key);
  return digest(bits);
}

hash value_id(mapping which, const hash& key, const credits_value& value) {
  bit_string bits;
  bits.append_field(key);
  bits.append_field(digest(value_bits(which, value)));
  return digest(bits);
}

const hash& id_memo::key(mapping which, const address& key) {
  const auto [entry, is_new] = keys_.try_emplace({which, key});
  if (is_new)
    entry->second = key_id(which, key);
  return entry->second;
}

const hash& id_memo::value(mapping which, const address& key, const credits_value& value) {
  const auto [entry, is_new] = values_.try_emplace({which, key, value});
  if (is_new)
    entry->second = value_id(which, this->key(which, key), value);
  return entry->second;
}

} // namespace blockferry::chain::stake
