#include "tests/schedule/exhaust.hpp"

namespace blockferry::schedule {
namespace {

/// One worker, one mirror that answers at once, no passing of time, and a fault at any step.
plan small(fault what, std::uint32_t blocks, std::uint32_t begin) {
  plan out;
  out.what = what;
  out.blocks = blocks;
  out.begin = begin;
  out.workers = 1;
  out.mirrors = 1;
  out.sudden_answers = true;
  out.timers = false;
  out.hushed = true;
  return out;
}

plan pinned(plan out) {
  out.from = testing::beginning::pin;
  out.start = 102;
  return out;
}

plan with_time(plan out) {
  out.sudden_answers = false;
  out.timers = true;
  out.waits = 2;
  return out;
}

} // namespace

const std::vector<configuration>& configurations() {
  static const std::vector<configuration> all{
      {"idle", "a drain of a node that has every block", small(fault::drain, 103, 103)},
      {"drain", "a drain while a block is carried", small(fault::drain, 103, 102)},
      {"death", "the writer dies while a block is carried", small(fault::writer_dies, 103, 102)},
      {"pin", "the writer dies while the first blocks of a pinned start are carried",
       pinned(small(fault::writer_dies, 103, 0))},
      {"timers", "a drain of a node that has every block, while time passes twice at most",
       with_time(small(fault::drain, 103, 103))},
  };
  return all;
}

exploration exhaust(const plan& what, const exploring& how,
                    const std::function<bool(const outcome&)>& failed) {
  exploration out;
  exhaustive all{how.merge, how.beginning};
  while (const auto next = all.next()) {
    if (++out.runs > how.schedules_max)
      return out;
    const auto run = sail(what, *next);
    out.steps += run.steps;
    out.states = all.states();
    if (!run.repeated)
      out.left.insert(run.left);
    if (run.violation.empty())
      continue;
    ++out.failures;
    if (!failed(run))
      return out;
  }
  out.schedules = all.schedules();
  out.to_the_end = out.schedules <= static_cast<double>(how.schedules_max);
  return out;
}

} // namespace blockferry::schedule
