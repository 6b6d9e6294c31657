#pragma once

#include "chain/hash/bits.hpp"
#include "chain/transactions/values.hpp"

#include <array>

namespace blockferry::chain {

/// The bits by which values are hashed (specification 4.4), made while a value is read.
class value_bits {
public:
  void on_literal(const literal& one);
  void on_struct(std::size_t members);
  void on_array(std::size_t elements);
  void on_item(std::string_view name);
  void on_item_end();
  void on_close() {}

  void on_future(std::string_view program, std::string_view function, std::size_t arguments);
  void on_argument(std::uint8_t kind);
  void on_argument_end();
  void on_dynamic(byte_view fields);
  void on_future_end() {}

  void on_owner(bool is_private, field_view owner);
  void on_entry(std::string_view name, std::uint8_t kind);
  void on_ciphertext(byte_view fields);
  /// Ends a record.
  void on_record_end(const record_end& end);

  [[nodiscard]] const bit_string& bits() const noexcept { return bits_; }
  void clear() noexcept;

private:
  void append_text_bits(std::string_view text, std::string_view more = {});
  void append_fields(byte_view fields);
  /// Leaves room for a u16 length.
  void open_length();
  std::size_t close_length();

  bit_string bits_;
  /// Where lengths stand that are not known yet: of items, and of arguments outside of them.
  std::array<std::size_t, 2 * limits::nesting + 3> lengths_{};
  std::size_t open_ = 0;
  std::size_t data_ = 0; ///< where the data length of a record stands
};

/// Bits of a plaintext, future or record in bytes that a reader let pass.
void append_plaintext_bits(value_bits& out, byte_view value);
void append_future_bits(value_bits& out, byte_view value);
void append_record_bits(value_bits& out, byte_view value);

} // namespace blockferry::chain
