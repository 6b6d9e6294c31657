#include "runtime/commands/text.hpp"

#include <ctime>

namespace blockferry::runtime {

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string utc(std::int64_t unix_seconds) {
  constexpr std::int64_t year_10000 = 253402300800;
  const auto when = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  if (unix_seconds < 0 || unix_seconds >= year_10000 || ::gmtime_r(&when, &parts) == nullptr)
    return std::to_string(unix_seconds);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string names_of(chain::check_set checks) {
  std::string out;
  chain::for_each_check(checks, [&](chain::check one) {
    out += (out.empty() ? "" : ", ") + std::string{chain::to_string(one)};
  });
  return out.empty() ? "none" : out;
}

} // namespace blockferry::runtime
