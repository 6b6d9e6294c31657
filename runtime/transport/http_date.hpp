#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace blockferry::runtime {

/// Unix time in seconds of a date as HTTP writes it ("Sun, 06 Nov 1994 08:49:37 GMT", RFC 9110
/// 5.6.7); none for anything else, the two obsolete forms among it.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text);

/// A Retry-After (RFC 9110 10.2.3), in seconds or as a date, from `now_ms` (Unix time) on: 0 for a
/// date that is past, at most ten years whatever it says, none where it is neither.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                                         std::int64_t now_ms);

} // namespace blockferry::runtime
