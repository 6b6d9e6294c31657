#include "chain/json/value_text.hpp"

#include "chain/transactions/values.hpp"

#include <optional>
#include <vector>

namespace blockferry::chain {
namespace {

constexpr std::size_t indent = 2;

/// Writes values as their parts come.
class text_maker : public future_visitor {
public:
  explicit text_maker(std::string& out) : out_{out} {}

  void on_literal(const literal& one) { append_text(out_, one); }
  void on_struct(std::size_t members) { open('{', '}', members); }
  void on_array(std::size_t elements) { open('[', ']', elements); }
  void on_item(std::string_view name) {
    if (!containers_.back().first)
      out_ += ',';
    containers_.back().first = false;
    line(containers_.size());
    if (!name.empty())
      out_.append(name).append(": ");
  }
  void on_close() {
    const container top = containers_.back();
    containers_.pop_back();
    if (!top.first)
      line(containers_.size());
    out_ += top.end;
  }

  void on_future(std::string_view program, std::string_view function, std::size_t arguments) {
    const std::size_t depth = 2 * futures_.size();
    futures_.push_back(arguments);
    out_ += '{';
    line(depth + 1);
    out_.append("program_id: ").append(program).append(".aleo,");
    line(depth + 1);
    out_.append("function_name: ").append(function).append(",");
    line(depth + 1);
    out_ += arguments == 0 ? "arguments: []" : "arguments: [";
    has_arguments_.push_back(arguments != 0);
  }
  void on_argument(std::uint8_t kind) {
    line(2 * futures_.size());
    is_future_ = kind == 1;
  }
  void on_argument_end() {
    // `is_future_` tells of the argument that ended last: futures set it when they end.
    if (--futures_.back() != 0)
      out_ += ',';
    else if (is_future_)
      line(2 * futures_.size() - 1);
    is_future_ = false;
  }
  void on_future_end() {
    const std::size_t depth = 2 * (futures_.size() - 1);
    if (has_arguments_.back()) {
      line(depth + 1);
      out_ += ']';
    }
    line(depth);
    out_ += '}';
    futures_.pop_back();
    has_arguments_.pop_back();
    is_future_ = true;
  }
  void on_dynamic(byte_view fields);

private:
  struct container {
    char end = '}';
    bool first = true;
  };

  void open(char begin, char end, std::size_t) {
    out_ += begin;
    containers_.push_back({end, true});
  }
  void line(std::size_t depth) {
    out_ += '\n';
    out_.append(indent * depth, ' ');
  }

  std::string& out_;
  std::vector<container> containers_;
  std::vector<std::size_t> futures_; ///< arguments that are left, of each that is open
  std::vector<bool> has_arguments_;
  bool is_future_ = false;
};

/// A field element that holds the ASCII of an identifier, first letter lowest.
std::optional<std::string> name_in(byte_view field) {
  std::string out;
  std::size_t size = field.size();
  while (size > 0 && field[size - 1] == 0)
    --size;
  byte_buffer wire{static_cast<std::uint8_t>(size)};
  wire.insert(wire.end(), field.begin(), field.begin() + static_cast<std::ptrdiff_t>(size));
  cursor in{wire};
  out = in.identifier("name");
  return in.ok() ? std::optional{out} : std::nullopt;
}

void text_maker::on_dynamic(byte_view fields) {
  const auto part = [&](std::size_t index) { return fields.subspan(32 * index, 32); };
  const auto program = name_in(part(0)), network = name_in(part(1)), function = name_in(part(2));
  out_ += "{ _program_id: ";
  if (program && network && function) {
    out_.append(*program).append(".").append(*network);
    out_.append(", _function_name: ").append(*function);
  } else {
    append_number(out_, part(0), "field.");
    append_number(out_, part(1), "field, _function_name: ");
    append_number(out_, part(2), "field");
  }
  out_ += ", _checksum: ";
  append_number(out_, part(3), "field }");
}

} // namespace

std::string plaintext_text(byte_view value) {
  std::string out;
  text_maker maker{out};
  cursor in{value};
  walk_plaintext(in, maker);
  return out;
}

std::string future_text(byte_view value) {
  std::string out;
  text_maker maker{out};
  cursor in{value};
  walk_future(in, maker);
  return out;
}

} // namespace blockferry::chain
