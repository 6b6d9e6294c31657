#pragma once

#include "chain/network.hpp"
#include "messages/bundles.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace blockferry::bench {

/// The chain that is carried, and from where.
struct carried_chain {
  std::string url;                 ///< of the server on loopback
  std::vector<payload> files;      ///< the same files in memory, for the verify stage alone
  height_t blocks = 0;             ///< in all of them
  std::size_t block_bytes = 0;     ///< of one, for the write stage alone
  std::vector<int> server_threads; ///< process ids whose CPU time counts
  chain::network net;
  chain::level level = chain::level::header;
  unsigned workers = 1;
  std::filesystem::path folder; ///< emptied; on the disk that is measured
};

/// One run of a stage or of the whole.
struct spent {
  double seconds = 0;
  double cpu = 0; ///< seconds, of this process and of the server
};

/// What the transport needs for all files, their bytes thrown away.
[[nodiscard]] spent download_alone(const carried_chain& chain);
/// What the checks need for all files in memory, on all workers, as the verifier orders them.
[[nodiscard]] spent verify_alone(const carried_chain& chain);
/// What the store needs for as many blocks of the same size, in groups as the writer makes them.
[[nodiscard]] spent write_alone(const carried_chain& chain);
/// A node from an empty store to the tip and its receipt.
[[nodiscard]] spent whole_pipeline(const carried_chain& chain);

} // namespace blockferry::bench
