#pragma once

#include "chain/program/program_scan.hpp"

#include <vector>

namespace blockferry::chain {

/// A function's name, and its bytes but for the kind of component.
struct program_function {
  std::string_view name;
  byte_view bytes;
};

/// What a program's bytes say (specification 2.9), as far as anybody asks.
struct program {
  std::string_view name; ///< without ".aleo"
  byte_view bytes;
  std::vector<program_function> functions;
  std::vector<std::string_view> records;
  std::vector<std::string_view> mappings;
  bool has_constructor = false;
  std::uint64_t writes = 0; ///< the most that one finalize block or the constructor has
  std::uint64_t constructor_writes = 0;
  syntax_notes notes;
};

/// Reads a program; appends its text (specification 2.10) where `text` is not null.
[[nodiscard]] program read_program(cursor& in, std::string* text = nullptr);

} // namespace blockferry::chain
