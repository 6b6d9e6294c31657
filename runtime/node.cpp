#include "runtime/node.hpp"

#include "actors/downloader.hpp"
#include "actors/supervisor.hpp"
#include "actors/verifier.hpp"
#include "actors/verify_worker.hpp"

#include <algorithm>
#include <utility>

namespace blockferry {

node& node::operator=(node&& other) noexcept {
  std::swap(supervisor_, other.supervisor_);
  std::swap(receipt_, other.receipt_);
  return *this;
}

node::~node() {
  // Not `kill`, which ends an actor without its handlers: the supervisor ends its children first.
  if (supervisor_)
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
}

node spawn_node(caf::actor_system& system, const node_options& options, node_ports ports) {
  const auto resume = ports.store->resume();
  const auto receipt = std::make_shared<receipt_slot>();
  const auto child = system.spawn(
      supervisor, supervisor_setup{resume.durable(), options.follow, ports.clock, ports.log,
                                   [receipt](const drain_receipt& last) { receipt->put(last); }});
  verifier_setup verification;
  verification.rules = ports.rules;
  verification.state = resume.state;
  verification.workers = std::max<std::uint32_t>(options.workers, 1);
  verification.floor = options.floor;
  verification.required = options.required;
  verification.make_worker = [&system, rules = ports.rules,
                              stop = verification.give_up.get_token()] {
    return system.spawn(verify_worker, rules, stop);
  };
  downloader_setup download;
  download.options = options;
  download.network = std::move(ports.network);
  download.next_height = resume.state.next_height;
  download.known = resume.known;
  download.seed = ports.seed;

  node_peers peers;
  peers.supervisor = child;
  // Storage calls block: in a process the writer has a thread of its own.
  peers.writer =
      options.detached_writer
          ? system.spawn<caf::detached>(writer, std::move(ports.store), options.group_bytes,
                                        ports.clock)
          : system.spawn(writer, std::move(ports.store), options.group_bytes, ports.clock);
  peers.verifier = system.spawn(verifier, std::move(verification));
  peers.downloader = system.spawn(downloader, std::move(download));
  // The children end with their supervisor, whatever ends it, even before its first message.
  caf::actor_cast<caf::abstract_actor*>(child)->attach_functor(
      [children = node_peers{{}, peers.downloader, peers.verifier, peers.writer}] {
        caf::anon_send_exit(children.downloader, caf::exit_reason::user_shutdown);
        caf::anon_send_exit(children.verifier, caf::exit_reason::user_shutdown);
        caf::anon_send_exit(children.writer, caf::exit_reason::user_shutdown);
      });
  caf::anon_send(child, peers);
  return node{child, receipt};
}

} // namespace blockferry
