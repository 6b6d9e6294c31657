#pragma once

#include "chain/checks.hpp"
#include "chain/network.hpp"
#include "messages/bundles.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace blockferry::runtime {

/// Every option of the program, with the values that hold unless something else is said.  What each
/// means stands in `option_table.cpp`, once.
struct program_options {
  std::string store;
  std::string network = "mainnet";
  std::vector<std::string> cdn; ///< empty: the network's public one
  chain::level verify = chain::level::header;
  std::optional<height_t> until;
  std::optional<height_t> start;
  std::optional<chain::hash> start_hash;
  std::string start_file;
  std::vector<chain::checkpoint> checkpoints;
  chain::check_set require;
  std::uint32_t compare = 1;
  std::chrono::milliseconds give_up_after{600'000};
  std::chrono::milliseconds poll_interval{5'000};
  std::uint32_t connections = 8;
  std::uint64_t window = 96ULL << 20;
  std::uint64_t bundle_max = 64ULL << 20;
  std::uint32_t workers = 0; ///< 0: one per core
  std::uint64_t rate_limit = 0;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds stall_timeout{20'000};
  std::chrono::milliseconds transfer_timeout{120'000};
  std::string proxy;
  std::string ca_file;
  bool allow_private = false;
  std::uint64_t disk_reserve = 64ULL << 20;
  bool json = false;
  std::string log_file;
  std::string log_level = "info";
};

} // namespace blockferry::runtime
