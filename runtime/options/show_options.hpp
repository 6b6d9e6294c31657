#pragma once

#include "runtime/options/option_sources.hpp"

#include <string>

namespace blockferry::runtime {

/// Every option as a line of a configuration file, with its help, and what is not set commented
/// out; with `origin`, each says where its value came from.  The result reads back as the same
/// options.
[[nodiscard]] std::string show_options(const resolved_options& options, bool origin);

/// The sample configuration: every option with its help and its default, commented out.
[[nodiscard]] std::string sample_options();

} // namespace blockferry::runtime
