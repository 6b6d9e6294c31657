#pragma once

#include "chain/failure.hpp"
#include "chain/metadata.hpp"

#include <optional>
#include <string>

namespace blockferry::chain {

/// Places in the front, in bytes (specification 2.1).
inline constexpr std::size_t block_hash_offset = 1;
inline constexpr std::size_t previous_hash_offset = 33;
inline constexpr std::size_t previous_state_root_offset = 66;
inline constexpr std::size_t transactions_root_offset = 98;
inline constexpr std::size_t finalize_root_offset = 130;
inline constexpr std::size_t ratifications_root_offset = 162;
inline constexpr std::size_t solutions_root_offset = 194;
inline constexpr std::size_t subdag_root_offset = 226;
inline constexpr std::size_t network_id_offset = 259;
inline constexpr std::size_t round_offset = 261;
inline constexpr std::size_t height_offset = 269;
inline constexpr std::size_t cumulative_weight_offset = 273;
inline constexpr std::size_t cumulative_proof_target_offset = 289;
inline constexpr std::size_t coinbase_target_offset = 305;
inline constexpr std::size_t proof_target_offset = 313;
inline constexpr std::size_t last_coinbase_target_offset = 321;
inline constexpr std::size_t last_coinbase_timestamp_offset = 329;
inline constexpr std::size_t timestamp_offset = 337;
inline constexpr std::size_t authority_kind_offset = 345;

/// What the fixed front of a block says (specification 2.1); read without touching the body.
struct block_front {
  hash block_hash;
  hash previous_hash;
  hash previous_state_root;
  hash transactions_root;
  hash finalize_root;
  hash ratifications_root;
  hash solutions_root;
  hash subdag_root;
  metadata header;
  std::uint8_t authority_kind = 0; ///< 0 beacon, 1 quorum
};

/// What is wrong with a front: offset from the block's first byte, and in words.
struct front_error {
  std::size_t offset = 0;
  std::string expected;
  std::string found;
  std::string detail;
};

/// Reads and checks versions, field ranges and kind of authority.
[[nodiscard]] expected<block_front, front_error> read_front(byte_view block);

} // namespace blockferry::chain
