#pragma once

#include "chain/bytes.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::chain {

/// How JSON is laid out.
enum class json_layout : std::uint8_t {
  compact, ///< one line
  pretty,  ///< two spaces a level, as the chain's REST interface answers
};

/// Writes JSON, front to back.  Members and elements come in the order of the calls; commas and
/// line breaks are its own affair.
class json_writer {
public:
  explicit json_writer(json_layout layout) : layout_{layout} {}

  json_writer& begin_object() { return open('{'); }
  json_writer& end_object() { return close('}'); }
  json_writer& begin_array() { return open('['); }
  json_writer& end_array() { return close(']'); }
  /// The name of the member that comes next.
  json_writer& key(std::string_view name);
  json_writer& string(std::string_view text);
  template <std::integral Number>
  json_writer& number(Number value) {
    return raw(std::to_string(value));
  }
  json_writer& boolean(bool value) { return raw(value ? "true" : "false"); }

  [[nodiscard]] std::string take() { return std::move(out_); }

private:
  json_writer& open(char bracket);
  json_writer& close(char bracket);
  json_writer& raw(std::string_view text);
  /// What stands before a value or a name.
  void separate();
  void break_line();
  void quote(std::string_view text);

  json_layout layout_;
  std::string out_;
  std::vector<bool> empty_; ///< one for each container that is open: nothing in it yet
  bool after_key_ = false;
};

} // namespace blockferry::chain
