#pragma once

#include "chain/body/body.hpp"
#include "chain/bundle.hpp"
#include "chain/front.hpp"
#include "chain/transactions/transaction.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace blockferry::chain::tests {

/// A folder of the reference data.
struct real_chain {
  std::string name;
  std::filesystem::path folder;
};

/// Those that are there, or none, with a message that says so.
[[nodiscard]] std::vector<real_chain> real_chains();
/// The files of blocks in it, in order.
[[nodiscard]] std::vector<byte_buffer> bundles_of(const real_chain& chain);
/// The three lone blocks: genesis of mainnet and canary, and a real one.
[[nodiscard]] std::vector<byte_buffer> lone_blocks();
[[nodiscard]] byte_buffer read_bytes(const std::filesystem::path& path);

/// A block that was read to its end.
struct read_block {
  block_front front;
  body_head head;
  transactions_area transactions;
  byte_view aborted;
};
/// Throws std::runtime_error with what is wrong.
[[nodiscard]] read_block read_whole(byte_view block);

} // namespace blockferry::chain::tests
