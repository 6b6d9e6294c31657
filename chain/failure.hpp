#pragma once

#include "chain/bytes.hpp"
#include "chain/checks.hpp"

#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace blockferry::chain {

using tl::expected;
using tl::make_unexpected;

/// Why a bundle did not pass.
enum class failure_kind : std::uint8_t {
  refused,   ///< a check failed: these bytes are not blocks of this chain
  cancelled, ///< the caller's stop token fired; says nothing about the bytes
};

/// A check that failed, for people and for the receipt.  Plain value.
struct check_failure {
  failure_kind kind = failure_kind::refused;
  check which = check::framing;
  std::optional<height_t> height; ///< of the block, where it was known
  std::uint64_t offset = 0;       ///< bytes from the start of the bundle, where it applies
  std::string expected;           ///< the value the rule demands, in the chain's own form
  std::string found;              ///< the value that was there
  std::string detail;             ///< what was being read or computed, in words
  friend bool operator==(const check_failure&, const check_failure&) = default;
};

/// What a caller that was told to stop gets.
[[nodiscard]] check_failure cancelled();

/// One line: check, height, offset, both values, detail.
[[nodiscard]] std::string to_string(const check_failure& failure);

} // namespace blockferry::chain
