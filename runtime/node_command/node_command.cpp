#include "runtime/node_command/node_command.hpp"

#include "runtime/node.hpp"
#include "runtime/node_command/node_events.hpp"
#include "runtime/node_command/node_plan.hpp"
#include "runtime/node_command/node_report.hpp"
#include "runtime/node_json.hpp"
#include "runtime/process/signal_watch.hpp"
#include "runtime/process/signals.hpp"
#include "runtime/process/thread_room.hpp"
#include "runtime/status_socket.hpp"
#include "runtime/version.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

constexpr std::chrono::milliseconds status_patience{900};
/// CAF's own four, the writer, two of the transport, the status socket, and one look-up.
constexpr std::size_t threads_beside_workers = 9;

std::int64_t unix_time_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Passes the first stop signal to the node, whether it comes before or after the node is there.
class stop_switch {
public:
  void node_is(const supervisor_actor& node) {
    const std::lock_guard lock{mutex_};
    node_ = node;
    if (signal_ != 0)
      ask();
  }
  void node_is_gone() {
    const std::lock_guard lock{mutex_};
    node_ = nullptr;
  }
  void stop(int signal) {
    const std::lock_guard lock{mutex_};
    signal_ = signal;
    if (node_)
      ask();
  }

private:
  void ask() { caf::anon_send(node_, drain_request{drain_reason::signal, signal_name(signal_)}); }

  std::mutex mutex_;
  supervisor_actor node_;
  int signal_ = 0;
};

/// The node's own answer, or nothing within the second after which it counts as silent.
std::string ask_status(caf::actor_system& system, const supervisor_actor& node) {
  caf::scoped_actor self{system};
  std::string out;
  self->request(node, status_patience, get_status{})
      .receive(
          [&](const node_status& status) {
            auto json = node_status_json(status);
            json["pid"] = ::getpid();
            out = one_line(json) + "\n";
          },
          [](caf::error&) {});
  return out;
}

/// Shows what the node tells until it has told its receipt.
drain_receipt follow_events(event_queue& events, node_report& report) {
  for (;;) {
    pollfd waits[] = {{events.descriptor(), POLLIN, 0}, {report.output_waits_for(), POLLOUT, 0}};
    ::poll(waits, 2, static_cast<int>(report.due_in().count()));
    report.tick();
    while (auto event = events.pop()) {
      if (const auto* end = std::get_if<drained>(&*event))
        return end->receipt;
      if (std::holds_alternative<node_gone>(*event)) {
        drain_receipt lost = report.receipt_so_far(drain_reason::actor_died, "supervisor");
        lost.error = failure{errc::worker_died,
                             "the supervisor ended without a receipt: the store is what was "
                             "acknowledged, the next start recovers it"};
        return lost;
      }
      report.show(*event);
    }
  }
}

drain_receipt carry(const node_plan& plan, std::unique_ptr<storage::store> store,
                    std::shared_ptr<transport> network, const std::shared_ptr<event_queue>& events,
                    stop_switch& stops, node_report& report, const process_streams& process) {
  // No `parse`: it would read caf-application.ini from wherever the program was started.
  caf::actor_system_config config;
  // One more than verify workers, so that a long check holds up no other actor.
  compat::set_scheduler(config, std::size_t{plan.node.workers} + 1);
  caf::actor_system system{config};
  node_ports ports;
  ports.network = std::move(network);
  ports.store = std::move(store);
  ports.rules = plan.rules;
  ports.clock = unix_time_ms;
  ports.log = process.log.logger();
  ports.seed = std::random_device{}();
  auto running = spawn_node(system, plan.node, std::move(ports));
  listen_to(system, running.supervisor(), events);
  stops.node_is(running.supervisor());
  auto server = status_server::start(
      plan.store.folder, [&, node = running.supervisor()] { return ask_status(system, node); });
  if (!server)
    process.log.logger()->warn("BF102 no live status: {}", server.error().message);
  auto receipt = follow_events(*events, report);
  stops.node_is_gone();
  return receipt;
}

/// The receipt of a stop that came before there was a store to stop.
exit_code stopped_early(node_report& report) {
  auto receipt =
      report.receipt_so_far(drain_reason::signal, signal_name(signals_so_far().first_stop));
  receipt.detail += ", before the store was opened";
  report.show_receipt(receipt, exit_code::done, false);
  return exit_code::done;
}

/// Before anything is touched; throws std::runtime_error.
void require_threads(std::size_t wanted) {
  if (!has_room_for_threads(wanted))
    throw std::runtime_error{"a node needs " + std::to_string(wanted) +
                             " threads, more than this process may have; nothing was changed. "
                             "Raise the limit (ulimit -u, or TasksMax of the unit), or take fewer "
                             "with --workers."};
}

exit_code refuse_start(const failure& why, node_report& report) {
  const auto code = exit_code_of(why);
  report.show_refusal(why, code);
  return code;
}

} // namespace

exit_code run_node(const program_options& options, bool follow, const process_streams& process) {
  const auto events = std::make_shared<event_queue>();
  node_report report{options, process, *events};
  stop_switch stops;
  const signal_watch watch{{[&](int signal) { stops.stop(signal); },
                            [&] {
                              report.show_second_signal();
                              process.end_process(static_cast<int>(exit_code::interrupted));
                            },
                            [&] { process.log.reopen(); }}};
  process.log.logger()->info("BF001 signal handlers in place");
  auto versions = version_text();
  std::ranges::replace(versions, '\n', ';');
  process.log.logger()->info("BF002 {}", versions);
  auto plan = plan_node(options, follow);
  if (!plan)
    return refuse_start(plan.error(), report);
  auto network = make_curl_transport(plan->transport);
  if (!network)
    return refuse_start(network.error(), report);
  if (auto done = check_checkpoints(*plan); !done)
    return refuse_start(done.error(), report);
  require_threads(std::size_t{plan->node.workers} + threads_beside_workers);
  if (signals_so_far().stops > 0)
    return stopped_early(report);
  auto store = storage::open_store(plan->store);
  if (!store)
    return refuse_start(store.error(), report);
  report.show_opened((*store)->resume(), *plan);
  const auto receipt =
      carry(*plan, std::move(*store), std::move(*network), events, stops, report, process);
  const auto code = exit_code_of(receipt);
  report.show_receipt(receipt, code, true);
  return code;
}

} // namespace blockferry::runtime
