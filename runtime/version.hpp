#pragma once

#include <string>

namespace blockferry::runtime {

/// The program's version, those of CAF, SQLite and libcurl, and the code path of the arithmetic on
/// this machine; several lines.
[[nodiscard]] std::string version_text();

} // namespace blockferry::runtime
