#include "runtime/options/show_options.hpp"

#include <cctype>

namespace blockferry::runtime {
namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\')
      out += '\\';
    out += letter;
  }
  return out + "\"";
}

/// Whole numbers and switches stand as such in TOML, everything else as text.
std::string value_text(const option& one, std::string_view text) {
  const bool bare = one.value_name.empty() || one.value_name == "N" || one.value_name == "H";
  return bare ? std::string{text} : toml_text(text);
}

std::string assignment(const option& one, const std::vector<std::string>& texts) {
  std::string out = key_of(one) + " = ";
  if (!one.repeatable)
    return out + (texts.empty() ? value_text(one, one.value_name == "H" ? "0" : "")
                                : value_text(one, texts.front()));
  out += "[";
  for (const auto& text : texts)
    out += (out.ends_with("[") ? "" : ", ") + toml_text(text);
  return out + "]";
}

} // namespace

std::string show_options(const resolved_options& options, bool origin) {
  std::string out;
  for (const option& one : option_table()) {
    const auto& given = options.given.at(std::string{one.name});
    out += (given.texts.empty() ? "# " : "") + assignment(one, given.texts);
    if (origin)
      out += "  # " + (given.texts.empty() ? std::string{"not set"} : given.origin);
    out += "\n";
  }
  return out;
}

std::string sample_options() {
  std::string out =
      "# Every option of blockferry with its default, for --config FILE. An option is "
      "set by\n# removing the '#' before it; flags and BLOCKFERRY_* variables win "
      "over this file.\n";
  for (const option& one : option_table()) {
    out += "\n# " + std::string{one.help} + "\n";
    out += "# " +
           assignment(one, one.default_text.empty() ? std::vector<std::string>{}
                                                    : std::vector{std::string{one.default_text}}) +
           "\n";
  }
  return out;
}

} // namespace blockferry::runtime
