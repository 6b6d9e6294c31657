#pragma once

#include "tests/hostile/other_chains.hpp"
#include "tests/hostile/scenario.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// How `sync` ends against a case.
enum class ending : std::uint8_t {
  recovers, ///< exit 0, with every block of the chain
  refused,  ///< exit 3: the same refused bytes from everywhere; what is stored is a right prefix
  gives_up, ///< exit 4 after --give-up-after; what is stored is a right prefix
};

/// The origins that a case is played to.
enum class origins : std::uint8_t {
  hostile_only,
  with_honest,     ///< an honest mirror beside it
  name_not_found,  ///< a host name that does not exist, and an honest mirror
  name_to_private, ///< a name, not written as an address, that leads to loopback; and an honest one
  port_closed,     ///< nobody listens, and an honest mirror
  proxy_in_environment, ///< http_proxy and its like name the canary
};

/// One named case.
struct hostile_case {
  std::string name;
  std::string_view fault; ///< row of the catalogue
  std::string what;       ///< in words
  scenario played;
  std::vector<std::string_view> classes; ///< error codes, one of which the client must report
  ending end = ending::recovers;
  origins asked = origins::hostile_only;
  chain_kind served = chain_kind::honest;
  bool pinned = false;       ///< the client has the honest tip for a checkpoint
  std::uint64_t stored = 0;  ///< blocks that the client has from an honest mirror before
  std::uint32_t compare = 1; ///< mirrors that must agree
};

[[nodiscard]] std::string_view to_string(ending one);

/// All named cases, in fixed order.
[[nodiscard]] const std::vector<hostile_case>& all_cases();
/// By name, or null.
[[nodiscard]] const hostile_case* find_case(std::string_view name);

} // namespace blockferry::hostile
