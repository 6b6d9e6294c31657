#include "chain/front.hpp"

#include "chain/hash/header_hash.hpp"
#include "chain/math/field.hpp"
#include "chain/wire.hpp"

#include <array>

namespace blockferry::chain {
namespace {

constexpr std::size_t block_version_offset = 0;
constexpr std::size_t header_version_offset = 65;
constexpr std::size_t metadata_version_offset = 258;
constexpr std::size_t metadata_offset = 259;

struct named_field {
  std::size_t offset;
  hash block_front::*member;
  const char* name;
};

constexpr std::array fields = {
    named_field{block_hash_offset, &block_front::block_hash, "block hash"},
    named_field{previous_hash_offset, &block_front::previous_hash, "previous block hash"},
    named_field{previous_state_root_offset, &block_front::previous_state_root,
                "previous state root"},
    named_field{transactions_root_offset, &block_front::transactions_root, "transactions root"},
    named_field{finalize_root_offset, &block_front::finalize_root, "finalize root"},
    named_field{ratifications_root_offset, &block_front::ratifications_root, "ratifications root"},
    named_field{solutions_root_offset, &block_front::solutions_root, "solutions root"},
    named_field{subdag_root_offset, &block_front::subdag_root, "subdag root"},
};

uint128 load_u128(byte_view bytes) {
  return {load_le<std::uint64_t>(bytes), load_le<std::uint64_t>(bytes.subspan(8))};
}

metadata load_metadata(byte_view m) {
  metadata out;
  out.network_id = load_le<std::uint16_t>(m);
  out.round = load_le<std::uint64_t>(m.subspan(2));
  out.height = load_le<std::uint32_t>(m.subspan(10));
  out.cumulative_weight = load_u128(m.subspan(14));
  out.cumulative_proof_target = load_u128(m.subspan(30));
  out.coinbase_target = load_le<std::uint64_t>(m.subspan(46));
  out.proof_target = load_le<std::uint64_t>(m.subspan(54));
  out.last_coinbase_target = load_le<std::uint64_t>(m.subspan(62));
  out.last_coinbase_timestamp = static_cast<std::int64_t>(load_le<std::uint64_t>(m.subspan(70)));
  out.timestamp = static_cast<std::int64_t>(load_le<std::uint64_t>(m.subspan(78)));
  return out;
}

} // namespace

expected<block_front, front_error> read_front(byte_view block) {
  if (block.size() < front_bytes)
    return make_unexpected(front_error{block.size(),
                                       "at least " + std::to_string(front_bytes) + " bytes",
                                       std::to_string(block.size()), "block length"});
  for (const auto& [offset, name] : {std::pair{block_version_offset, "block version"},
                                     std::pair{header_version_offset, "header version"},
                                     std::pair{metadata_version_offset, "metadata version"}})
    if (block[offset] != 1)
      return make_unexpected(front_error{offset, "1", std::to_string(block[offset]), name});
  block_front out;
  for (const auto& [offset, member, name] : fields) {
    if (!is_field(block.subspan(offset)))
      return make_unexpected(front_error{offset, "below the field modulus", "not", name});
    out.*member = load_hash(block.subspan(offset));
  }
  out.header = load_metadata(block.subspan(metadata_offset));
  out.authority_kind = block[authority_kind_offset];
  if (out.authority_kind > 1)
    return make_unexpected(front_error{authority_kind_offset, "0 or 1",
                                       std::to_string(out.authority_kind), "kind of authority"});
  return out;
}

} // namespace blockferry::chain
