#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

/// Quantities as people write them.  Every error says what may stand there.
namespace blockferry::runtime {

template <class T>
using parsed = tl::expected<T, std::string>;

/// A whole number of at most `most`, in decimal digits.
[[nodiscard]] parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least,
                                                std::uint64_t most);
/// Bytes: a number and a unit (B, KB, MB, GB, KiB, MiB, GiB), as in "96MiB" or "1.5 GB".
[[nodiscard]] parsed<std::uint64_t> parse_size(std::string_view text);
/// Bytes a second: a size, with or without "/s" behind it; 0 needs no unit.
[[nodiscard]] parsed<std::uint64_t> parse_rate(std::string_view text);
/// One or more numbers with units (ms, s, m, h, d), as in "250ms" or "1h30m"; at most 366 days.
[[nodiscard]] parsed<std::chrono::milliseconds> parse_duration(std::string_view text);
/// true, false, yes, no, on, off, 1, 0.
[[nodiscard]] parsed<bool> parse_switch(std::string_view text);

/// "1h02m", "12m05s", "7s": for an ETA.
[[nodiscard]] std::string duration_text(std::uint64_t seconds);
/// "12.3 MB": with three digits that mean something.
[[nodiscard]] std::string size_text(double bytes);

} // namespace blockferry::runtime
