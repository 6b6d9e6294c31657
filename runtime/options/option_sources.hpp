#pragma once

#include "messages/errors.hpp"
#include "runtime/options/option_table.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// Where options come from, the first that has one wins: flag, environment, configuration file,
/// default.
namespace blockferry::runtime {

/// The texts given for an option in one source, and where that is, for people.
struct given_value {
  std::vector<std::string> texts;
  std::string origin; ///< "flag --window", "environment BLOCKFERRY_WINDOW", "file x.toml, line 3"
};
/// By option name.
using given_values = std::map<std::string, given_value, std::less<>>;

/// `BLOCKFERRY_*` of an environment block.  A list's values stand apart by spaces; an empty value
/// is no value.  An unknown name is an error with a suggestion.
[[nodiscard]] tl::expected<given_values, failure>
values_of_environment(const char* const* variables);

/// The configuration file: TOML, one key an option, lists as arrays.  An unknown key is an error
/// with a suggestion.
[[nodiscard]] tl::expected<given_values, failure> values_of_file(const std::filesystem::path& path);
/// The same for text; `origin` names it in errors.
[[nodiscard]] tl::expected<given_values, failure> values_of_toml(std::string_view text,
                                                                 const std::string& origin);

/// Options, and where each came from.
struct resolved_options {
  program_options values;
  given_values given; ///< every option of the table; the texts of a default may be empty
};

/// `sources` in falling precedence.  Errors: `invalid_argument`, naming origin, value and what may
/// stand there; a value that loses against a better source is read all the same.
[[nodiscard]] tl::expected<resolved_options, failure>
resolve(const std::vector<given_values>& sources);

} // namespace blockferry::runtime
