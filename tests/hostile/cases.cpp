#include "tests/hostile/cases.hpp"

#include <algorithm>

namespace blockferry::hostile {
namespace {

/// The file whose refusal a case is about, where it never ends: the second one, so that something
/// is stored before it.
constexpr std::uint64_t always_file = 50;

scenario with_rule(const play& one, unsigned times, std::optional<std::uint64_t> start = {}) {
  scenario out;
  out.rules.push_back({&one, start, times, 100, times == 0});
  return out;
}

/// Each play once for each file: what a client must get over.
void add_once(std::vector<hostile_case>& out) {
  for (const auto& one : all_plays()) {
    // Without its last file a chain ends before it, and rightly so.
    const bool ends_chain = one.target == play_target::blocks &&
                            (one.name == "no-block" ||
                             std::ranges::find(one.classes, "cdn_not_found") != one.classes.end());
    auto& added = out.emplace_back(
        hostile_case{std::string{one.name}, one.fault, std::string{one.what},
                     with_rule(one, 1, ends_chain ? std::optional{always_file} : std::nullopt),
                     one.classes, ending::recovers, origins::hostile_only});
    added.needs_body = lies_in_body(one);
  }
}

/// Wrong content that never ends: the client must say so and stop.
void add_always(std::vector<hostile_case>& out) {
  for (const auto& one : all_plays()) {
    const bool content = one.fault.front() == 'D' && one.target == play_target::blocks;
    const bool refused = content && !one.classes.empty() && one.name != "no-byte" &&
                         one.name != "wrong-genesis" && one.name != "different-each-time";
    if (!refused)
      continue;
    auto& added = out.emplace_back(hostile_case{std::string{one.name} + ".always", one.fault,
                                                std::string{one.what} + ", always, in one file",
                                                with_rule(one, 0, always_file), one.classes,
                                                ending::refused, origins::hostile_only});
    added.needs_body = lies_in_body(one);
  }
  const auto give_up = {"cut-half",       "silent",        "reset-at-once",   "endless-chunks",
                        "endless-header", "gzip-bomb",     "status-503",      "status-404",
                        "redirect-loop",  "dripping-body", "retry-after-1e9", "length-negative",
                        "latest-deep",    "latest-silent"};
  for (const std::string_view name : give_up) {
    const auto& one = *find_play(name);
    out.push_back({std::string{name} + ".always", one.fault, std::string{one.what} + ", always",
                   with_rule(one, 0), one.classes, ending::gives_up, origins::hostile_only});
  }
}

/// C16: whatever one mirror does, another is there.
void add_beside_honest(std::vector<hostile_case>& out) {
  const auto names = {"silent",
                      "dripping-body",
                      "cut-half",
                      "endless-body",
                      "status-500",
                      "status-404",
                      "retry-after-1e9",
                      "redirect-to-canary",
                      "gzip-bomb",
                      "flip-block-hash",
                      "flip-timestamp",
                      "next-file",
                      "gap",
                      "no-block",
                      "different-each-time",
                      "noise",
                      "latest-404",
                      "latest-height-2^32-1",
                      "latest-deep",
                      "wrong-genesis"};
  for (const std::string_view name : names) {
    const auto* one = find_play(name);
    if (one == nullptr)
      continue;
    out.push_back({std::string{name} + ".beside-honest",
                   "C16",
                   std::string{one->what} + ", always, beside an honest mirror",
                   with_rule(*one, 0),
                   {},
                   ending::recovers,
                   origins::with_honest});
  }
}

void add_connections(std::vector<hostile_case>& out) {
  const auto add = [&](connect_play one, std::string_view fault, std::string what,
                       std::vector<std::string_view> classes) {
    scenario played;
    played.on_connect = one;
    played.connect_times =
        one == connect_play::one_request || one == connect_play::one_request_close ? 0 : 2;
    out.push_back({"connect-" + std::string{to_string(one)}, fault, std::move(what), played,
                   std::move(classes), ending::recovers, origins::hostile_only});
  };
  add(connect_play::silent, "C6", "accepts and never reads", {"cdn_timed_out"});
  add(connect_play::closes, "C1", "accepts and closes", {"cdn_unreachable", "cdn_protocol"});
  add(connect_play::resets, "C1", "accepts and resets", {"cdn_unreachable", "cdn_protocol"});
  add(connect_play::speaks_first, "C15", "an answer before any request", {});
  add(connect_play::speaks_noise, "C15", "noise before any request",
      {"cdn_protocol", "cdn_bad_status", "cdn_unreachable"});
  add(connect_play::one_request, "C15", "RST for the second request on a connection", {});
  add(connect_play::one_request_close, "C15", "the end for the second request on a connection", {});
}

void add_origins(std::vector<hostile_case>& out) {
  const auto add = [&](std::string name, std::string_view fault, std::string what,
                       std::vector<std::string_view> classes, origins asked) {
    out.push_back(
        {std::move(name), fault, std::move(what), {}, std::move(classes), ending::recovers, asked});
  };
  add("port-closed", "C16", "a mirror where nobody listens", {"cdn_unreachable"},
      origins::port_closed);
  add("name-not-found", "C11", "a host name that does not exist",
      {"cdn_unreachable", "cdn_timed_out"}, origins::name_not_found);
  add("name-hangs", "C11", "a name whose look-up gets no answer", {"cdn_timed_out"},
      origins::name_hangs);
  add("name-to-private", "C11", "a public-looking name that leads to loopback",
      {"cdn_forbidden_address"}, origins::name_to_private);
  add("proxy-in-environment", "C13", "proxy variables in the environment name a stranger", {},
      origins::proxy_in_environment);
}

void add_chains(std::vector<hostile_case>& out) {
  const auto add = [&](std::string name, std::string_view fault, std::string what,
                       std::vector<std::string_view> classes, ending end,
                       chain_kind served) -> hostile_case& {
    return out.emplace_back(hostile_case{.name = std::move(name),
                                         .fault = fault,
                                         .what = std::move(what),
                                         .played = {},
                                         .classes = std::move(classes),
                                         .end = end,
                                         .served = served});
  };
  const std::vector<std::string_view> check = {"bundle_check_failed"};
  add("fork-against-checkpoint", "D6", "a forged chain against a pinned block", check,
      ending::refused, chain_kind::forked)
      .pinned = true;
  add("fork-against-store", "D7", "a forged chain against committed blocks",
      {"bundle_check_failed", "bundle_contradicts_store"}, ending::refused, chain_kind::forked)
      .stored = 100;
  auto& beside =
      add("fork.beside-honest", "D7", "a forged chain beside an honest one, a block pinned", {},
          ending::recovers, chain_kind::forked);
  beside.pinned = true;
  beside.asked = origins::with_honest;
  auto& compared = add("fork-compared", "D6", "a forged chain beside an honest one, two must agree",
                       {"bundle_mirrors_disagree"}, ending::gives_up, chain_kind::forked);
  compared.asked = origins::with_honest;
  compared.compare = 2;
  add("foreign-chain", "D6", "the chain of another network", {"bundle_check_failed"},
      ending::refused, chain_kind::foreign);
  add("foreign-chain.beside-honest", "D6", "another network's chain beside the right one", {},
      ending::recovers, chain_kind::foreign)
      .asked = origins::with_honest;
  add("large-bundles", "D9", "blocks of 150 KB, files of 7.5 MB", {}, ending::recovers,
      chain_kind::large);
}

void add_tls(std::vector<hostile_case>& out) {
  for_each_tls_fault([&](tls_fault one) {
    scenario played;
    played.tls = one;
    // libcurl takes the subject's name where there is no alternative name.
    const bool fine = one == tls_fault::none || one == tls_fault::no_alternative_name;
    std::vector<std::string_view> classes;
    if (one == tls_fault::handshake_stalls)
      classes = {"cdn_timed_out"};
    else if (one == tls_fault::handshake_cut)
      classes = {"cdn_tls", "cdn_unreachable"};
    else if (!fine)
      classes = {"cdn_tls"};
    out.push_back({"tls-" + std::string{to_string(one)}, "C12",
                   "TLS: " + std::string{to_string(one)}, played, classes, ending::recovers,
                   fine ? origins::hostile_only : origins::with_honest});
  });
}

/// Plays that are also played over HTTP/2, with what a client may make of them there.
void add_over_http2(std::vector<hostile_case>& out) {
  const auto names = {"cut-half",
                      "cut-before-body",
                      "reset-inside-body",
                      "bare-whole",
                      "bare-empty",
                      "longer-than-length",
                      "length-is-a-word",
                      "announced-terabyte",
                      "endless-body",
                      "silent",
                      "silent-before-body",
                      "silent-inside-body",
                      "dripping-body",
                      "delayed",
                      "in-small-pieces",
                      "closes-after-answer",
                      "gzip-bomb",
                      "brotli",
                      "html-error-page",
                      "status-204",
                      "status-206",
                      "status-404",
                      "status-500",
                      "status-503",
                      "retry-after-1e9",
                      "retry-after-word",
                      "redirect-loop",
                      "redirect-to-canary",
                      "a-million-claimed",
                      "gap",
                      "next-file",
                      "count-2^64-1",
                      "truncated",
                      "trailing-megabyte",
                      "noise",
                      "flip-block-hash",
                      "latest-404",
                      "latest-deep"};
  for (const std::string_view name : names) {
    const auto& one = *find_play(name);
    const bool ends_chain = one.target == play_target::blocks &&
                            std::ranges::find(one.classes, "cdn_not_found") != one.classes.end();
    auto played = with_rule(one, 1, ends_chain ? std::optional{always_file} : std::nullopt);
    played.tls = tls_fault::none;
    played.http2 = true;
    auto classes = one.classes;
    if (one.fault == "C1" || one.fault == "C3" || one.fault == "C4")
      classes.insert(classes.end(), {"cdn_protocol", "cdn_truncated", "cdn_unreachable"});
    if (name == "longer-than-length" || name == "bare-whole")
      classes.clear();
    out.push_back({"http2." + std::string{name}, one.fault, std::string{one.what} + ", over HTTP/2",
                   played, classes, ending::recovers, origins::hostile_only});
  }
}

void add_http2_frames(std::vector<hostile_case>& out) {
  scenario played;
  played.tls = tls_fault::none;
  played.http2 = true;
  out.push_back({"http2",
                 "C15",
                 "HTTP/2 as it should be",
                 played,
                 {},
                 ending::recovers,
                 origins::hostile_only});
  for (const auto& one : all_http2_plays()) {
    played.frames = &one;
    out.push_back({"http2-" + std::string{one.name}, "C15", "HTTP/2: " + std::string{one.what},
                   played, one.classes, ending::recovers, origins::hostile_only});
  }
}

} // namespace

std::string_view to_string(ending one) {
  switch (one) {
  case ending::recovers:
    return "recovers";
  case ending::refused:
    return "refused";
  case ending::gives_up:
    return "gives up";
  }
  return "?";
}

bool lies_in_body(const play& one) {
  return one.name == "trailing-byte-in-block" || one.name == "block-cut-short";
}

const std::vector<hostile_case>& all_cases() {
  static const std::vector<hostile_case> cases = [] {
    std::vector<hostile_case> out;
    add_once(out);
    add_connections(out);
    add_origins(out);
    add_tls(out);
    add_over_http2(out);
    add_http2_frames(out);
    add_chains(out);
    add_beside_honest(out);
    add_always(out);
    return out;
  }();
  return cases;
}

const hostile_case* find_case(std::string_view name) {
  const auto found = std::ranges::find(all_cases(), name, &hostile_case::name);
  return found == all_cases().end() ? nullptr : &*found;
}

} // namespace blockferry::hostile
