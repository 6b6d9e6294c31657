// Finds each planted bug, and prints which part found it, at which seed and by which invariant:
//
//     planted_tests [--altered PROGRAM] [NAME]
//
// Bugs of actors/ and of the wiring are sought by schedules, some of order in all schedules of a
// small node as well, those of storage/ on the crash disk,
// those of chain/ by the altered blocks of PROGRAM.  Fails where one is not found, or where the
// build without any breaks an invariant.
#include "tests/crash/fault_sweep.hpp"
#include "tests/planted/planted.hpp"
#include "tests/schedule/exhaust.hpp"
#include "tests/schedule/voyage.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace blockferry;

namespace {

enum class part { schedule, crash, altered, exhaust };

struct planted_bug {
  const char* name;
  part where;
};
constexpr planted_bug bugs[] = {
#include "names.inc"
};

/// Bugs of order that a drain at any step of a small node shows: found by all of its schedules too.
constexpr planted_bug of_order[] = {
    {"drain_skips_the_queue", part::exhaust},
    {"verifier_left_out_of_the_drain", part::exhaust},
    {"drain_answered_while_a_worker_is_inside", part::exhaust},
    {"hard_stop_after_the_request", part::exhaust},
    {"store_open_when_acknowledged", part::exhaust},
};

constexpr std::uint64_t seeds_max = 1000;
constexpr unsigned seconds_max = 900; ///< of the wall clock: a child that waits for ever

/// A thousand schedules take a second, a chain on the crash disk a few: a child that takes longer
/// goes round in a handler (L1).
rlim_t cpu_seconds_max(part where) {
  return where == part::schedule ? 4 : 120;
}

/// What a child that dies by its bug leaves to its parent.
struct shared_note {
  std::uint64_t seed = 0;
  bool is_found = false;
  char by[40] = {}; ///< the part of the harness that is at work, or that has found it
  char text[200] = {};
};

void begin(shared_note& to, const char* part) {
  std::snprintf(to.by, sizeof to.by, "%s", part);
}

void note(shared_note& to, const std::string& why) {
  to.is_found = true;
  std::snprintf(to.text, sizeof to.text, "%s", why.c_str());
}

void seek_by_schedules(std::uint64_t seeds, shared_note& out) {
  begin(out, "schedules");
  for (out.seed = 1; out.seed <= seeds; ++out.seed) {
    auto next = schedule::chooser_of(out.seed);
    const auto run = schedule::sail(schedule::plan_of(out.seed), *next);
    if (!run.violation.empty())
      return note(out, run.violation);
  }
}

/// All schedules of a drain while a block is carried, until one shows it.
void seek_in_all_schedules(shared_note& out) {
  begin(out, "all schedules of a drain");
  const auto small = std::ranges::find(schedule::configurations(), std::string_view{"drain"},
                                       &schedule::configuration::name);
  const auto all = schedule::exhaust(small->of, {}, [&](const schedule::outcome& run) {
    note(out, run.violation);
    return false;
  });
  out.seed = all.runs;
}

/// A chain of its own for each seed: power cuts, each sync failed, a full disk at each write,
/// then any fault here and there.
void seek_on_crash_disk(std::uint64_t seeds, shared_note& out) {
  constexpr std::size_t images = 160;
  constexpr std::size_t stride = 61;
  const crash::lock_folder folder;
  for (out.seed = 1; out.seed <= seeds; ++out.seed) {
    begin(out, "calm run");
    const crash::calm_run calm{folder.path(), crash::small_plan(out.seed)};
    const auto seek = [&](const char* part, const auto& sweep) {
      begin(out, part);
      const crash::image_tally found = sweep();
      if (!found.violations.empty())
        note(out, found.violations.front());
      return out.is_found;
    };
    if (seek("crash images", [&] { return crash::try_images(calm, out.seed, images); }) ||
        seek("failed syncs", [&] { return crash::sweep_failed_syncs(calm); }) ||
        seek("full disk", [&] { return crash::sweep_full_disk(calm); }) ||
        seek("faults", [&] { return crash::sweep_faults(calm, out.seed % stride, stride); }))
      return;
  }
}

/// Some of the program's tests; the first that fails.
void run_altered(const std::string& program, const char* tests, shared_note& out) {
  const std::string command =
      program + " --log_level=error --color_output=no --run_test=" + tests + " 2>&1";
  std::FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr)
    return;
  std::string first;
  char line[1000];
  while (std::fgets(line, sizeof line, output) != nullptr)
    if (const char* test = std::strstr(line, "in \""); test != nullptr && first.empty())
      first.assign(test + 3, std::strcspn(test + 3, ":\n"));
  if (::pclose(output) != 0)
    note(out, first.empty() ? "the program ended" : first);
}

/// The program's tests with the bug selected, those of stakes first: they take a second.
void seek_by_altered_blocks(const char* program, const char* name, shared_note& out) {
  begin(out, "chain tests");
  constexpr const char* stakes = "credits_writes_tests,followed_chain_tests,stake_rewards_tests";
  out.seed = 1;
  ::setenv("BLOCKFERRY_PLANTED", name, 1);
  ::setenv("BLOCKFERRY_SEED", "1", 0);
  for (const char* tests : {stakes, "named_check_tests"})
    if (!out.is_found)
      run_altered(program, tests, out);
}

void seek(const planted_bug& bug, const char* altered, std::uint64_t seeds, shared_note& out) {
  planted::selected = bug.name;
  try {
    if (bug.where == part::schedule)
      seek_by_schedules(seeds, out);
    else if (bug.where == part::exhaust)
      seek_in_all_schedules(out);
    else if (bug.where == part::crash)
      seek_on_crash_disk(std::min<std::uint64_t>(seeds, 3), out);
    else
      seek_by_altered_blocks(altered, bug.name, out);
  } catch (const std::exception& error) {
    note(out, std::string{"L2: "} + error.what());
  }
}

/// In a process of its own, because a planted bug may end it.
bool found(const planted_bug& bug, const char* altered, std::uint64_t seeds) {
  static auto* const shared = static_cast<shared_note*>(::mmap(
      nullptr, sizeof(shared_note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (shared == MAP_FAILED)
    throw std::runtime_error("no memory to share");
  *shared = {};
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    const rlim_t most = cpu_seconds_max(bug.where);
    const rlimit seconds{most, most};
    ::setrlimit(RLIMIT_CPU, &seconds);
    ::alarm(seconds_max);
    seek(bug, altered, seeds, *shared);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && !shared->is_found)
    note(*shared, "L1 or a crash: signal " + std::to_string(WTERMSIG(status)));
  if (shared->is_found)
    std::printf("%-42s %s, %s %llu: %s\n", bug.name, shared->by,
                bug.where == part::exhaust ? "run" : "seed",
                static_cast<unsigned long long>(shared->seed), shared->text);
  return shared->is_found;
}

/// How to see that again.
void say_replay(const char* program, const char* altered, const char* name) {
  std::printf("  replay: %s %s%s %s\n", program, altered != nullptr ? "--altered " : "",
              altered != nullptr ? altered : "", name);
}

constexpr const char* no_bug = "none"; ///< selects the product, as a name of a bug selects that

/// Whether an invariant breaks without a planted bug.
bool product_breaks(const char* altered) {
  bool breaks = false;
  for (const part where : {part::schedule, part::crash, part::altered})
    if (where != part::altered || altered != nullptr)
      breaks = found({"", where}, altered, 200) || breaks;
  return breaks;
}

} // namespace

int main(int argc, char** argv) {
  const char* altered = nullptr;
  const char* only = nullptr;
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--altered") == 0 && i + 1 < argc)
      altered = argv[++i];
    else
      only = argv[i];
  const auto is_asked_for = [only](const char* name) {
    return only == nullptr || std::strcmp(only, name) == 0;
  };
  int total = 0;
  int missed = 0;
  const auto try_bug = [&](const planted_bug& bug, const char* where) {
    if (!is_asked_for(bug.name) || found(bug, altered, seeds_max))
      return;
    ++missed;
    std::printf("%-42s NOT FOUND%s\n", bug.name, where);
    say_replay(argv[0], altered, bug.name);
  };
  for (const auto& bug : bugs) {
    if (bug.where == part::altered && altered == nullptr)
      continue;
    total += is_asked_for(bug.name) ? 1 : 0;
    try_bug(bug, "");
  }
  for (const auto& bug : of_order)
    try_bug(bug, " in all schedules");
  if (is_asked_for(no_bug) && product_breaks(altered)) {
    ++missed;
    std::printf("without a planted bug an invariant is broken too\n");
    say_replay(argv[0], altered, no_bug);
  }
  std::printf("%d planted, %d not found\n", total, missed);
  return missed == 0 && (total > 0 || is_asked_for(no_bug)) ? 0 : 1;
}
