#pragma once

#include "runtime/commands/commands.hpp"
#include "runtime/options/option_sources.hpp"

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace blockferry::runtime {

enum class command : std::uint8_t {
  sync,
  run,
  status,
  get,
  verify,
  write_files,
  show_config,
  show_sample,
  demo
};

/// What stands on the command line.
struct command_line {
  command what = command::sync;
  given_values flags;                   ///< options of the table
  std::string config_file;              ///< --config
  bool origin = false;                  ///< config show --origin
  std::string block;                    ///< get
  bool raw = false;                     ///< get
  std::optional<height_t> from;         ///< verify
  std::optional<height_t> to;           ///< verify
  std::optional<chain::level> raise_to; ///< verify --level
  std::string out;                      ///< export --out
  std::string state;                    ///< export --state
};

/// Help, version, or a usage error: what to print, and how to end.
struct early_end {
  std::string text;
  exit_code code = exit_code::done; ///< `done`: the text is what was asked for
};

[[nodiscard]] tl::expected<command_line, early_end> parse_command_line(int argc,
                                                                       const char* const* argv);

} // namespace blockferry::runtime
