#include "tests/hostile/case_parts.hpp"

#include <algorithm>

namespace blockferry::hostile {
namespace {

void add_connections(std::vector<hostile_case>& out) {
  const auto add = [&](connect_play one, std::string_view fault, std::string what,
                       std::vector<std::string_view> seen) {
    scenario played;
    played.on_connect = one;
    played.connect_times =
        one == connect_play::one_request || one == connect_play::one_request_close ? 0 : 2;
    out.push_back({"connect-" + std::string{to_string(one)}, fault, std::move(what), played,
                   std::move(seen), ending::recovers, origins::hostile_only});
  };
  add(connect_play::silent, "C6", "accepts and never reads", {"cdn_timed_out"});
  add(connect_play::closes, "C1", "accepts and closes", {"cdn_unreachable", "cdn_protocol"});
  add(connect_play::resets, "C1", "accepts and resets", {"cdn_unreachable", "cdn_protocol"});
  add(connect_play::speaks_first, "C15", "an answer before any request",
      // Each answer is that of the request before: a file of blocks is too large for latest.json.
      {"cdn_bad_latest", "cdn_too_large", "bundle_malformed", "bundle_check_failed"});
  add(connect_play::speaks_noise, "C15", "noise before any request",
      {"cdn_protocol", "cdn_bad_status", "cdn_unreachable"});
  add(connect_play::one_request, "C15", "RST for the second request on a connection", {});
  add(connect_play::one_request_close, "C15", "the end for the second request on a connection", {});
}

void add_origins(std::vector<hostile_case>& out) {
  const auto add = [&](std::string name, std::string_view fault, std::string what,
                       std::vector<std::string_view> seen, origins asked) {
    out.push_back(
        {std::move(name), fault, std::move(what), {}, std::move(seen), ending::recovers, asked});
  };
  add("port-closed", "C16", "a mirror where nobody listens", {"cdn_unreachable"},
      origins::port_closed);
  add("name-not-found", "C11", "a host name that does not exist",
      {"cdn_unreachable", "cdn_timed_out"}, origins::name_not_found);
  add("name-hangs", "C11", "a name whose look-up gets no answer", {"cdn_timed_out"},
      origins::name_hangs);
  add("name-to-private", "C11", "a public-looking name that leads to loopback",
      {"cdn_forbidden_address"}, origins::name_to_private);
  add("name-halfway-private", "C11", "a name with a dead public address, and loopback behind it",
      {"cdn_forbidden_address"}, origins::name_halfway_private);
  add("name-with-a-crowd", "C11", "a name with 1,000 dead addresses",
      {"cdn_unreachable", "cdn_timed_out"}, origins::name_with_a_crowd);
  add("proxy-in-environment", "C13", "proxy variables in the environment name a stranger", {},
      origins::proxy_in_environment);
}

void add_tls(std::vector<hostile_case>& out) {
  for_each_tls_fault([&](tls_fault one) {
    scenario played;
    played.tls = one;
    // libcurl takes the subject's name where there is no alternative name.
    const bool fine = one == tls_fault::none || one == tls_fault::only_tls_1_2 ||
                      one == tls_fault::no_alternative_name;
    std::vector<std::string_view> seen;
    if (one == tls_fault::handshake_stalls)
      seen = {"cdn_timed_out"};
    else if (one == tls_fault::handshake_cut)
      seen = {"cdn_tls", "cdn_unreachable"};
    else if (!fine)
      seen = {"cdn_tls"};
    out.push_back({"tls-" + std::string{to_string(one)}, "C12",
                   "TLS: " + std::string{to_string(one)}, played, seen, ending::recovers,
                   fine ? origins::hostile_only : origins::with_honest});
  });
}

/// Plays that are nothing without TLS below them (C12).
void add_over_tls(std::vector<hostile_case>& out) {
  for (const auto& one : all_plays()) {
    if (one.fault != "C12")
      continue;
    auto played = with_rule(one, 1);
    played.tls = tls_fault::only_tls_1_2; // which has renegotiation
    out.push_back({"tls." + std::string{one.name}, one.fault, "TLS: " + std::string{one.what},
                   played, one.classes, ending::recovers, origins::hostile_only});
  }
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
    const auto& one = play_called(name);
    const bool ends_chain = one.target == play_target::blocks &&
                            std::ranges::find(one.classes, "cdn_not_found") != one.classes.end();
    auto played = with_rule(one, 1, ends_chain ? std::optional{always_file} : std::nullopt);
    played.tls = tls_fault::none;
    played.http2 = true;
    auto seen = one.classes;
    if (one.fault == "C1" || one.fault == "C3" || one.fault == "C4")
      seen.insert(seen.end(), {"cdn_protocol", "cdn_truncated", "cdn_unreachable"});
    if (name == "longer-than-length")
      seen = {"cdn_protocol", "cdn_truncated", "cdn_unreachable"};
    if (name == "bare-whole" || name == "closes-after-answer")
      seen = {"cdn_truncated", "cdn_unreachable"}; // of streams that were open beside it
    out.push_back({"http2." + std::string{name}, one.fault, std::string{one.what} + ", over HTTP/2",
                   played, seen, ending::recovers, origins::hostile_only});
    out.back().may_report_none = name == "closes-after-answer"; // where none was open
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
    out.back().may_report_none = one.name == "goaway-after-answer";
  }
}

} // namespace

void add_network_cases(std::vector<hostile_case>& out) {
  add_connections(out);
  add_origins(out);
  add_tls(out);
  add_over_tls(out);
  add_over_http2(out);
  add_http2_frames(out);
}

} // namespace blockferry::hostile
