// verify_bench: `verify` against its stage alone and a cold read; see README.md beside this file.
#include "actors/verify_worker.hpp"
#include "chain/aleo_rules.hpp"
#include "runtime/commands/commands.hpp"
#include "storage/create_store.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/unit/runtime/made_store.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <iomanip>
#include <iostream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace blockferry;
using clock_type = std::chrono::steady_clock;

struct settings {
  std::size_t blocks = 20'000;
  std::size_t block_bytes = 20'000;
  double seconds = 10;
  unsigned workers = std::max(1U, std::thread::hardware_concurrency());
};

double since(clock_type::time_point begin) {
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

/// CPU seconds of this process.
double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& one) {
    return static_cast<double>(one.tv_sec) + 1e-6 * static_cast<double>(one.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void drop_from_page_cache(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  ::fdatasync(descriptor);
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  ::close(descriptor);
}

double cold_read(const std::filesystem::path& file) {
  drop_from_page_cache(file);
  std::vector<char> buffer(1 << 20);
  const auto begin = clock_type::now();
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  while (::read(descriptor, buffer.data(), buffer.size()) > 0) {
  }
  ::close(descriptor);
  return since(begin);
}

/// The files as they come from a CDN, in memory.
struct loaded {
  std::vector<payload> files;
  chain::network net;
};

/// Steps 1 and 3 of every file on all cores, step 2 between them as the verifier makes it.
double stage(const loaded& chain, unsigned workers) {
  const chain::aleo_rules rules{chain.net};
  const auto each = [&](auto job) {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < workers; ++i)
      threads.emplace_back([&] {
        for (std::size_t at = next++; at < chain.files.size(); at = next++)
          job(at);
      });
  };
  std::vector<checked_bundle> checked(chain.files.size());
  std::vector<chain::chain_state> before(chain.files.size());
  const auto begin = clock_type::now();
  each([&](std::size_t at) {
    check_request request;
    request.bytes = chain.files[at];
    request.file_start = static_cast<height_t>(50 * at);
    request.wanted = {request.file_start, 50};
    checked[at] = check_file(rules, request, {});
  });
  auto state = chain::state_before_genesis();
  for (std::size_t at = 0; at < checked.size(); ++at) {
    before[at] = state;
    state = rules.extend(state, checked[at].blocks).value();
  }
  each([&](std::size_t at) {
    if (!rules.check_history(before[at], checked[at].blocks, {}))
      throw std::runtime_error{"a made chain is refused"};
  });
  return since(begin);
}

double verify(const std::filesystem::path& store, unsigned workers) {
  drop_from_page_cache(store / storage::database_name);
  test::spoken said;
  runtime::verify_options options;
  options.store = store;
  options.workers = workers;
  const auto begin = clock_type::now();
  if (runtime::run_verify(options, {said.out, said.err}, {}) != runtime::exit_code::done)
    throw std::runtime_error{said.err.str()};
  return since(begin);
}

struct figure {
  double seconds = 0;
  double cpu = 0; ///< seconds of all cores, in the run that needed least
};

/// The best of as many runs as fit in the time, at least three.
template <class Run>
figure best_of(double seconds, Run run) {
  figure best{1e9, 1e9};
  double spent = 0;
  for (int i = 0; i < 3 || spent < seconds; ++i) {
    const double cpu_before = cpu_seconds();
    const double one = run();
    spent += one;
    best = {std::min(best.seconds, one), std::min(best.cpu, cpu_seconds() - cpu_before)};
  }
  return best;
}

void measure(const settings& given) {
  const test::own_folder folder;
  auto chain = test::make_chain(given.blocks, given.block_bytes);
  test::sync(folder.path(), chain, {.last = static_cast<height_t>(given.blocks - 1)});
  loaded in_memory{{}, chain.net};
  for (height_t start = 0; start < given.blocks; start += 50)
    in_memory.files.emplace_back(
        std::make_shared<const chain::byte_buffer>(test::file_at(chain, start)));
  chain.blocks = {};
  const auto file = folder.path() / storage::database_name;
  const double megabytes = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
  const figure stage_alone =
      best_of(given.seconds, [&] { return stage(in_memory, given.workers); });
  in_memory.files = {};
  const figure read_alone = best_of(given.seconds / 4, [&] { return cold_read(file); });
  const figure whole = best_of(given.seconds, [&] { return verify(folder.path(), given.workers); });
  const auto line = [&](const char* what, figure one) {
    std::cout << std::left << std::setw(34) << what << std::right << std::fixed
              << std::setprecision(3) << std::setw(8) << one.seconds << " s" << std::setw(8)
              << one.cpu << " s CPU" << std::setprecision(0) << std::setw(8)
              << static_cast<double>(given.blocks) / one.seconds << " blocks/s" << std::setw(6)
              << megabytes / one.seconds << " MB/s\n";
  };
  std::cout << given.blocks << " blocks of " << given.block_bytes << " bytes, level header, "
            << given.workers << " workers, store of " << std::setprecision(0) << std::fixed
            << megabytes << " MB; best of at least 3 runs\n";
  line("verify stage alone, in memory", stage_alone);
  line("cold sequential read alone", read_alone);
  line("verify, cold", whole);
  std::cout << std::setprecision(2) << "ratio: verify reaches "
            << std::max(stage_alone.seconds, read_alone.seconds) / whole.seconds
            << " of the slower of the two (order: 0.8)\n";
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Measures `verify` against its stage alone and a cold sequential read."};
  settings given;
  app.add_option("--blocks", given.blocks, "blocks in the store");
  app.add_option("--block-bytes", given.block_bytes, "about the size of a block");
  app.add_option("--seconds", given.seconds, "time for each measurement");
  app.add_option("--workers", given.workers, "threads");
  CLI11_PARSE(app, count, words);
  try {
    measure(given);
  } catch (const std::exception& error) {
    std::cerr << "verify_bench: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
