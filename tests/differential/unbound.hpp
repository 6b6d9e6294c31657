#pragma once

#include "chain/checks.hpp"
#include "part_map.hpp"

#include <string>
#include <vector>

namespace blockferry::differential {

/// Bytes that nothing binds, and why.
struct unbound {
  part where;
  std::string why;
};

/// The short list of those in a block that passed `content` with this record (README.md).
[[nodiscard]] std::vector<unbound> unbound_parts(chain::byte_view block, const read_block& read,
                                                 const chain::check_record& record);
/// The entry that holds the byte `at`, or null.
[[nodiscard]] const unbound* find(const std::vector<unbound>& list, std::size_t at);

} // namespace blockferry::differential
