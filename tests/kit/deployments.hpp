#pragma once

#include "chain/bytes.hpp"

#include <random>
#include <string_view>
#include <vector>

namespace blockferry::kit {

/// A small program, `name`.aleo, of one mapping and one function; with a constructor, as it has to
/// be from V9 on.  Wire bytes (specification 2.9).
[[nodiscard]] chain::byte_buffer small_program(std::string_view name, bool constructor);

/// A deployment (specification 2.9) and what commits to it.
struct made_deployment {
  chain::byte_buffer wire;
  std::vector<chain::hash> functions; ///< what each adds to the deployment id (specification 4.4)
  std::vector<chain::hash> mappings;  ///< ids
};

/// The deployment of a small program as the consensus version `version` wants it (specification
/// 10.3), its keys by chance.
[[nodiscard]] made_deployment make_deployment(std::uint8_t version, std::string_view name,
                                              const chain::hash& owner, std::mt19937_64& random);

} // namespace blockferry::kit
