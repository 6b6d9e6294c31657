#include "runtime/options/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

namespace blockferry::runtime {
namespace {

constexpr double bytes_max = 1e15; // beyond every disk, and exact in a double
constexpr double duration_max_ms = 366.0 * 86'400'000;

struct unit {
  std::string_view name;
  double factor;
};
constexpr std::array size_units{unit{"B", 1},       unit{"KB", 1e3},     unit{"MB", 1e6},
                                unit{"GB", 1e9},    unit{"KiB", 0x1p10}, unit{"MiB", 0x1p20},
                                unit{"GiB", 0x1p30}};
constexpr std::array duration_units{unit{"ms", 1}, unit{"s", 1e3}, unit{"m", 6e4}, unit{"h", 3.6e6},
                                    unit{"d", 8.64e7}};

tl::unexpected<std::string> refuse(std::string_view text, const char* wanted) {
  return tl::make_unexpected("'" + std::string{text} + "' is not " + wanted);
}

void skip_spaces(std::string_view& text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
}

/// Digits, with or without a fraction; no sign, no exponent.
std::optional<double> take_number(std::string_view& text) {
  const auto length = text.find_first_not_of("0123456789.");
  const std::string_view digits = text.substr(0, length);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                            std::chars_format::fixed);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  text.remove_prefix(digits.size());
  return value;
}

template <std::size_t N>
std::optional<double> take_unit(std::string_view& text, const std::array<unit, N>& units) {
  const auto length = text.find_first_of(" 0123456789./");
  const std::string_view name = text.substr(0, length);
  for (const auto& one : units)
    if (one.name == name) {
      text.remove_prefix(name.size());
      return one.factor;
    }
  return std::nullopt;
}

} // namespace

parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < least ||
      value > most)
    return tl::make_unexpected("'" + std::string{text} + "' is not a whole number from " +
                               std::to_string(least) + " to " + std::to_string(most));
  return value;
}

parsed<std::uint64_t> parse_size(std::string_view text) {
  constexpr auto wanted = "a size with its unit: B, KB, MB, GB, KiB, MiB or GiB, as in '96MiB'";
  std::string_view left = text;
  const auto number = take_number(left);
  skip_spaces(left);
  const auto factor = take_unit(left, size_units);
  if (!number || !factor || !left.empty() || *number * *factor > bytes_max)
    return refuse(text, wanted);
  return static_cast<std::uint64_t>(*number * *factor);
}

parsed<std::uint64_t> parse_rate(std::string_view text) {
  if (text == "0")
    return 0;
  std::string_view size = text;
  if (size.ends_with("/s"))
    size.remove_suffix(2);
  const auto bytes = parse_size(size);
  if (!bytes)
    return refuse(text, "a rate with its unit, as in '20MB/s', or 0 for no limit");
  return *bytes;
}

parsed<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr auto wanted = "a duration with its unit: ms, s, m, h or d, as in '250ms' or '1h30m'";
  std::string_view left = text;
  double sum = 0;
  do {
    const auto number = take_number(left);
    skip_spaces(left);
    const auto factor = take_unit(left, duration_units);
    if (!number || !factor || (sum += *number * *factor) > duration_max_ms)
      return refuse(text, wanted);
    skip_spaces(left);
  } while (!left.empty());
  return std::chrono::milliseconds{std::llround(sum)};
}

parsed<bool> parse_switch(std::string_view text) {
  for (const auto yes : {"true", "yes", "on", "1"})
    if (text == yes)
      return true;
  for (const auto no : {"false", "no", "off", "0"})
    if (text == no)
      return false;
  return refuse(text, "true or false");
}

std::string duration_text(std::uint64_t seconds) {
  std::array<char, 48> out{};
  const auto large = static_cast<unsigned long long>(seconds / 3600);
  const auto minutes = static_cast<unsigned>(seconds / 60 % 60);
  const auto rest = static_cast<unsigned>(seconds % 60);
  if (large > 0)
    std::snprintf(out.data(), out.size(), "%lluh%02um", large, minutes);
  else if (minutes > 0)
    std::snprintf(out.data(), out.size(), "%um%02us", minutes, rest);
  else
    std::snprintf(out.data(), out.size(), "%us", rest);
  return out.data();
}

std::string size_text(double bytes) {
  std::array<char, 48> out{};
  const char* names[] = {"B", "KB", "MB", "GB", "TB"};
  std::size_t name = 0;
  for (; bytes >= 1000 && name + 1 < std::size(names); ++name)
    bytes /= 1000;
  std::snprintf(out.data(), out.size(), bytes < 10 && name > 0 ? "%.2f %s" : "%.0f %s", bytes,
                names[name]);
  return out.data();
}

} // namespace blockferry::runtime
