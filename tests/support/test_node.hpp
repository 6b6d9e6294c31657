#pragma once

#include "runtime/node.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/scripted_cdn.hpp"

#include <memory>
#include <string>
#include <vector>

namespace blockferry::testing {

/// What a host hears from a node.
struct node_log {
  std::vector<phase_changed> phases;
  std::vector<node_status> progress;
  std::vector<bundle_refused> refusals;
  std::vector<drain_receipt> drained;  ///< as an event
  std::vector<drain_receipt> receipts; ///< as replies to drain requests
  std::vector<std::string> unanswered; ///< drain requests that got an error
};

/// Takes every event and keeps none, so that what makes them runs in every test.
[[nodiscard]] std::shared_ptr<spdlog::logger> silent_log();

/// What a test node is made of; every port may be another's implementation.
struct test_setup {
  node_options options; ///< as `test_options`
  std::shared_ptr<transport> network;
  std::unique_ptr<storage::store> store;
  std::shared_ptr<const chain::rules> rules;
  std::uint64_t seed = 1;
  std::shared_ptr<spdlog::logger> log = silent_log(); ///< may be null
};

/// Options of a node with so many mirrors, on the test scheduler.
[[nodiscard]] node_options test_options(std::size_t mirrors = 1);

/// A node in a deterministic system, with a listener that notes what it says.
class test_node {
public:
  test_node(deterministic_system& world, test_setup setup);
  /// Kills what is left of the node and lets it end.
  ~test_node();
  test_node(const test_node&) = delete;
  test_node& operator=(const test_node&) = delete;

  [[nodiscard]] const supervisor_actor& supervisor() const { return peers_.supervisor; }
  [[nodiscard]] const node_peers& actors() const noexcept { return peers_; }
  [[nodiscard]] const listener_actor& listener() const noexcept { return listener_; }
  [[nodiscard]] const node_log& log() const noexcept { return *log_; }
  /// As the node keeps it for its host.
  [[nodiscard]] std::optional<drain_receipt> receipt() const { return node_.receipt(); }
  [[nodiscard]] bool ended() const { return !log_->drained.empty(); }

  /// Asks for a drain, from an asker of its own, whose id it returns; the answer goes to
  /// `log().receipts`.
  caf::actor_id ask_drain(drain_reason reason = drain_reason::requested, std::string detail = {});
  /// Asks for a drain and runs until the node has ended.
  const drain_receipt& drain();
  /// Runs what waits and returns the node's status.
  [[nodiscard]] node_status status();
  /// Ends one of the node's actors as a fault in it would.
  template <class Handle>
  void kill(const Handle& handle) {
    caf::anon_send_exit(handle, caf::exit_reason::unhandled_exception);
  }
  /// Gives the node up without a drain, as a host that is torn down does.
  void abandon();

private:
  deterministic_system& world_;
  std::shared_ptr<node_log> log_;
  node node_;
  node_peers peers_;
  listener_actor listener_;
};

/// Where the chain of a store begins, and what is known of the blocks before.
enum class beginning : std::uint8_t {
  genesis,
  pin,        ///< the hash of the first block is known
  start_file, ///< and what its checks need of the blocks before
};
/// A fresh disk for blocks of `chain` from `start` on; from 0 on at genesis.
[[nodiscard]] std::shared_ptr<memory_disk> make_disk(const plain_chain& chain, beginning from,
                                                     height_t start);

/// A plain chain at one or more mirrors, a disk, and nodes that carry the one to the other: what
/// most tests of the pipeline need.
struct test_ferry {
  explicit test_ferry(std::uint32_t blocks, std::size_t mirrors = 1, std::size_t block_bytes = 100);

  deterministic_system world;
  plain_chain chain;
  std::shared_ptr<scripted_cdn> cdn;
  std::shared_ptr<memory_disk> disk = make_disk();
  std::shared_ptr<const chain::rules> rules;
  node_options options;
  std::shared_ptr<spdlog::logger> log = silent_log();

  /// A node on the disk; throws std::runtime_error if the store does not open.
  [[nodiscard]] std::unique_ptr<test_node> start(std::uint64_t seed = 1);
  /// A writer alone, on a disk of its own.
  [[nodiscard]] writer_actor start_writer(std::shared_ptr<memory_disk> on = make_disk());
  /// Runs a node until it ends by itself, and returns its receipt; throws std::runtime_error if it
  /// does not within a day of virtual time.
  drain_receipt sync(std::uint64_t seed = 1);
};

} // namespace blockferry::testing
