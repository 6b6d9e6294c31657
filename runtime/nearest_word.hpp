#pragma once

#include <span>
#include <string>
#include <string_view>

namespace blockferry::runtime {

/// "; did you mean 'x'?" with the nearest of `known` by edits, or nothing where none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> known);

} // namespace blockferry::runtime
