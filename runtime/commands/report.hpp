#pragma once

#include "runtime/exit_code.hpp"

#include <iosfwd>
#include <string_view>

namespace blockferry::runtime {

/// Tells a failure that ends a command, and gives the code that it ends with.
[[nodiscard]] exit_code report(std::ostream& err, std::string_view command, const failure& why);

} // namespace blockferry::runtime
