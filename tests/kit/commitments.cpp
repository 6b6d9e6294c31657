#include "tests/kit/commitments.hpp"

#include "chain/hash/merkle.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace blockferry::kit {
namespace {

using chain::bit_string;
using chain::hash;

constexpr unsigned transactions_depth = 20;
constexpr unsigned finalize_depth = 20;
constexpr unsigned operations_depth = 9;
constexpr unsigned ratifications_depth = 16;
constexpr std::uint8_t update_key_value = 2;
constexpr std::uint8_t replace_mapping = 4;

hash root_of(const std::vector<bit_string>& leaves, unsigned depth) {
  std::vector<chain::bit_view> views;
  views.reserve(leaves.size());
  for (const auto& one : leaves)
    views.push_back(one.view());
  return chain::merkle_root(views, depth);
}

bit_string mapping_bits(std::string_view program, std::string_view mapping) {
  bit_string out;
  out.append_text(program);
  out.append_text("aleo");
  out.append(0, 1);
  out.append_text(mapping);
  return out;
}

bit_string credits_bits(std::string_view mapping) {
  return mapping_bits("credits", mapping);
}

/// Plaintext bits of a literal (specification 4.4): 00, type, size, value.
void append_literal_head(bit_string& bits, std::uint8_t type, std::uint16_t size) {
  bits.append(0, 2);
  bits.append_u8(type);
  bits.append_u16(size);
}

hash root_of_operations(const std::vector<finalize_operation>& operations) {
  std::vector<bit_string> leaves;
  for (const auto& one : operations) {
    auto& leaf = leaves.emplace_back();
    leaf.append_u8(one.kind);
    for (const auto& field : one.fields)
      leaf.append_field(field);
  }
  return root_of(leaves, operations_depth);
}

} // namespace

hash root_of_fields(std::span<const hash> fields, unsigned depth) {
  std::vector<bit_string> leaves;
  for (const auto& one : fields)
    leaves.emplace_back().append_field(one);
  return root_of(leaves, depth);
}

hash mapping_id(std::string_view program, std::string_view mapping) {
  return hash1024(mapping_bits(program, mapping));
}

const hash& credits_mapping(std::string_view name) {
  static const std::map<std::string, hash, std::less<>> ids = [] {
    std::map<std::string, hash, std::less<>> out;
    for (const auto* one : {"committee", "delegated", "bonded", "withdraw", "metadata", "account",
                            "unbonding", "pool"})
      out.emplace(one, hash1024(credits_bits(one)));
    return out;
  }();
  return ids.find(name)->second;
}

finalize_operation metadata_update(std::uint8_t key, std::uint32_t value) {
  auto key_bits = credits_bits("metadata");
  key_bits.append(0, 1);
  append_literal_head(key_bits, 0, 253);
  hash address;
  address.bytes[0] = key;
  key_bits.append_field(address);
  const auto key_id = hash1024(key_bits);

  bit_string plaintext;
  append_literal_head(plaintext, 11, 32);
  plaintext.append_u32(value);
  bit_string value_bits;
  value_bits.append_field(key_id);
  value_bits.append_field(hash1024(plaintext));
  return {update_key_value, {credits_mapping("metadata"), key_id, hash1024(value_bits)}};
}

std::vector<finalize_operation> genesis_operations(std::uint32_t members,
                                                   std::uint32_t delegators) {
  std::vector<finalize_operation> out;
  for (const auto* one : {"committee", "delegated", "bonded", "withdraw"})
    out.push_back({replace_mapping, {credits_mapping(one)}});
  out.push_back(metadata_update(0, members));
  out.push_back(metadata_update(2, delegators));
  out.push_back({replace_mapping, {credits_mapping("account")}});
  return out;
}

const std::vector<finalize_operation>& reward_operations() {
  static const std::vector<finalize_operation> operations = {
      {replace_mapping, {credits_mapping("committee")}},
      {replace_mapping, {credits_mapping("delegated")}},
      {replace_mapping, {credits_mapping("bonded")}}};
  return operations;
}

hash finalize_root(std::span<const std::vector<finalize_operation>> transactions,
                   const std::vector<finalize_operation>& ratified) {
  std::vector<hash> roots;
  for (const auto& one : transactions)
    roots.push_back(root_of_operations(one));
  roots.push_back(root_of_operations(ratified));
  return root_of_fields(roots, finalize_depth);
}

hash ratifications_root(std::span<const chain::byte_buffer> ratifications) {
  std::vector<hash> ids;
  for (const auto& one : ratifications)
    ids.push_back(hash1024_of_bytes(one));
  return root_of_fields(ids, ratifications_depth);
}

hash transactions_root(std::span<const hash> ids) {
  return root_of_fields(ids, transactions_depth);
}

} // namespace blockferry::kit
