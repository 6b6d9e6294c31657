// Explores schedules of the pipeline, or replays one:
//
//     explore --seeds FIRST COUNT        schedules of these seeds; 1 % of them over the real chain
//                                        check and the real store; one of 101 is run twice
//     explore --real FIRST COUNT         all of them over the real parts
//     explore --every-step COUNT [FIRST] each fault at each step of a sync, with so many seeds
//     explore --exhaust NAME             every schedule of a small configuration; those that meet
//                                        in a state are one from there on
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

std::string program = "explore"; ///< as it was called, for the commands that replay

struct tally {
  std::uint64_t runs = 0;
  std::uint64_t real = 0; ///< of them over the real chain check and the real store
  std::uint64_t steps = 0;
  std::uint64_t failures = 0;
};

/// Says how to see a failure again, and the least that it takes.
void report(const std::string& what, const outcome& out, const sailor& run,
            const std::string& replay) {
  std::cout << what << ": " << out.violation << "\n  replay: " << program << " " << replay << " "
            << to_string(shrink(run, out.choices)) << "\n";
}

/// One schedule; of 101 one is run twice.
void one(std::uint64_t seed, const std::string& what, const sailor& run, const std::string& replay,
         tally& sum) {
  const auto out = run(*chooser_of(seed));
  sum.steps += out.steps;
  if (!out.violation.empty()) {
    if (++sum.failures <= 5)
      report(what, out, run, replay);
  } else if ((sum.runs + seed) % 101 == 0 && run(*chooser_of(seed)).trace != out.trace) {
    ++sum.failures;
    std::cout << what << ": the same seed made another trace\n  replay: " << program << " "
              << replay << "\n";
  }
  ++sum.runs;
}

void one_plan(std::uint64_t seed, tally& sum) {
  const auto what = plan_of(seed);
  one(
      seed, "seed " + std::to_string(seed) + ", " + faults_of(what),
      [&](chooser& next) { return sail(what, next); }, "--replay " + std::to_string(seed), sum);
}

void one_real(std::uint64_t seed, tally& sum) {
  ++sum.real;
  one(
      seed, "seed " + std::to_string(seed) + ", real parts",
      [&](chooser& next) { return sail_real(seed, next); }, "--replay-real " + std::to_string(seed),
      sum);
}

/// Of a hundred seeds one is sailed over the real parts as well, even ones and odd ones in turn.
tally seeds(std::uint64_t first, std::uint64_t count) {
  tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    one_plan(seed, sum);
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

/// This fault at each step of a sync.
void every_step(std::uint64_t seed, fault kind, tally& sum) {
  for (std::size_t step = 0, steps = 0; steps >= step; ++step) {
    const auto what = plan_of(seed, kind, step);
    one(
        seed,
        "seed " + std::to_string(seed) + ", " + faults_of(what) + " at step " +
            std::to_string(step),
        [&](chooser& next) {
          auto out = sail(what, next);
          steps = out.steps;
          return out;
        },
        "--replay-step " + std::to_string(seed) + " " + std::to_string(static_cast<int>(kind)) +
            " " + std::to_string(step),
        sum);
  }
}

tally every_step(std::uint64_t count, std::uint64_t first) {
  tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed)
    for (int kind = 1; kind < static_cast<int>(fault::count); ++kind)
      every_step(seed, static_cast<fault>(kind), sum);
  return sum;
}

const configuration* find(const std::string& name) {
  const auto found = std::ranges::find(configurations(), name, &configuration::name);
  return found == configurations().end() ? nullptr : &*found;
}

/// Every schedule of a small configuration.
int exhaust(const configuration& small) {
  const auto all = exhaust(small.of, {}, [&, told = 0](const outcome& run) mutable {
    std::cout << run.violation << "\n  replay: " << program << " --replay-small " << small.name
              << " " << to_string(run.choices) << "\n";
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

/// By its list of choices; without one by its seed, twice, for it must be the same again.
int replay(std::uint64_t seed, const sailor& run, const char* choices) {
  if (choices != nullptr)
    return tell(run(*choose_from(parse_list(choices))));
  const auto out = run(*chooser_of(seed));
  if (out.violation.empty() && run(*chooser_of(seed)).trace != out.trace) {
    std::cout << "the same seed made another trace\n";
    return 1;
  }
  return tell(out);
}

int replay(std::uint64_t seed, const plan& what, const char* choices) {
  return replay(
      seed, [&](chooser& next) { return sail(what, next); }, choices);
}

} // namespace

int main(int argc, char** argv) {
  program = argc > 0 ? argv[0] : program;
  const std::string mode = argc > 1 ? argv[1] : "";
  const auto number = [&](int at) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : 0ULL;
  };
  if (mode == "--replay" && argc > 2)
    return replay(number(2), plan_of(number(2)), argc > 3 ? argv[3] : nullptr);
  if (mode == "--replay-real" && argc > 2)
    return replay(
        number(2), [&](chooser& next) { return sail_real(number(2), next); },
        argc > 3 ? argv[3] : nullptr);
  if (mode == "--replay-step" && argc > 4) {
    const auto what = plan_of(number(2), static_cast<fault>(number(3)), number(4));
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
                 "--exhaust NAME | --replay SEED [CHOICES]\n";
    return 2;
  }
  std::cout << sum.runs << " schedules, " << sum.real << " of them over the real parts, "
            << sum.steps << " steps, " << sum.failures << " failures\n";
  return sum.failures == 0 ? 0 : 1;
}
