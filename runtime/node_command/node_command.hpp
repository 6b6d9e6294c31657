#pragma once

#include "runtime/exit_code.hpp"
#include "runtime/options/program_options.hpp"
#include "runtime/process/log.hpp"
#include "runtime/process/streams.hpp"

namespace blockferry::runtime {

/// What a command has of the process.
struct process_streams {
  line_writer& out;
  error_stream& err;
  program_log& log;
  /// Ends the process at once, with that exit code; does not return.
  void (*end_process)(int);
};

/// `sync`, and with `follow` `run`: carries the chain until it is done or told to stop, and ends in
/// a receipt.
[[nodiscard]] exit_code run_node(const program_options& options, bool follow,
                                 const process_streams& process);

} // namespace blockferry::runtime
