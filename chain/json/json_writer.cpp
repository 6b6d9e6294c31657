#include "chain/json/json_writer.hpp"

namespace blockferry::chain {

void json_writer::break_line() {
  if (layout_ == json_layout::compact)
    return;
  out_ += '\n';
  out_.append(2 * empty_.size(), ' ');
}

void json_writer::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (empty_.empty())
    return;
  if (!empty_.back())
    out_ += ',';
  empty_.back() = false;
  break_line();
}

json_writer& json_writer::open(char bracket) {
  separate();
  out_ += bracket;
  empty_.push_back(true);
  return *this;
}

json_writer& json_writer::close(char bracket) {
  const bool was_empty = empty_.back();
  empty_.pop_back();
  if (!was_empty)
    break_line();
  out_ += bracket;
  return *this;
}

json_writer& json_writer::raw(std::string_view text) {
  separate();
  out_ += text;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  separate();
  quote(name);
  out_ += layout_ == json_layout::compact ? ":" : ": ";
  after_key_ = true;
  return *this;
}

json_writer& json_writer::string(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

void json_writer::quote(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out_ += '"';
  for (const char one : text) {
    switch (one) {
    case '"':
      out_ += "\\\"";
      break;
    case '\\':
      out_ += "\\\\";
      break;
    case '\n':
      out_ += "\\n";
      break;
    case '\r':
      out_ += "\\r";
      break;
    case '\t':
      out_ += "\\t";
      break;
    case '\b':
      out_ += "\\b";
      break;
    case '\f':
      out_ += "\\f";
      break;
    default:
      if (const auto byte = static_cast<unsigned char>(one); byte < 0x20) {
        out_ += "\\u00";
        out_ += digits[byte >> 4];
        out_ += digits[byte & 0x0f];
      } else {
        out_ += one;
      }
    }
  }
  out_ += '"';
}

} // namespace blockferry::chain
