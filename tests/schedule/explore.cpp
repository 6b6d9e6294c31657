// Explores schedules of the pipeline, or replays one:
//
//     explore --seeds FIRST COUNT        schedules of these seeds; 1 % run twice, traces compared
//     explore --every-step COUNT         each fault at each step of a sync, with so many seeds
//     explore --exhaust                  one configuration to the end
//     explore --replay SEED [CHOICES]    one schedule, by its seed or by a list of choices
#include "tests/schedule/voyage.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

using namespace blockferry::schedule;

namespace {

struct tally {
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t failures = 0;
};

void report(std::uint64_t seed, const plan& what, const outcome& out) {
  std::cout << "seed " << seed << ", fault " << to_string(what.what);
  if (what.at_step)
    std::cout << " at step " << *what.at_step;
  std::cout << ": " << out.violation << "\n";
  const auto shortest = shrink(what, out.choices);
  std::cout << "  shortest list of choices: " << to_string(shortest) << "\n";
  if (!what.at_step)
    std::cout << "  replay: explore --replay " << seed << " " << to_string(shortest) << "\n";
  else
    std::cout << "  replay: explore --replay-step " << seed << " " << static_cast<int>(what.what)
              << " " << *what.at_step << " " << to_string(shortest) << "\n";
}

void one(std::uint64_t seed, const plan& what, tally& sum) {
  auto next = chooser_of(seed);
  const auto out = sail(what, *next);
  ++sum.runs;
  sum.steps += out.steps;
  if (!out.violation.empty()) {
    if (++sum.failures <= 5)
      report(seed, what, out);
    return;
  }
  if (seed % 100 != 0)
    return;
  auto again = chooser_of(seed);
  if (sail(what, *again).trace != out.trace) {
    ++sum.failures;
    std::cout << "seed " << seed << ": the same seed made another trace\n";
  }
}

tally seeds(std::uint64_t first, std::uint64_t count) {
  tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed)
    one(seed, plan_of(seed), sum);
  return sum;
}

tally every_step(std::uint64_t count) {
  tally sum;
  for (std::uint64_t seed = 1; seed <= count; ++seed)
    for (int kind = 1; kind < static_cast<int>(fault::count); ++kind) {
      plan what = plan_of(seed);
      what.what = static_cast<fault>(kind);
      what.blocks = 103;
      for (std::size_t step = 0;; ++step) {
        what.at_step = step;
        auto next = chooser_of(seed);
        const auto out = sail(what, *next);
        ++sum.runs;
        sum.steps += out.steps;
        if (!out.violation.empty() && ++sum.failures <= 5)
          report(seed, what, out);
        if (out.steps < step)
          break;
      }
    }
  return sum;
}

/// One file of one block, one worker, one mirror, a drain at any step: every schedule there is.
tally exhaust() {
  tally sum;
  plan what;
  what.what = fault::drain;
  what.blocks = 103;
  what.begin = 102;
  what.workers = 1;
  what.mirrors = 1;
  what.sudden_answers = true;
  what.timers = false;
  exhaustive all;
  while (auto next = all.next()) {
    const auto out = sail(what, *next);
    ++sum.runs;
    sum.steps += out.steps;
    if (!out.violation.empty() && ++sum.failures <= 5)
      report(0, what, out);
  }
  return sum;
}

int replay(std::uint64_t seed, plan what, const char* choices) {
  auto next = choices != nullptr ? choose_from(parse_list(choices)) : chooser_of(seed);
  const auto out = sail(what, *next);
  std::cout << out.steps << " steps, choices " << to_string(out.choices) << "\n"
            << (out.violation.empty() ? "no violation" : out.violation) << "\n";
  return out.violation.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  const auto number = [&](int at) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : 0ULL;
  };
  if (mode == "--replay" && argc > 2)
    return replay(number(2), plan_of(number(2)), argc > 3 ? argv[3] : nullptr);
  if (mode == "--replay-step" && argc > 4) {
    plan what = plan_of(number(2));
    what.blocks = 103;
    what.what = static_cast<fault>(number(3));
    what.at_step = number(4);
    return replay(number(2), what, argc > 5 ? argv[5] : nullptr);
  }
  tally sum;
  if (mode == "--seeds" && argc > 3)
    sum = seeds(number(2), number(3));
  else if (mode == "--every-step" && argc > 2)
    sum = every_step(number(2));
  else if (mode == "--exhaust")
    sum = exhaust();
  else {
    std::cerr << "usage: explore --seeds FIRST COUNT | --every-step COUNT | --exhaust | "
                 "--replay SEED [CHOICES]\n";
    return 2;
  }
  std::cout << sum.runs << " schedules, " << sum.steps << " steps, " << sum.failures
            << " failures\n";
  return sum.failures == 0 ? 0 : 1;
}
