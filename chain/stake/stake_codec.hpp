#pragma once

#include "chain/failure.hpp"
#include "chain/stake/following.hpp"

namespace blockferry::chain::stake {

/// Bytes of one block's part, as stored beside the block; 40 bytes and its certificate ids, where
/// nobody bonds.  Versioned.
[[nodiscard]] byte_buffer encode(const block_stakes& block);
/// The reverse; the error says what does not fit.  Bounds come before allocation.
[[nodiscard]] expected<block_stakes, std::string> decode_block_stakes(byte_view bytes);

/// Votes as they cross from machine to machine; never stored.
[[nodiscard]] byte_buffer encode(const block_votes& votes);
[[nodiscard]] expected<block_votes, std::string> decode_block_votes(byte_view bytes);

/// A snapshot of everything followed, self-contained and versioned: about 45 bytes a staker, 77
/// where the withdrawal address is another one, and the window of committees and certificates.
[[nodiscard]] byte_buffer encode(const following& state);
/// At least as many bytes as `encode` gives, without encoding.
[[nodiscard]] std::uint64_t snapshot_bytes_bound(const following& state);
[[nodiscard]] expected<following, std::string> decode_following(byte_view bytes);

} // namespace blockferry::chain::stake
