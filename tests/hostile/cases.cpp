#include "tests/hostile/cases.hpp"

#include "tests/hostile/case_parts.hpp"

#include <algorithm>
#include <stdexcept>

namespace blockferry::hostile {
namespace {

/// Each play once for each file: what a client must get over.
void add_once(std::vector<hostile_case>& out) {
  for (const auto& one : all_plays()) {
    if (one.fault == "C12")
      continue; // needs TLS
    // Without its last file a chain ends before it, and rightly so.
    const bool ends_chain = one.target == play_target::blocks &&
                            (one.name == "no-block" ||
                             std::ranges::find(one.classes, "cdn_not_found") != one.classes.end());
    auto& added = out.emplace_back(
        hostile_case{std::string{one.name}, one.fault, std::string{one.what},
                     with_rule(one, 1, ends_chain ? std::optional{always_file} : std::nullopt),
                     one.classes, ending::recovers, origins::hostile_only});
    added.needs_body = lies_in_body(one);
    added.may_end_early = lies_about_tip(one);
    if (outlasts_time_outs(one))
      added.deadline = slow_network_deadline;
    // Where chance has it; libcurl asks again by itself where the connection had served before.
    added.may_report_none = one.name == "often-reset" || one.name == "reset-at-once" ||
                            one.name == "close-without-answer";
  }
}

/// Wrong tips that never end: the client may end at the wrong one, and stores nothing wrong.
void add_wrong_tips(std::vector<hostile_case>& out) {
  for (const auto& one : all_plays()) {
    if (!lies_about_tip(one))
      continue;
    auto& added = out.emplace_back(hostile_case{
        std::string{one.name} + ".always", one.fault, std::string{one.what} + ", always",
        with_rule(one, 0), one.classes, ending::recovers, origins::hostile_only});
    added.may_end_early = true;
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
    const auto& one = play_called(name);
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
                      "latest-behind",
                      "latest-far",
                      "latest-backwards",
                      "latest-alternates",
                      "latest-deep",
                      "wrong-genesis"};
  for (const std::string_view name : names) {
    const auto& one = play_called(name);
    auto& added = out.emplace_back(
        hostile_case{std::string{name} + ".beside-honest", "C16",
                     std::string{one.what} + ", always, beside an honest mirror", with_rule(one, 0),
                     one.classes, ending::recovers, origins::with_honest});
    added.may_report_none = true; // the honest mirror may have been faster everywhere
  }
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
      add("fork.beside-honest", "D7", "a forged chain beside an honest one, a block pinned", check,
          ending::recovers, chain_kind::forked);
  beside.pinned = true;
  beside.asked = origins::with_honest;
  auto& compared = add("fork-compared", "D6", "a forged chain beside an honest one, two must agree",
                       {"bundle_mirrors_disagree"}, ending::gives_up, chain_kind::forked);
  compared.asked = origins::with_honest;
  compared.compare = 2;
  add("foreign-chain", "D6", "the chain of another network", {"bundle_check_failed"},
      ending::refused, chain_kind::foreign);
  add("foreign-chain.beside-honest", "D6", "another network's chain beside the right one", check,
      ending::recovers, chain_kind::foreign)
      .asked = origins::with_honest;
  add("large-bundles", "D9", "blocks of 150 KB, files of 7.5 MB", {"cdn_too_large"},
      ending::recovers, chain_kind::large);
  auto& slow = add("slow-to-check", "D10", "files of 7.5 MB, each a hundred times as slow to check",
                   {"cdn_too_large"}, ending::stopped, chain_kind::large);
  slow.may_report_none = true;
}

} // namespace

const play& play_called(std::string_view name) {
  const auto* found = find_play(name);
  if (found == nullptr)
    throw std::logic_error{"a case names the play '" + std::string{name} + "', which is not there"};
  return *found;
}

scenario with_rule(const play& one, unsigned times, std::optional<std::uint64_t> start) {
  scenario out;
  out.rules.push_back({&one, start, times, 100, times == 0});
  return out;
}

std::string_view to_string(ending one) {
  switch (one) {
  case ending::recovers:
    return "recovers";
  case ending::refused:
    return "refused";
  case ending::stopped:
    return "stopped";
  case ending::gives_up:
    return "gives up";
  }
  return "?";
}

bool lies_in_body(const play& one) {
  return one.name == "trailing-byte-in-block" || one.name == "block-cut-short";
}

bool outlasts_time_outs(const play& one) {
  return one.name == "late-by-seconds" || one.name == "rate-limited";
}

bool lies_about_tip(const play& one) {
  return one.name == "latest-behind" || one.name == "latest-far" ||
         one.name == "latest-backwards" || one.name == "latest-alternates";
}

const std::vector<hostile_case>& all_cases() {
  static const std::vector<hostile_case> cases = [] {
    std::vector<hostile_case> out;
    add_once(out);
    add_network_cases(out);
    add_chains(out);
    add_beside_honest(out);
    add_always(out);
    add_wrong_tips(out);
    // A start from a recent height is as safe as one from genesis: one case in three has it.
    for (std::size_t i = 2; i < out.size(); i += 3)
      out[i].from_pin = !out[i].name.starts_with("wrong-genesis");
    // Begins with the file that is slow.
    std::ranges::find(out, "slow-to-check", &hostile_case::name)->from_pin = true;
    return out;
  }();
  return cases;
}

const hostile_case* find_case(std::string_view name) {
  const auto found = std::ranges::find(all_cases(), name, &hostile_case::name);
  return found == all_cases().end() ? nullptr : &*found;
}

} // namespace blockferry::hostile
