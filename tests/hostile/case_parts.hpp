#pragma once

#include "tests/hostile/cases.hpp"

namespace blockferry::hostile {

/// The file whose refusal a case is about, where it never ends: the second one, so that something
/// is stored before it.
constexpr std::uint64_t always_file = 50;
/// Of a transfer over a network that is slow but works: beyond 5 s of delay, and 60 KB at 100
/// kbit/s.
constexpr std::chrono::milliseconds slow_network_deadline{8'000};

/// The play that a list of cases names; throws std::logic_error where there is none, since a case
/// would be missing without a word.
[[nodiscard]] const play& play_called(std::string_view name);

/// One play, for the first `times` requests for each file, or always for 0; only for the file that
/// starts at `start` if that is given.
[[nodiscard]] scenario with_rule(const play& one, unsigned times,
                                 std::optional<std::uint64_t> start = {});

/// Cases of connections, names, TLS and HTTP/2.
void add_network_cases(std::vector<hostile_case>& out);

} // namespace blockferry::hostile
