#pragma once

#include "runtime/options/program_options.hpp"
#include "runtime/options/quantity.hpp"

#include <span>
#include <string>
#include <string_view>

namespace blockferry::runtime {

/// Which commands take an option.
enum option_users : unsigned {
  carriers = 1,  ///< sync, run
  followers = 2, ///< run alone
  readers = 4,   ///< status, get, verify, export
  talkers = 8,   ///< those of any kind that have a JSON form
  checkers = 16, ///< verify
};

/// One option: flag `--name`, environment `BLOCKFERRY_NAME`, key `name` of the configuration file,
/// with `-` as `_` in the latter two.
struct option {
  std::string_view name;
  std::string_view value_name; ///< of the help; empty: a switch
  std::string_view help;
  std::string_view default_text; ///< as it would be written; empty: not set
  unsigned users = 0;            ///< `option_users`
  bool repeatable = false;
  /// Reads one value into the options; the error says what may stand there.
  parsed<void> (*set)(program_options& to, std::string_view text) = nullptr;
};

/// All options, in the order in which people read them.
[[nodiscard]] std::span<const option> option_table();
/// By flag name, or null.
[[nodiscard]] const option* find_option(std::string_view name);

/// "give-up-after" to "give_up_after" and "BLOCKFERRY_GIVE_UP_AFTER".
[[nodiscard]] std::string key_of(const option& one);
[[nodiscard]] std::string variable_of(const option& one);

} // namespace blockferry::runtime
