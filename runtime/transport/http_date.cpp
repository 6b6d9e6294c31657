#include "runtime/transport/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace blockferry::runtime {
namespace {

constexpr std::int64_t wait_seconds_max = 10LL * 365 * 86'400;

std::optional<unsigned> digits(std::string_view text) {
  unsigned out = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{out} : std::nullopt;
}

} // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  // 0....5....10...15...20...25..
  // Sun, 06 Nov 1994 08:49:37 GMT
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
    return std::nullopt;
  const auto month = std::ranges::find(months, text.substr(8, 3));
  const auto day = digits(text.substr(5, 2));
  const auto year = digits(text.substr(12, 4));
  const auto hour = digits(text.substr(17, 2));
  const auto minute = digits(text.substr(20, 2));
  const auto second = digits(text.substr(23, 2));
  if (month == months.end() || !day || !year || !hour || !minute || !second || *hour > 23 ||
      *minute > 59 || *second > 60)
    return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{static_cast<int>(*year)},
      std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
      std::chrono::day{*day}};
  if (!date.ok())
    return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return std::int64_t{days} * 86'400 + std::int64_t{*hour} * 3'600 + *minute * 60 + *second;
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                           std::int64_t now_ms) {
  if (text.empty())
    return std::nullopt;
  std::int64_t seconds = 0;
  if (std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec == std::errc::result_out_of_range)
      seconds = wait_seconds_max;
  } else if (const auto date = parse_http_date(text)) {
    seconds = *date - now_ms / 1'000;
  } else {
    return std::nullopt;
  }
  return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, wait_seconds_max)};
}

} // namespace blockferry::runtime
