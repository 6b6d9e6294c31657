#pragma once

#include "chain/transactions/plaintext.hpp"

namespace blockferry::chain {

/// Visitor of futures (specification 2.7), which shows the plaintexts in their arguments too.
struct future_visitor : value_visitor {
  void on_future(std::string_view /*program*/, std::string_view /*function*/,
                 std::size_t /*arguments*/) {}
  /// 0 plaintext, 1 future, 2 dynamic future.
  void on_argument(std::uint8_t /*kind*/) {}
  void on_argument_end() {}
  /// Program name, program network, function name, checksum: 128 bytes.
  void on_dynamic(byte_view) {}
  void on_future_end() {}
};

/// Reads a future and shows it to `visit`; not recursive.
template <class Visitor>
class future_walk {
public:
  future_walk(cursor& in, Visitor& visit) : in_{in}, visit_{visit} {}

  void run() {
    do
      read_future();
    while (in_.ok() && next_future());
  }

private:
  struct frame {
    const std::uint8_t* outer = nullptr; ///< end of what holds the argument being read
    std::size_t left = 0;
    bool in_argument = false;
  };

  void read_future() {
    if (depth_ > limits::nesting)
      return in_.fail("future", "nesting of at most 32", depth_);
    const auto program = in_.program_id("program of a future");
    const auto function = in_.identifier("function of a future");
    const auto arguments = in_.count(in_.u8("arguments of a future"), 0, limits::future_arguments,
                                     "arguments of a future");
    if (!in_.ok())
      return;
    visit_.on_future(program, function, arguments);
    frames_[depth_++] = {nullptr, arguments, false};
  }

  /// Reads arguments up to the next that is a future; false at the end of all.
  bool next_future() {
    while (depth_ > 0 && in_.ok()) {
      frame& top = frames_[depth_ - 1];
      if (top.in_argument)
        end_argument(top);
      if (!in_.ok())
        return false;
      if (top.left == 0) {
        visit_.on_future_end();
        --depth_;
        continue;
      }
      --top.left;
      if (begin_argument(top))
        return in_.ok();
    }
    return false;
  }

  /// Whether the argument is a future.
  bool begin_argument(frame& top) {
    top.outer = in_.enter(in_.u16("length of an argument"), "argument");
    top.in_argument = true;
    const auto kind = in_.kind("kind of argument", 2);
    if (!in_.ok())
      return false;
    visit_.on_argument(kind);
    if (kind == 0)
      walk_plaintext(in_, visit_);
    else if (kind == 2)
      read_dynamic();
    return kind == 1;
  }

  void read_dynamic() {
    in_.version("dynamic future version");
    const auto* const from = in_.position();
    for (const char* what : {"program name", "program network", "function name", "checksum"})
      in_.field(what);
    if (in_.ok())
      visit_.on_dynamic(in_.since(from));
  }

  void end_argument(frame& top) {
    in_.leave(top.outer, "end of an argument");
    top.in_argument = false;
    if (in_.ok())
      visit_.on_argument_end();
  }

  cursor& in_;
  Visitor& visit_;
  std::array<frame, limits::nesting + 1> frames_;
  std::size_t depth_ = 0;
};

template <class Visitor>
void walk_future(cursor& in, Visitor& visit) {
  future_walk<Visitor>{in, visit}.run();
}

/// Reads a ciphertext; gives its fields, 32 bytes each.
[[nodiscard]] byte_view read_ciphertext(cursor& in);

/// Visitor of records (specification 2.7), which shows the plaintexts in their entries too.
struct record_visitor : value_visitor {
  void on_owner(bool /*is_private*/, field_view /*owner*/) {}
  /// 0 constant, 1 public, 2 private.
  void on_entry(std::string_view /*name*/, std::uint8_t /*kind*/) {}
  void on_ciphertext(byte_view /*fields*/) {}
};

/// What ends a record.
struct record_end {
  std::uint8_t version = 0; ///< 0 or 1
  field_view nonce;
};

/// Reads a record and shows it to `visit`.
template <class Visitor>
record_end walk_record(cursor& in, Visitor& visit) {
  record_end out;
  const auto kind = in.kind("kind of record", 3);
  out.version = kind >> 1;
  const bool is_private = (kind & 1) != 0;
  if (is_private && in.u16("fields of a private owner") != 1 && in.ok())
    in.fail("fields of a private owner", "1", 0);
  const auto owner = in.field("owner of a record");
  const auto entries =
      in.count(in.u8("entries of a record"), 0, limits::record_entries, "entries of a record");
  if (in.ok())
    visit.on_owner(is_private, owner);
  const auto* const begin = in.position();
  for (std::size_t i = 0; i < entries && in.ok(); ++i) {
    const auto before = in.since(begin);
    const auto name = in.identifier("name of an entry");
    if (in.ok() && (name == "owner" || has_member(before, name)))
      in.fail("name of an entry", "distinct names, none of them owner", 0, name.size() + 1);
    const auto* const outer = in.enter(in.u16("length of an entry"), "entry");
    const auto entry = in.kind("kind of entry", 2);
    if (!in.ok())
      break;
    visit.on_entry(name, entry);
    if (entry == 2)
      visit.on_ciphertext(read_ciphertext(in));
    else
      walk_plaintext(in, visit);
    in.leave(outer, "end of an entry");
  }
  out.nonce = in.field("nonce of a record");
  return out;
}

} // namespace blockferry::chain
