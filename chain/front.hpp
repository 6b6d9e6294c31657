#pragma once

#include "chain/failure.hpp"
#include "chain/metadata.hpp"

#include <optional>
#include <string>

namespace blockferry::chain {

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
