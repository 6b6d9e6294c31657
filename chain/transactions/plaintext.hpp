#pragma once

#include "chain/transactions/limits.hpp"
#include "chain/transactions/literals.hpp"

#include <array>
#include <string_view>

namespace blockferry::chain {

/// Base of visitors of values: each takes what it needs.  Calls come in the order of the wire.
struct value_visitor {
  void on_literal(const literal&) {}
  /// A struct of `members`, an array of `elements`; closed by `on_close`.
  void on_struct(std::size_t) {}
  void on_array(std::size_t) {}
  /// Before each member (its name) or element (empty), and behind it with the bits that were hashed
  /// of it.
  void on_item(std::string_view) {}
  void on_item_end() {}
  void on_close() {}
};

/// Whether a struct's member of this name stands in `members`: u8 length, name, u16 length, bytes.
[[nodiscard]] bool has_member(byte_view members, std::string_view name);

/// Reads a plaintext (specification 2.7) and shows it to `visit`.  Not recursive: the nesting has
/// its bound, and the stack is an array.
template <class Visitor>
class plaintext_walk {
public:
  plaintext_walk(cursor& in, Visitor& visit) : in_{in}, visit_{visit} {}

  void run() {
    do
      read_node();
    while (in_.ok() && next_item());
  }

private:
  /// A struct or array that is being read.
  struct frame {
    const std::uint8_t* members = nullptr; ///< where they begin
    const std::uint8_t* outer = nullptr;   ///< end of what holds the item being read
    std::size_t left = 0;
    std::size_t bits = 0; ///< hashed so far
    bool named = false;
    bool in_item = false;
  };

  void read_node() {
    if (depth_ > limits::nesting)
      return in_.fail("plaintext", "nesting of at most 32", depth_);
    const auto kind = in_.kind("kind of plaintext", 2);
    if (kind == 0) {
      const literal one = read_literal(in_);
      if (!in_.ok())
        return;
      visit_.on_literal(one);
      bits_ = 26 + value_bit_count(one);
      return;
    }
    frame top;
    top.named = kind == 1;
    top.left = top.named
                   ? in_.u8("members of a struct")
                   : in_.count(in_.u32("array length"), 0, limits::array_elements, "array length");
    if (!in_.ok())
      return;
    top.bits = top.named ? 10 : 34;
    top.members = in_.position();
    if (top.named)
      visit_.on_struct(top.left);
    else
      visit_.on_array(top.left);
    frames_[depth_++] = top;
  }

  /// Closes what has ended and begins the next item; false at the end of all.
  bool next_item() {
    while (depth_ > 0) {
      frame& top = frames_[depth_ - 1];
      if (top.in_item)
        end_item(top);
      if (top.left == 0) {
        visit_.on_close();
        bits_ = top.bits;
        --depth_;
        continue;
      }
      --top.left;
      begin_item(top);
      return in_.ok();
    }
    return false;
  }

  void begin_item(frame& top) {
    std::string_view name;
    if (top.named) {
      const auto before = in_.since(top.members);
      name = in_.identifier("name of a struct's member");
      if (in_.ok() && has_member(before, name))
        in_.fail("name of a struct's member", "distinct names", name.size(), name.size() + 1);
      top.bits += 8 + 8 * name.size();
    }
    top.outer = in_.enter(in_.u16("length of a value"), "value");
    top.in_item = true;
    if (in_.ok())
      visit_.on_item(name);
  }

  void end_item(frame& top) {
    in_.leave(top.outer, "end of a value");
    top.in_item = false;
    top.bits += 16 + bits_;
    if (bits_ > limits::value_bits)
      in_.fail("bits of a value", "at most 65535", bits_);
    if (in_.ok())
      visit_.on_item_end();
    else
      top.left = 0;
  }

  cursor& in_;
  Visitor& visit_;
  std::array<frame, limits::nesting + 1> frames_;
  std::size_t depth_ = 0;
  std::size_t bits_ = 0; ///< hashed of the node read last
};

template <class Visitor>
void walk_plaintext(cursor& in, Visitor& visit) {
  plaintext_walk<Visitor>{in, visit}.run();
}

} // namespace blockferry::chain
