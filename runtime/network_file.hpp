#pragma once

#include "chain/network.hpp"
#include "messages/errors.hpp"

#include <filesystem>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace blockferry::runtime {

/// A network by its built-in name, or from a TOML file (specification 10.4).  Errors:
/// `invalid_argument`, which names the file, the key and what may stand there; unknown keys are
/// errors with a suggestion.
[[nodiscard]] tl::expected<chain::network, failure> load_network(const std::string& name_or_file);

/// Reads the text of a network file; `origin` names it in errors, and a genesis file is looked for
/// beside it.
[[nodiscard]] tl::expected<chain::network, failure>
parse_network(std::string_view toml, const std::filesystem::path& origin);

/// The text of a network file that reads back as `net`.
[[nodiscard]] std::string to_toml(const chain::network& net);

} // namespace blockferry::runtime
