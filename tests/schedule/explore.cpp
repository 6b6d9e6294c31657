// Explores schedules of the pipeline, or replays one:
//
//     explore --seeds FIRST COUNT        schedules of these seeds; 1 % of them over the real chain
//                                        check and the real store; 1 % run twice, traces compared
//     explore --real FIRST COUNT         all of them over the real parts
//     explore --every-step COUNT [FIRST] each fault at each step of a sync, with so many seeds
//     explore --exhaust NAME             every schedule of a small configuration: idle, drain,
//     death
//                                        or timers; those that meet in a state are one from there
//                                        on
//     explore --replay SEED [CHOICES]    one schedule, by its seed or by a list of choices;
//                                        --replay-real, --replay-step, --replay-small the same of
//                                        the others
#include "tests/schedule/exhaust.hpp"
#include "tests/schedule/real_voyage.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

using namespace blockferry::schedule;

namespace {

struct tally {
  std::uint64_t runs = 0;
  std::uint64_t real = 0; ///< of them over the real chain check and the real store
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

void one_real(std::uint64_t seed, tally& sum) {
  auto next = chooser_of(seed);
  const auto out = sail_real(seed, *next);
  ++sum.runs;
  ++sum.real;
  sum.steps += out.steps;
  if (!out.violation.empty()) {
    if (++sum.failures <= 5)
      std::cout << "seed " << seed << ", real parts: " << out.violation
                << "\n  replay: explore --replay-real " << seed << "\n";
    return;
  }
  if (sum.real % 100 != 0)
    return;
  auto again = chooser_of(seed);
  if (sail_real(seed, *again).trace != out.trace) {
    ++sum.failures;
    std::cout << "seed " << seed << ", real parts: the same seed made another trace\n";
  }
}

/// Of a hundred seeds one is sailed over the real parts as well, even ones and odd ones in turn.
tally seeds(std::uint64_t first, std::uint64_t count) {
  tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    one(seed, plan_of(seed), sum);
    if (seed % 99 == 49)
      one_real(seed, sum);
  }
  return sum;
}

tally real_seeds(std::uint64_t first, std::uint64_t count) {
  tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed)
    one_real(seed, sum);
  return sum;
}

tally every_step(std::uint64_t count, std::uint64_t first) {
  tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed)
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

const configuration* find(const std::string& name) {
  const auto found = std::ranges::find(configurations(), name, &configuration::name);
  return found == configurations().end() ? nullptr : &*found;
}

/// Every schedule of a small configuration.
int exhaust(const configuration& small) {
  const auto all = exhaust(small.of, {}, [&, told = 0](const outcome& run) mutable {
    std::cout << run.violation << "\n  replay: explore --replay-small " << small.name << " "
              << to_string(run.choices) << "\n";
    return ++told < 5;
  });
  std::cout.precision(16);
  std::cout << small.name << ": " << small.what << "\n"
            << all.schedules << " schedules, " << all.left.size() << " different ends, "
            << all.states << " states, " << all.runs << " runs, " << all.steps << " steps, "
            << all.failures << " failures, " << (all.to_the_end ? "to the end" : "not to the end")
            << "\n";
  return all.failures == 0 ? 0 : 1;
}

int tell(const outcome& out) {
  std::cout << out.steps << " steps, choices " << to_string(out.choices) << "\n"
            << (out.violation.empty() ? "no violation" : out.violation) << "\n";
  return out.violation.empty() ? 0 : 1;
}

int replay(std::uint64_t seed, plan what, const char* choices) {
  auto next = choices != nullptr ? choose_from(parse_list(choices)) : chooser_of(seed);
  return tell(sail(what, *next));
}

} // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  const auto number = [&](int at) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : 0ULL;
  };
  if (mode == "--replay" && argc > 2)
    return replay(number(2), plan_of(number(2)), argc > 3 ? argv[3] : nullptr);
  if (mode == "--replay-real" && argc > 2) {
    auto next = argc > 3 ? choose_from(parse_list(argv[3])) : chooser_of(number(2));
    return tell(sail_real(number(2), *next));
  }
  if (mode == "--replay-step" && argc > 4) {
    plan what = plan_of(number(2));
    what.blocks = 103;
    what.what = static_cast<fault>(number(3));
    what.at_step = number(4);
    return replay(number(2), what, argc > 5 ? argv[5] : nullptr);
  }
  if (mode == "--exhaust" && argc > 2 && find(argv[2]) != nullptr)
    return exhaust(*find(argv[2]));
  if (mode == "--replay-small" && argc > 3 && find(argv[2]) != nullptr)
    return tell(sail(find(argv[2])->of, *choose_from(parse_list(argv[3]))));
  tally sum;
  if (mode == "--seeds" && argc > 3)
    sum = seeds(number(2), number(3));
  else if (mode == "--every-step" && argc > 2)
    sum = every_step(number(2), argc > 3 ? number(3) : 1);
  else if (mode == "--real" && argc > 3)
    sum = real_seeds(number(2), number(3));
  else {
    std::cerr << "usage: explore --seeds FIRST COUNT | --real FIRST COUNT | --every-step COUNT | "
                 "--exhaust idle|drain|death|timers | --replay SEED [CHOICES]\n";
    return 2;
  }
  std::cout << sum.runs << " schedules, " << sum.real << " of them over the real parts, "
            << sum.steps << " steps, " << sum.failures << " failures\n";
  return sum.failures == 0 ? 0 : 1;
}
