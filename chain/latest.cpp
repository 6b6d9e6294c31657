#include "chain/latest.hpp"

#include "chain/name.hpp"
#include "chain/wire.hpp"

#include <algorithm>
#include <string_view>

namespace blockferry::chain {
namespace {

/// A reader for one flat JSON object of numbers and strings, which is all that a latest.json may
/// be: no nesting, so no depth to bound.
class flat_json {
public:
  explicit flat_json(std::string_view text) : left_(text) {}

  expected<height_t, std::string> exclusive_height() {
    if (!take('{'))
      return make_unexpected(std::string{"not a JSON object"});
    std::optional<height_t> found;
    for (bool first = true; !take('}'); first = false) {
      std::string_view name;
      if ((!first && !take(',')) || !take_string(name) || !take(':'))
        return make_unexpected(std::string{"not a flat JSON object"});
      if (name != "exclusive_height") {
        std::string_view ignored;
        if (!take_string(ignored) && !take_number(ignored))
          return make_unexpected("member " + std::string{name} + " is neither number nor string");
        continue;
      }
      std::string_view number;
      if (found)
        return make_unexpected(std::string{"exclusive_height stands there twice"});
      if (!take_number(number))
        return make_unexpected(std::string{"exclusive_height is not a number"});
      const auto value = to_height(number);
      if (!value)
        return make_unexpected("exclusive_height " + std::string{number.substr(0, 24)} +
                               " is not a height");
      found = value;
    }
    skip_space();
    if (!left_.empty())
      return make_unexpected(std::string{"bytes after the JSON object"});
    if (!found)
      return make_unexpected(std::string{"no exclusive_height"});
    return *found;
  }

private:
  void skip_space() {
    const auto at = left_.find_first_not_of(" \t\r\n");
    left_.remove_prefix(at == std::string_view::npos ? left_.size() : at);
  }
  bool take(char wanted) {
    skip_space();
    if (!left_.starts_with(wanted))
      return false;
    left_.remove_prefix(1);
    return true;
  }
  bool take_string(std::string_view& out) {
    if (!take('"'))
      return false;
    const auto end = left_.find_first_of("\"\\");
    if (end == std::string_view::npos || left_[end] == '\\')
      return false; // no name or hash has a character that needs escaping
    out = left_.substr(0, end);
    left_.remove_prefix(end + 1);
    // JSON is UTF-8 without control characters, and no name or hash goes beyond ASCII.
    return std::ranges::all_of(out, [](char c) { return c >= 0x20 && c < 0x7f; });
  }
  bool take_number(std::string_view& out) {
    skip_space();
    auto end = left_.find_first_not_of("-+.0123456789eE");
    if (end == std::string_view::npos)
      end = left_.size();
    out = left_.substr(0, end);
    left_.remove_prefix(end);
    return !out.empty();
  }
  static std::optional<height_t> to_height(std::string_view number) {
    if (number.size() > 10 || number.find_first_not_of("0123456789") != std::string_view::npos)
      return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : number)
      value = 10 * value + static_cast<std::uint64_t>(digit - '0');
    if (value > 0xffffffff || (number.size() > 1 && number.front() == '0'))
      return std::nullopt;
    return static_cast<height_t>(value);
  }

  std::string_view left_;
};

} // namespace

expected<height_t, std::string> parse_latest(byte_view file) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  if (file.size() > latest_bytes_max || file.size() < word)
    return make_unexpected("latest.json of " + std::to_string(file.size()) +
                           " bytes, expected 8 to " + std::to_string(latest_bytes_max));
  if (load_le<std::uint64_t>(file) != file.size() - word)
    return make_unexpected(std::string{"latest.json whose length prefix does not fit its size"});
  const auto text = file.subspan(word);
  return flat_json{{reinterpret_cast<const char*>(text.data()), text.size()}}.exclusive_height();
}

byte_buffer make_latest(height_t last_height, const hash& last_hash) {
  const std::string text =
      "{\"exclusive_height\":" + std::to_string(std::uint64_t{last_height} + 1) +
      ",\"inclusive_height\":" + std::to_string(last_height) + ",\"hash\":\"" +
      block_name(last_hash) + "\"}";
  byte_buffer out;
  append_le(out, std::uint64_t{text.size()});
  out.insert(out.end(), text.begin(), text.end());
  return out;
}

} // namespace blockferry::chain
