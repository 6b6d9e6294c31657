#pragma once

#include "runtime/node_command/node_command.hpp"
#include "runtime/node_command/node_events.hpp"
#include "runtime/node_command/node_plan.hpp"
#include "runtime/node_command/stall_notice.hpp"

#include <chrono>

namespace blockferry::runtime {

/// Shows a node to whoever looks: a live line on a terminal or a plain line every 10 s, JSON lines
/// if asked for, the log, and the receipt.  Main thread, but for `show_second_signal`.
class node_report {
public:
  node_report(const program_options& options, const process_streams& process, event_queue& events);

  void show_opened(const storage::resume_point& from, const node_plan& plan);
  void show_refusal(const failure& why, exit_code code);
  void show(const node_event& event);
  /// `stored`: it is in the store too.
  void show_receipt(const drain_receipt& receipt, exit_code code, bool stored);
  /// Any thread; never blocks.
  void show_second_signal();

  /// What is known now, as a receipt of a stop that was no drain.
  [[nodiscard]] drain_receipt receipt_so_far(drain_reason reason, std::string detail);

  /// When `tick` is to be called next.
  [[nodiscard]] std::chrono::milliseconds due_in() const;
  void tick();
  /// Descriptor to poll for POLLOUT; -1: none.
  [[nodiscard]] int output_waits_for() { return process_.out.waits_for(); }

private:
  void show_status(const node_status& status);
  void show_phase(const phase_changed& news);

  const program_options& options_;
  const process_streams& process_;
  event_queue& events_;
  std::optional<node_status> status_;
  stall_notice stalls_;
  std::chrono::steady_clock::time_point next_line_;
};

} // namespace blockferry::runtime
