#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace blockferry::runtime {

/// The line (from 1) of the first character beyond ASCII that stands outside comments and strings,
/// where TOML 1.0 has none.  To be asked before toml++ parses a text: its version 3.3 looks such a
/// character up in a table of white space, and for most of them that is undefined behaviour.
[[nodiscard]] inline std::optional<std::size_t> line_of_stray_character(std::string_view text) {
  std::size_t line = 1;
  char quote = 0; // that of the string we are in
  bool long_string = false;
  bool comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char one = text[i];
    const bool tripled = text.substr(i, 3) == "\"\"\"" || text.substr(i, 3) == "'''";
    if (one == '\n') {
      ++line;
      comment = false;
      if (!long_string)
        quote = 0;
    } else if (comment) {
      continue;
    } else if (quote != 0) {
      if (one == '\\' && quote == '"' && text.substr(i + 1, 1) != "\n")
        ++i; // whatever it escapes
      else if (one == quote && (!long_string || tripled)) {
        i += long_string ? 2 : 0;
        quote = 0;
        long_string = false;
      }
    } else if (one == '"' || one == '\'') {
      quote = one;
      long_string = tripled;
      i += tripled ? 2 : 0;
    } else if (one == '#') {
      comment = true;
    } else if (static_cast<unsigned char>(one) >= 0x80) {
      return line;
    }
  }
  return std::nullopt;
}

} // namespace blockferry::runtime
