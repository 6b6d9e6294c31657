#pragma once

#include "chain/stake/credits_overlay.hpp"

#include <initializer_list>

namespace blockferry::test {

/// Small numbers as addresses, as in the examples of the tests.
[[nodiscard]] inline chain::stake::address who(std::uint16_t x) {
  chain::stake::address made;
  made.bytes[0] = static_cast<std::uint8_t>(x);
  made.bytes[1] = static_cast<std::uint8_t>(x >> 8);
  return made;
}

/// A call of credits.aleo in short.
[[nodiscard]] inline chain::stake::credits_call
call(chain::stake::credits_function function, std::initializer_list<std::uint16_t> people,
     std::uint64_t amount = 0, std::uint8_t commission = 0, bool is_open = false) {
  chain::stake::credits_call made;
  made.function = function;
  std::size_t i = 0;
  for (const std::uint16_t one : people)
    made.who[i++] = who(one);
  made.amount = amount;
  made.commission = commission;
  made.is_open = is_open;
  return made;
}

/// The operations by which a block lists these writes.
[[nodiscard]] inline std::vector<chain::stake::credits_operation>
operations_of(const std::vector<chain::stake::credits_write>& writes) {
  using namespace chain::stake;
  std::vector<credits_operation> listed;
  for (const credits_write& one : writes) {
    const chain::hash key = key_id(one.which, one.key);
    listed.push_back({one.value ? std::uint8_t{2} : std::uint8_t{3}, one.which, key,
                      one.value ? value_id(one.which, key, *one.value) : chain::hash{}});
  }
  return listed;
}

} // namespace blockferry::test
