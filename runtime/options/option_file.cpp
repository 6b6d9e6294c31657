#include "runtime/nearest_word.hpp"
#include "runtime/options/option_sources.hpp"
#include "runtime/refuse.hpp"
#include "runtime/toml_text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace blockferry::runtime {
namespace {

constexpr std::uintmax_t file_bytes_max = 1 << 20;

/// A value as it would be written as a flag; none for what no option has.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string())
    return text->get();
  if (const auto* number = node.as_integer())
    return std::to_string(number->get());
  if (const auto* on = node.as_boolean())
    return on->get() ? "true" : "false";
  return std::nullopt;
}

tl::expected<given_value, failure> read_value(const option& one, const toml::node& node,
                                              std::string origin) {
  given_value out{{}, std::move(origin)};
  const auto* list = node.as_array();
  if (list == nullptr) {
    const auto text = text_of(node);
    if (!text)
      return refuse(out.origin + ": " + key_of(one) +
                    " is neither text, a whole number nor true or false");
    out.texts.push_back(*text);
    return out;
  }
  if (!one.repeatable)
    return refuse(out.origin + ": " + key_of(one) + " is one value, not a list");
  for (const auto& element : *list) {
    const auto text = text_of(element);
    if (!text)
      return refuse(out.origin + ": " + key_of(one) + " is a list of texts");
    out.texts.push_back(*text);
  }
  return out;
}

} // namespace

tl::expected<given_values, failure> values_of_toml(std::string_view text,
                                                   const std::string& origin) {
  const auto parsed = parse_toml(text, origin);
  if (!parsed)
    return tl::make_unexpected(parsed.error());
  std::vector<std::string> keys;
  for (const option& one : option_table())
    keys.push_back(key_of(one));
  given_values out;
  for (const auto& [key, node] : *parsed) {
    const auto place = origin + ", line " + std::to_string(node.source().begin.line);
    const auto found = std::ranges::find(keys, key.str());
    if (found == keys.end()) {
      const std::vector<std::string_view> known{keys.begin(), keys.end()};
      return refuse(place + ": '" + std::string{key.str()} + "' is no option" +
                    did_you_mean(key.str(), known));
    }
    const option& one = option_table()[static_cast<std::size_t>(found - keys.begin())];
    auto value = read_value(one, node, place);
    if (!value)
      return tl::make_unexpected(value.error());
    out[std::string{one.name}] = std::move(*value);
  }
  return out;
}

tl::expected<given_values, failure> values_of_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  std::ifstream in{path};
  if (error || !in)
    return refuse("cannot read the configuration file " + path.string() + ": " +
                  (error ? error.message() : std::strerror(errno)));
  if (bytes > file_bytes_max)
    return refuse("the configuration file " + path.string() + " is larger than 1 MiB");
  std::ostringstream text;
  text << in.rdbuf();
  return values_of_toml(text.str(), "file " + path.string());
}

} // namespace blockferry::runtime
