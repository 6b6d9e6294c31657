#pragma once

#include "chain/cursor.hpp"

#include <string>
#include <string_view>

namespace blockferry::chain {

/// What a program uses that came with a later consensus version (specification 10.3).
class syntax_notes {
public:
  /// Needs `version` (1 .. 31) or later.
  void needs(unsigned version) noexcept { versions_ |= 1U << version; }
  /// The string type, which V12 took away.
  void uses_strings() noexcept { strings_ = true; }
  [[nodiscard]] bool has(unsigned version) const noexcept {
    return (versions_ >> version & 1) != 0;
  }
  void forget(unsigned version) noexcept { versions_ &= ~(1U << version); }
  [[nodiscard]] bool strings() const noexcept { return strings_; }
  /// A closure whose output is a record, of whatever kind, which V15 took away.
  void closure_gives_record() noexcept { closure_records_ = true; }
  [[nodiscard]] bool closure_records() const noexcept { return closure_records_; }
  /// The program calls itself, a component, a member, an entry or a position so.
  void names(std::string_view name) noexcept;
  /// The version from which one of its names is a restricted word; 0 if none is.
  [[nodiscard]] unsigned restricted_from() const noexcept { return restricted_from_; }
  /// The latest that is needed; 0 if none.
  [[nodiscard]] unsigned latest() const noexcept {
    return versions_ == 0 ? 0U : static_cast<unsigned>(std::bit_width(versions_)) - 1U;
  }

private:
  std::uint32_t versions_ = 0;
  bool strings_ = false;
  bool closure_records_ = false;
  unsigned restricted_from_ = 0;
};

/// A program that is being read, part by part, and on demand its text (specification 2.10).  Each
/// read appends the text of what it read; failures stick in the cursor.
class program_scan {
public:
  /// `text` gets the program's text; null where it is not wanted.
  program_scan(cursor& in, std::string* text) : in_{in}, text_{text} {}

  [[nodiscard]] cursor& in() noexcept { return in_; }
  [[nodiscard]] syntax_notes& notes() noexcept { return notes_; }
  [[nodiscard]] std::uint64_t& writes() noexcept { return writes_; }

  void put(std::string_view text) {
    if (text_ != nullptr)
      text_->append(text);
  }
  void put_number(std::uint64_t number);

  std::string_view identifier(const char* what);
  void program_id(const char* what);
  void locator(const char* what);

  void literal_type();
  void array_type();
  void plaintext_type();
  void value_type();
  void register_type();
  /// The same, of what a closure gives.
  void closure_output_type();
  void finalize_type();

  void register_name(bool plain = false);
  void operand();
  /// Operands with a space before each.
  void operands(std::uint64_t count);
  /// " into", then a register.
  void into();
  void call_operator();
  void instruction(bool in_finalize);
  /// `names_positions`: positions are names that may not be restricted words.
  void command(bool names_positions);

private:
  /// Reads on without text.
  template <class Read>
  void silently(Read read) {
    std::string* const text = text_;
    text_ = nullptr;
    read();
    text_ = text;
  }
  /// Reads again, with text, what was read at `from`, and goes on where it stood.
  template <class Read>
  void again(cursor from, Read read) {
    if (!in_.ok() || text_ == nullptr)
      return;
    std::swap(in_, from);
    read();
    std::swap(in_, from);
  }

  void array_element();
  void dynamic_type(std::string_view name);
  void program_operand(std::uint8_t kind);
  void generator_operand(std::uint8_t kind);
  void read_call(bool in_finalize);
  void read_call_dynamic();
  void typed_list(std::uint64_t count);
  void read_cast();
  std::uint64_t cast_type();
  void read_serialize(bool back);
  void read_get_record();
  void look_up(std::uint8_t kind);
  void look_up_dynamic(std::uint8_t kind);
  void random();
  void set();

  cursor& in_;
  std::string* text_;
  syntax_notes notes_;
  std::uint64_t writes_ = 0; ///< `set` and `remove` commands since it was last reset
};

} // namespace blockferry::chain
