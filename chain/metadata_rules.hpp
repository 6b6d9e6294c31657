#pragma once

#include "chain/front.hpp"
#include "chain/network.hpp"

#include <optional>
#include <string>
#include <utility>

namespace blockferry::chain {

/// A rule that a block breaks.
struct broken_rule {
  check which = check::metadata;
  std::string expected;
  std::string found;
  std::string detail;
  std::size_t offset = 0;              ///< from the block's first byte, where the place is known
  const std::uint8_t* place = nullptr; ///< in the block, from a check that has views and no offsets
};

/// The same, with what breaks it: a view into the block.
[[nodiscard]] inline broken_rule at(byte_view place, broken_rule rule) {
  rule.place = place.data();
  return rule;
}
/// The same, with its distance from the block's first byte.
[[nodiscard]] inline broken_rule at(std::size_t offset, broken_rule rule) {
  rule.offset = offset;
  return rule;
}

/// What a rule says of a block that breaks it, where no offset is known.
[[nodiscard]] inline broken_rule broken(check which, std::string expected, std::string found,
                                        std::string detail) {
  return {which, std::move(expected), std::move(found), std::move(detail)};
}

/// Rules of specification 6.1 that read one front only; none if it keeps them all.
[[nodiscard]] std::optional<broken_rule> check_front_alone(const network& net,
                                                           const block_front& front);

/// Rules of specification 6.3 that read the metadata of a block and of the one before it: targets,
/// rounds, weight.
[[nodiscard]] std::optional<broken_rule>
check_metadata_pair(const network& net, const metadata& previous, const block_front& front);

/// The coinbase target for a block at `timestamp` (specification 6.3), before the lower bound.
/// Times in Unix seconds, `anchor` and `half_life` in seconds, positive.
[[nodiscard]] std::uint64_t retarget(std::uint64_t previous_target, std::int64_t previous_timestamp,
                                     std::int64_t timestamp, std::uint64_t anchor,
                                     std::uint64_t half_life);

/// Decimal text of a 128-bit number.
[[nodiscard]] std::string to_decimal(const uint128& number);

} // namespace blockferry::chain
