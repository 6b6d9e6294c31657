#pragma once

#include "chain/aleo_rules.hpp"
#include "chain/chain_state.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace blockferry::chain::tests {

/// What a chain came to that went through the three steps of chain/rules.hpp, file by file.
struct chain_run {
  std::vector<check_record> records; ///< of the blocks that passed
  std::vector<body_facts> bodies;    ///< of the same; none below `consensus`
  std::optional<check_failure> failure;
  chain_state state = state_before_genesis();
};

/// The files of a folder, in order; empty where there is none.
[[nodiscard]] std::vector<byte_buffer> files_of(const std::filesystem::path& folder);

/// Runs files of 50 blocks, the first of height 0.
[[nodiscard]] chain_run run_files(const network& net, const std::vector<byte_buffer>& files,
                                  level floor);
/// Runs one file of blocks from `first` on after `before`.
void run_file(const aleo_rules& rules, byte_view file, height_t first, level floor, chain_run& run);

/// The reference data's folder; says SKIPPED and is none where it is absent.
[[nodiscard]] std::optional<std::filesystem::path> reference_data();
/// The network of a folder's genesis block, with testnet's id and the "test" heights and targets.
[[nodiscard]] network developer_network_of(const std::vector<byte_buffer>& files);

} // namespace blockferry::chain::tests
