#pragma once

#include "actors/options.hpp"
#include "chain/aleo_rules.hpp"
#include "runtime/options/program_options.hpp"
#include "runtime/transport/curl_transport.hpp"
#include "storage/sqlite_store.hpp"

#include <memory>

#include <tl/expected.hpp>

namespace blockferry::runtime {

/// What the options mean for a node, complete and fit together, with nothing touched yet.
struct node_plan {
  chain::network network;
  std::shared_ptr<const chain::rules> rules;
  node_options node;
  curl_options transport;
  storage::store_options store;
  std::vector<chain::checkpoint> checkpoints; ///< the network's and the operator's
};

/// Reads network file and start file.  Errors: `invalid_argument`, naming the options that do not
/// fit each other and what would.
[[nodiscard]] tl::expected<node_plan, failure> plan_node(const program_options& options,
                                                         bool follow);

/// Holds what an existing store has against the checkpoints: a new one may contradict old blocks.
/// `bundle_check_failed` names the height and both hashes.  Passes where there is no store.
[[nodiscard]] tl::expected<void, failure> check_checkpoints(const node_plan& plan);

} // namespace blockferry::runtime
