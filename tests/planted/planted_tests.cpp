// Finds each planted bug by schedules, and prints at which seed and by which invariant:
//
//     planted_tests [NAME]        all of them, or the one with this name
//
// Fails where one is not found within 1,000 seeds, or where the build without any breaks an
// invariant.
#include "tests/planted/planted.hpp"
#include "tests/schedule/voyage.hpp"

#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace blockferry;

namespace {

constexpr std::uint64_t seeds_max = 1000;
constexpr rlim_t cpu_seconds_max = 8;
constexpr const char* names[] = {
#include "names.inc"
};

/// In a process of its own, because a planted bug may end it: 0 found, 1 not found.
int seek(const char* name, std::uint64_t seeds) {
  planted::selected = name;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto next = schedule::chooser_of(seed);
    const auto out = schedule::sail(schedule::plan_of(seed), *next);
    if (out.violation.empty())
      continue;
    std::printf("%-42s schedule, seed %4llu: %s\n", name, static_cast<unsigned long long>(seed),
                out.violation.c_str());
    std::fflush(stdout);
    return 0;
  }
  return 1;
}

bool found(const char* name, std::uint64_t seeds) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    // A schedule takes about a millisecond; one that takes seconds goes round in a handler (L1).
    const rlimit seconds{cpu_seconds_max, cpu_seconds_max};
    ::setrlimit(RLIMIT_CPU, &seconds);
    ::_exit(seek(name, seeds));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    std::printf("%-42s schedule, L1 or a crash: signal %d\n", name, WTERMSIG(status));
  return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
}

} // namespace

int main(int argc, char** argv) {
  int total = 0;
  int missed = 0;
  for (const char* name : names) {
    if (argc > 1 && std::strcmp(argv[1], name) != 0)
      continue;
    ++total;
    if (!found(name, seeds_max)) {
      ++missed;
      std::printf("%-42s NOT FOUND\n", name);
    }
  }
  if (argc == 1 && found("", 200)) {
    std::printf("without a planted bug an invariant is broken too\n");
    ++missed;
  }
  std::printf("%d planted, %d not found\n", total, missed);
  return missed == 0 && total > 0 ? 0 : 1;
}
