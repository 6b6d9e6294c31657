#pragma once

#include "chain/chain_state.hpp"

namespace blockferry::chain {

/// What a start file may have: a state with 100,000 stakers is about 10 MB.
constexpr std::size_t start_file_bytes_max = std::size_t{256} << 20;

/// The whole of a state, committees included, in versioned and self-contained bytes that end in
/// their own SHA-256: what `export --state` writes and `--start-file` reads, and how a state
/// crosses from machine to machine.
///
/// Nothing in it is believed: the peaks must give the next block's previous_state_root, the hash
/// its previous_hash, the committees the committee ids of the next certificates.  The digest only
/// tells a damaged file from a wrong one.
[[nodiscard]] byte_buffer encode_start_file(const chain_state& state);
/// The reverse; the error says what does not fit.  Bounds come before allocation.
[[nodiscard]] expected<chain_state, std::string> decode_start_file(byte_view bytes);

} // namespace blockferry::chain
