#pragma once

#include "tests/hostile/http2_plays.hpp"
#include "tests/hostile/play.hpp"
#include "tests/hostile/tls_faults.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// What a server does about a connection, before any request.
enum class connect_play : std::uint8_t {
  normal,
  silent,            ///< accepts and never reads
  closes,            ///< the end at once
  resets,            ///< RST at once
  speaks_first,      ///< an answer before any request
  speaks_noise,      ///< bytes that are no HTTP before any request
  one_request,       ///< RST for the second request on a connection
  one_request_close, ///< the end for the second request on a connection
};

/// When a play is on.
struct rule {
  const play* what = nullptr;
  std::optional<std::uint64_t> file_start; ///< only for this file; absent: for all of its target
  unsigned times = 1;     ///< the first so many requests for a file; 0: all of them
  unsigned percent = 100; ///< chance of each of those, by the server's seed
  bool same = false;      ///< the same random bytes at each request for a file
};

/// Everything a server does wrong.
struct scenario {
  std::vector<rule> rules; ///< the first that is on plays
  connect_play on_connect = connect_play::normal;
  unsigned connect_times = 0; ///< the first so many connections; 0: all of them
  tls_fault tls = tls_fault::no_tls;
  bool http2 = false;                 ///< over TLS, and nothing else is agreed to
  const http2_play* frames = nullptr; ///< on the first two connections, or once for each file
};

/// Reads a scenario from JSON; throws std::runtime_error with the reason.
///
///     {"tls": "expired", "connect": "silent", "connect_times": 3, "http2": true,
///      "frames": "settings-flood",
///      "rules": [{"play": "cut-half", "start": 100, "times": 2, "percent": 50}]}
[[nodiscard]] scenario scenario_of_json(std::string_view text);

/// A mix of all plays by seed: each request meets one with a chance of three in ten, and no file
/// more than four, so that a stubborn client comes through.
[[nodiscard]] scenario mixed_scenario(std::uint64_t seed);

[[nodiscard]] std::string_view to_string(connect_play one);

} // namespace blockferry::hostile
