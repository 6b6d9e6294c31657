#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace blockferry::chain {

/// What follows an opcode on the wire (specification 2.9).
enum class instruction_shape : std::uint8_t {
  one,   ///< as many operands, then a register
  two,   ///
  three, ///
  four,  ///
  comparison,
  call_finalize,
  call,
  call_dynamic,
  cast,
  commit,
  hash_one,
  hash_two,
  serialize,
  deserialize,
  get_record,
};

struct opcode {
  std::string_view name;
  instruction_shape shape = instruction_shape::one;
  std::uint8_t since = 1; ///< consensus version
};

/// The table of instructions: a u16 on the wire is an index into it.
constexpr std::size_t opcode_count = 129;
[[nodiscard]] std::span<const opcode, opcode_count> opcodes() noexcept;

} // namespace blockferry::chain
