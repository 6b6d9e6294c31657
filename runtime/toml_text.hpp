#pragma once

#include "messages/errors.hpp"
#include "runtime/refuse.hpp"

#include <algorithm>
#include <string>
#include <string_view>

// toml++ 3.3 asserts of a table's header what it then reports as an error of the text.
#define TOML_ASSERT(condition) static_assert(true)
#include <toml++/toml.h>

namespace blockferry::runtime {

/// Parses a TOML text; an error begins with `origin` and the line.
///
/// TOML has characters beyond ASCII in texts and comments only.  Elsewhere toml++ 3.3 looks most of
/// them up in a table of white space that has no row for them, which is undefined behaviour.  So
/// the text is first parsed with '?' in their place, which no text but a valid one survives:
/// outside texts and comments TOML has no '?' either.
[[nodiscard]] inline tl::expected<toml::table, failure> parse_toml(std::string_view text,
                                                                   const std::string& origin) {
  const auto refused = [&origin](const toml::parse_error& error, std::string_view note) {
    return refuse(origin + ", line " + std::to_string(error.source().begin.line) + ": " +
                  std::string{error.description()} + std::string{note});
  };
  const auto beyond_ascii = [](char one) { return static_cast<unsigned char>(one) >= 0x80; };
  std::string plain{text};
  std::replace_if(plain.begin(), plain.end(), beyond_ascii, '?');
  if (plain != text)
    if (const auto shape = toml::parse(plain); !shape)
      return refused(shape.error(), " (each '?' may stand for a part of a character that TOML "
                                    "allows in texts and comments only)");
  auto parsed = toml::parse(text);
  if (!parsed)
    return refused(parsed.error(), "");
  return std::move(parsed).table();
}

} // namespace blockferry::runtime
