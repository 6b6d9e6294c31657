#pragma once

#include "chain/name.hpp"
#include "runtime/nearest_word.hpp"
#include "runtime/options/program_options.hpp"
#include "runtime/options/quantity.hpp"

#include "actors/options.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// How each kind of option is read: functions for `option::set`.
namespace blockferry::runtime::option_values {

template <auto Member>
parsed<void> text(program_options& to, std::string_view value) {
  to.*Member = std::string{value};
  return {};
}

template <auto Member>
parsed<void> toggle(program_options& to, std::string_view value) {
  return parse_switch(value).map([&](bool on) { to.*Member = on; });
}

template <auto Member, std::uint64_t Least, std::uint64_t Most>
parsed<void> count(program_options& to, std::string_view value) {
  return parse_count(value, Least, Most).map([&](std::uint64_t number) {
    to.*Member = static_cast<std::uint32_t>(number);
  });
}

template <auto Member>
parsed<void> height(program_options& to, std::string_view value) {
  return parse_count(value, 0, limits::height_max).map([&](std::uint64_t number) {
    to.*Member = static_cast<height_t>(number);
  });
}

template <auto Member, std::uint64_t LeastBytes>
parsed<void> size(program_options& to, std::string_view value) {
  const auto bytes = parse_size(value);
  if (!bytes)
    return tl::make_unexpected(bytes.error());
  if (*bytes < LeastBytes)
    return tl::make_unexpected("'" + std::string{value} + "' is less than " +
                               std::to_string(LeastBytes) + " bytes");
  to.*Member = *bytes;
  return {};
}

template <auto Member, std::int64_t LeastMs>
parsed<void> duration(program_options& to, std::string_view value) {
  const auto time = parse_duration(value);
  if (!time)
    return tl::make_unexpected(time.error());
  if (time->count() < LeastMs)
    return tl::make_unexpected("'" + std::string{value} + "' is less than " +
                               std::to_string(LeastMs) + "ms");
  to.*Member = *time;
  return {};
}

inline parsed<void> rate(program_options& to, std::string_view value) {
  return parse_rate(value).map([&](std::uint64_t bytes) { to.rate_limit = bytes; });
}

/// A level by its name; `none` is no floor.
[[nodiscard]] parsed<chain::level> level_named(std::string_view value);

parsed<void> cdn_url(program_options& to, std::string_view value);
parsed<void> floor(program_options& to, std::string_view value);
parsed<void> required_check(program_options& to, std::string_view value);
parsed<void> checkpoint(program_options& to, std::string_view value);
parsed<void> start_hash(program_options& to, std::string_view value);
parsed<void> log_level(program_options& to, std::string_view value);

} // namespace blockferry::runtime::option_values
