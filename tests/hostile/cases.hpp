#pragma once

#include "tests/hostile/other_chains.hpp"
#include "tests/hostile/scenario.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// How `sync` ends against a case.
enum class ending : std::uint8_t {
  recovers, ///< exit 0, with every block of the chain
  refused,  ///< exit 3: the same refused bytes from everywhere; what is stored is a right prefix
  stopped,  ///< exit 0: drained inside a check that takes long, which is given up
  gives_up, ///< exit 4 after --give-up-after; what is stored is a right prefix
};

/// The origins that a case is played to.
enum class origins : std::uint8_t {
  hostile_only,
  with_honest,     ///< an honest mirror beside it
  name_not_found,  ///< a host name that does not exist, and an honest mirror
  name_to_private, ///< a name, not written as an address, that leads to loopback; and an honest one
  name_halfway_private, ///< a name with a dead public address and with loopback, and an honest one
  name_with_a_crowd,    ///< a name with 1,000 dead addresses, and an honest mirror
  name_hangs,           ///< a name whose look-up gets no answer, and an honest mirror
  port_closed,          ///< nobody listens, and an honest mirror
  proxy_in_environment, ///< http_proxy and its like name the canary
};

/// The last height of the file in which a fork begins: a checkpoint there keeps all of it out.
constexpr std::uint64_t pinned_height = 99;

/// The height of a start that is not genesis: the first of the second file.
constexpr std::uint64_t pinned_start = 50;

/// One named case.
struct hostile_case {
  std::string name;
  std::string_view fault; ///< row of the catalogue
  std::string what;       ///< in words
  scenario played;
  /// Error codes that the client may report, and no other but `cdn_timed_out`, which a busy machine
  /// adds anywhere; one of them it must, unless `may_report_none`.
  std::vector<std::string_view> classes;
  ending end = ending::recovers;
  origins asked = origins::hostile_only;
  chain_kind served = chain_kind::honest;
  bool pinned = false;       ///< the client has the honest block `pinned_height` for a checkpoint
  std::uint64_t stored = 0;  ///< blocks that the client has from an honest mirror before
  std::uint32_t compare = 1; ///< mirrors that must agree
  bool needs_body = false;   ///< seen from level `consensus` on only: it lies in a block's body
  /// The client may rightly take the chain to be shorter, until the faults stop.
  bool may_end_early = false;
  bool may_report_none = false;
  /// The client begins at the honest block `pinned_start`, whose hash it was given.
  bool from_pin = false;
  /// Of a transfer; what is slow by design gets more.
  std::chrono::milliseconds deadline{200};
};

[[nodiscard]] std::string_view to_string(ending one);

/// Whether only a client that reads bodies (from level `consensus` on) can see a play.
[[nodiscard]] bool lies_in_body(const play& one);

/// Whether a play is slower than quick time-outs allow, and no more than slow.
[[nodiscard]] bool outlasts_time_outs(const play& one);

/// Whether a play gives a wrong tip that is a right latest.json.
[[nodiscard]] bool lies_about_tip(const play& one);

/// All named cases, in fixed order.
[[nodiscard]] const std::vector<hostile_case>& all_cases();
/// By name, or null.
[[nodiscard]] const hostile_case* find_case(std::string_view name);

} // namespace blockferry::hostile
