#pragma once

#include "chain/checks.hpp"
#include "chain/network.hpp"
#include "messages/drain.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace blockferry::hostile {

/// One sync of a real node: SQLite store, the chain's rules, libcurl.
struct node_run_setup {
  std::filesystem::path store;
  std::vector<std::string> origins;
  std::string ca_file;
  chain::network network;
  std::vector<chain::checkpoint> checkpoints;
  std::optional<chain::height_t> until;
  std::uint32_t compare = 1;
  std::optional<chain::checkpoint> start; ///< the first block of the store; absent: genesis
  /// A check takes as long as a hundred, and the node is asked to stop as soon as one has begun.
  bool drain_in_check = false;
  chain::level floor = chain::level::header;
  std::chrono::milliseconds give_up_after{600};
  std::chrono::milliseconds deadline{200}; ///< of a transfer
  std::chrono::milliseconds low_speed_time{100};
  std::chrono::milliseconds hedge{5'000};
  std::uint64_t seed = 1;
};

/// How it went.
struct node_run_result {
  bool ended = false; ///< by itself, within `node_run_patience`
  drain_receipt receipt;
  std::set<std::string> classes; ///< of every transfer that failed and every bundle refused
  std::uint64_t transfers = 0;
  std::uint64_t checks_begun = 0;      ///< counted with `drain_in_check` alone
  std::uint64_t checks_given_up = 0;   ///< likewise
  std::uint64_t window_bytes_most = 0; ///< that its status reports showed
};

constexpr std::chrono::seconds node_run_patience{30};

/// Time-outs of 50 to 200 ms.  Throws std::runtime_error if the node cannot begin.
[[nodiscard]] node_run_result sync_node(const node_run_setup& setup);

/// SHA-256 over the content of a store that passes every check of its file and records; throws
/// std::runtime_error with what is wrong.  `blocks` is what it must hold.
[[nodiscard]] chain::hash checked_digest(const std::filesystem::path& store, std::uint64_t blocks);

} // namespace blockferry::hostile
