#include "runtime/command_line.hpp"
#include "runtime/demo/demo.hpp"
#include "runtime/node_command/node_command.hpp"
#include "runtime/options/show_options.hpp"
#include "runtime/process/signal_watch.hpp"
#include "runtime/process/signals.hpp"
#include "storage/create_store.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <stop_token>
#include <sys/stat.h>
#include <unistd.h>

extern char** environ;

namespace {

using namespace blockferry;
using namespace blockferry::runtime;

constexpr mode_t group_may_read = 027;

/// For signal handlers: no destructor, no buffer, no lock.
void end_process(int code) {
  ::_exit(code);
}

exit_code fail(const std::string& message) {
  std::cerr << "blockferry: " << message << (message.ends_with('\n') ? "" : "\n");
  return exit_code::usage;
}

tl::expected<resolved_options, failure> resolve_options(const command_line& line) {
  auto environment = values_of_environment(environ);
  if (!environment)
    return tl::make_unexpected(environment.error());
  std::vector<given_values> sources{line.flags, std::move(*environment)};
  const char* named = std::getenv("BLOCKFERRY_CONFIG");
  const std::string file = !line.config_file.empty() ? line.config_file : named ? named : "";
  if (!file.empty()) {
    auto values = values_of_file(file);
    if (!values)
      return tl::make_unexpected(values.error());
    sources.push_back(std::move(*values));
  }
  return resolve(sources);
}

exit_code read_store(const command_line& line, const program_options& options,
                     std::stop_token stop) {
  const output_streams to{std::cout, std::cerr};
  switch (line.what) {
  case command::status:
    return run_status({options.store, options.json}, to);
  case command::get:
    return run_get({options.store, line.block,
                    line.raw       ? get_options::form::raw
                    : options.json ? get_options::form::json
                                   : get_options::form::summary},
                   to);
  case command::verify:
    return run_verify(
        {options.store, line.from, line.to, line.raise_to, options.workers, options.json}, to,
        stop);
  case command::write_files:
    return run_export({options.store, line.out, line.state}, to, stop);
  case command::sync:
  case command::run:
  case command::show_config:
  case command::show_sample:
  case command::demo:
    break; // not readers
  }
  return exit_code::other;
}

/// The first signal interrupts; the second ends the process at once.  What these commands have to
/// say goes to the streams: there is no log to reopen.
exit_code run_reader(const command_line& line, const program_options& options) {
  if (options.store.empty())
    return fail("no store is named: --store DIR");
  if (line.what == command::write_files && line.out.empty() && line.state.empty())
    return fail("nothing to write: --out DIR for the CDN's files, or --state FILE");
  const bool long_work = line.what == command::verify || line.what == command::write_files;
  set_signal_mode(long_work ? signal_mode::interrupt : signal_mode::end_at_once);
  std::stop_source stop;
  const signal_watch watch{{[&](int) { stop.request_stop(); },
                            [] { end_process(static_cast<int>(exit_code::interrupted)); }, [] {}}};
  const auto code = read_store(line, options, stop.get_token());
  std::cout.flush();
  if (!std::cout && code == exit_code::done) {
    std::cerr << "blockferry: standard output did not take everything\n";
    return exit_code::other;
  }
  return code;
}

exit_code run(int argc, const char* const* argv) {
  const auto line = parse_command_line(argc, argv);
  if (!line) {
    if (line.error().code != exit_code::done)
      return fail(line.error().text);
    std::cout << line.error().text << std::flush;
    return exit_code::done;
  }
  if (line->what == command::demo) {
    set_signal_mode(signal_mode::interrupt);
    std::stop_source stop;
    const signal_watch watch{{[&](int) { stop.request_stop(); },
                              [] { end_process(static_cast<int>(exit_code::interrupted)); },
                              [] {}}};
    const int result = run_demo(std::cout, stop.get_token());
    return stop.stop_requested()    ? exit_code::interrupted
           : result == EXIT_SUCCESS ? exit_code::done
                                    : exit_code::other;
  }
  if (line->what == command::show_sample) {
    std::cout << sample_options() << std::flush;
    return exit_code::done;
  }
  const auto options = resolve_options(*line);
  if (!options)
    return fail(options.error().message);
  if (line->what == command::show_config) {
    std::cout << show_options(*options, line->origin) << std::flush;
    return exit_code::done;
  }
  if (line->what != command::sync && line->what != command::run)
    return run_reader(*line, options->values);
  if (storage::is_name_of_store(options->values.store, options->values.log_file))
    return fail("--log-file " + options->values.log_file +
                " is a file of the store; nothing was changed. Name another one.");
  error_stream err{STDERR_FILENO};
  auto log = program_log::open(err, options->values.log_level, options->values.log_file);
  if (!log)
    return fail(log.error().message);
  line_writer out{STDOUT_FILENO};
  return run_node(options->values, line->what == command::run, {out, err, *log, end_process});
}

} // namespace

int main(int argc, char** argv) {
  install_signal_handlers(end_process);
  open_standard_streams();
  ::umask(group_may_read);
  try {
    return static_cast<int>(run(argc, argv));
  } catch (const std::exception& error) {
    // No thread, descriptor or memory to be had: whatever was committed stays committed.
    std::cerr << "blockferry: cannot go on: " << error.what() << "\n";
    return static_cast<int>(exit_code::other);
  }
}
