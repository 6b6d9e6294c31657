#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace blockferry::runtime {

/// What libcurl was told since `forget_options`, by whatever is linked with this: it stands in for
/// curl_easy_setopt and curl_multi_setopt, keeps the value and passes it on.  Any thread.

/// One value as it was given.
struct option_value {
  std::uintptr_t bits = 0;         ///< a number, or where a pointer points
  std::optional<std::string> text; ///< of an option that takes a text, unless it is null
};

void forget_options();
/// The last value of an option of a transfer (a CURLoption); none if it was never set.
[[nodiscard]] std::optional<option_value> easy_option(int option);
/// The same for an option of all transfers (a CURLMoption).
[[nodiscard]] std::optional<option_value> multi_option(int option);

} // namespace blockferry::runtime
