#pragma once

#include "chain/bytes.hpp"
#include "tests/kit/commitments.hpp"

#include <random>
#include <vector>

namespace blockferry::kit {

/// A transaction of a block: the confirmed one's bytes after its index, and what commits to it.
struct made_transaction {
  std::uint8_t confirmed_kind = 1;
  chain::byte_buffer transaction; ///< version byte to end
  chain::hash id;
  std::vector<finalize_operation> operations;
};

/// An accepted `credits.aleo/split` without a fee, of about `bytes` bytes, at most 76,000: its
/// proof, opaque to all but the prover, is as long as needed.  Ids are right; values are left out.
[[nodiscard]] made_transaction split_transaction(std::size_t bytes, std::mt19937_64& random);

/// `transactions` of a block (specification 2.5).
[[nodiscard]] chain::byte_buffer wire_of(const std::vector<made_transaction>& transactions);

} // namespace blockferry::kit
