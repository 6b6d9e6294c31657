// A program with an actor system of its own that embeds blockferry.  See ../README.md for what it
// shows.
//
//     host BLOCKS_FOLDER WORK_FOLDER
//
// Exit code 0 if everything was as it says, 1 with a line on stderr otherwise.
#include "census.hpp"
#include "folder_transport.hpp"
#include "watcher.hpp"

#include <blockferry/chain/aleo_rules.hpp>
#include <blockferry/runtime/node.hpp>
#include <blockferry/runtime/transport/curl_transport.hpp>
#include <blockferry/storage/reader.hpp>
#include <blockferry/storage/sqlite_store.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <caf/scoped_actor.hpp>

namespace {

using namespace blockferry;
namespace fs = std::filesystem;

constexpr height_t tip_height = 1059;    // of the blocks folder
constexpr height_t first_withheld = 300; // of the mirror that hangs

void require(bool condition, const std::string& what) {
  if (!condition)
    throw std::runtime_error{"not so: " + what};
  std::cout << "ok: " << what << std::endl;
}

template <class T>
T value_of(tl::expected<T, failure> result) {
  if (!result)
    throw std::runtime_error{result.error().message};
  return std::move(*result);
}

std::unique_ptr<storage::store> open(const fs::path& folder) {
  storage::store_options options;
  options.folder = folder;
  options.identity.network = chain::mainnet().name;
  options.identity.network_id = chain::mainnet().id;
  options.identity.genesis = chain::mainnet().genesis;
  return value_of(storage::open_store(options));
}

/// A node and what the host knows of it.
struct embedded {
  node the;
  std::shared_ptr<host::diary> book = std::make_shared<host::diary>();
  listener_actor listener;
};

embedded spawn(caf::actor_system& system, const fs::path& store, std::shared_ptr<transport> network,
               bool follow) {
  node_options options;
  options.mirrors = {"folder:"};
  options.follow = follow;
  options.workers = 2;
  node_ports ports;
  ports.network = std::move(network);
  ports.store = open(store);
  ports.rules = std::make_shared<chain::aleo_rules>(chain::mainnet());
  ports.clock = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  embedded out;
  out.the = spawn_node(system, options, std::move(ports));
  out.listener = system.spawn(host::watcher, out.book);
  caf::anon_send(out.the.supervisor(), out.listener);
  return out;
}

node_status status_of(caf::scoped_actor& self, const embedded& one) {
  node_status status;
  self->request(one.the.supervisor(), caf::infinite, get_status{})
      .receive([&](node_status& reply) { status = std::move(reply); },
               [](caf::error&) { throw std::runtime_error{"get_status was not answered"}; });
  return status;
}

/// Waits for the end of a node's supervisor: its store is closed then.
void await_end(caf::scoped_actor& self) {
  bool down = false;
  self->receive([&](const caf::down_msg&) { down = true; },
                caf::after(std::chrono::seconds{60}) >> [] {});
  require(down, "the supervisor ends");
}

/// Ends a node as a host does that does not care for a receipt, and waits until it is gone.
void kill(caf::scoped_actor& self, embedded& one) {
  self->monitor(one.the.supervisor());
  caf::anon_send_exit(one.listener, caf::exit_reason::user_shutdown);
  one = {};
  await_end(self);
}

void check_stored(const fs::path& store, height_t last) {
  auto reader = value_of(storage::reader::open(store));
  const auto state = value_of(reader.state());
  require(state.state.last && state.state.last->height == last,
          "the store ends at height " + std::to_string(last));
  require(state.block_count == std::uint64_t{last} + 1, "without a gap");
  const auto block = value_of(reader.block_at(last));
  require(block && block->block_hash == state.state.last->block_hash, "its last block is readable");
}

void two_nodes(caf::actor_system& system, const fs::path& blocks, const fs::path& work) {
  caf::scoped_actor self{system};
  auto first =
      spawn(system, work / "first", std::make_shared<host::folder_transport>(blocks), true);
  auto second = spawn(system, work / "second",
                      std::make_shared<host::folder_transport>(blocks, first_withheld), true);

  first.book->wait_for("the first node to follow the tip", [](const auto& all) {
    return !all.phases.empty() && all.phases.back() == node_phase::following;
  });
  auto status = status_of(self, first);
  require(status.durable && status.durable->height == tip_height &&
              status.blocks_committed == tip_height + 1,
          "the first node's status says that all blocks are committed");

  second.book->wait_for("the second node to come as far as its mirror", [](const auto& all) {
    return all.last && all.last->blocks_committed >= first_withheld;
  });
  status = status_of(self, second);
  require(status.durable && status.durable->height == first_withheld - 1,
          "the second node is at the last block its mirror gave");

  self->monitor(first.the.supervisor());
  std::optional<drain_receipt> receipt;
  self->request(first.the.supervisor(), caf::infinite,
                drain_request{drain_reason::requested, "host"})
      .receive([&](drain_receipt& reply) { receipt = std::move(reply); }, [](caf::error&) {});
  require(receipt && receipt->clean && receipt->durable && receipt->durable->height == tip_height &&
              receipt->detail == "host",
          "draining the first node gives a receipt");
  const auto told = first.book->wait_for("the event of the drain",
                                         [](const auto& all) { return all.receipt.has_value(); });
  require(*told.receipt == *receipt && told.phases.back() == node_phase::stopped &&
              told.progress_reports > 0,
          "its subscriber saw progress, the phases and the same receipt");
  await_end(self);
  first = {};

  kill(self, second);
  check_stored(work / "second", first_withheld - 1);
  auto again =
      spawn(system, work / "second", std::make_shared<host::folder_transport>(blocks), false);
  const auto done = again.book->wait_for("the node that was spawned again",
                                         [](const auto& all) { return all.receipt.has_value(); });
  require(done.receipt->clean && done.receipt->reason == drain_reason::completed &&
              done.receipt->blocks_committed == tip_height + 1 - first_withheld,
          "it resumes behind the committed blocks and completes");
}

/// The library's own transport instead of the host's.
void by_curl(caf::actor_system& system, const fs::path& blocks, const fs::path& work) {
  runtime::curl_options curl;
  curl.origins = {"file://" + fs::absolute(blocks).string()};
  auto one = spawn(system, work / "by_curl", value_of(runtime::make_curl_transport(curl)), false);
  const auto done = one.book->wait_for("the node on libcurl",
                                       [](const auto& all) { return all.receipt.has_value(); });
  require(done.receipt->clean && done.receipt->blocks_committed == tip_height + 1,
          "a node on the library's transport completes");
}

/// A node whose host's system ends while transfers hang, without a drain.
void torn_down(caf::actor_system_config& config, const fs::path& blocks, const fs::path& work) {
  caf::actor_system system{config};
  auto network = std::make_shared<host::folder_transport>(blocks, first_withheld);
  auto one = spawn(system, work / "third", network, true);
  one.book->wait_for("the third node to commit",
                     [](const auto& all) { return all.last && all.last->blocks_committed > 0; });
  require(network->hanging() > 0, "transfers are open when the system ends");
  caf::anon_send_exit(one.listener, caf::exit_reason::kill);
}

/// Killed by CAF's own means, and before its first message was looked at.
void killed_at_once(caf::actor_system& system, const fs::path& blocks, const fs::path& work) {
  auto one = spawn(system, work / "fourth", std::make_shared<host::folder_transport>(blocks), true);
  caf::anon_send_exit(one.the.supervisor(), caf::exit_reason::kill);
  caf::anon_send_exit(one.listener, caf::exit_reason::kill);
}

void run(const fs::path& blocks, const fs::path& work) {
  caf::actor_system_config config;
  const auto threads = [] { return host::take_census().threads; };
  const auto alone = threads();
  { // What the runtime libraries set up once in a process is no node's.
    caf::actor_system system{config};
    caf::scoped_actor self{system};
  }
  // The kernel lists a thread for a moment after it was joined: that one is not to be counted.
  require(host::settled(threads, alone) == alone, "a system's threads end with it");
  const auto process_before = host::take_census();
  {
    caf::actor_system system{config};
    const auto before = host::count(system);
    const auto threads_before = host::take_census();
    two_nodes(system, blocks, work);
    by_curl(system, blocks, work);
    killed_at_once(system, blocks, work);
    require(host::settled([&] { return host::count(system); }, before) == before,
            "no actor and no registry entry more than before");
    const auto after = host::settled(host::take_census, threads_before);
    require(after == threads_before,
            "no thread, descriptor, signal handler or logger more: " + to_string(after) +
                "; before: " + to_string(threads_before));
  }
  torn_down(config, blocks, work);
  const auto left = value_of(value_of(storage::reader::open(work / "third")).state());
  require(left.state.next_height % 50 == 0 && left.state.next_height == left.block_count,
          "a system that ends without a drain leaves whole bundles");
  const auto process_after = host::settled(host::take_census, process_before);
  require(process_after == process_before,
          "the process is as before its systems: " + to_string(process_after) +
              "; before: " + to_string(process_before));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: host BLOCKS_FOLDER WORK_FOLDER\n";
    return 2;
  }
  try {
    run(argv[1], argv[2]);
  } catch (const std::exception& why) {
    std::cerr << why.what() << '\n';
    return 1;
  }
  return 0;
}
