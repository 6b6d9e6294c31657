// crash_proof: as many crash images as asked for; see README.md beside this file.
#include "tests/crash/fault_sweep.hpp"
#include "tests/crash/read_faults.hpp"
#include "tests/crash/recovery_faults.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <mutex>
#include <thread>

namespace {

using namespace blockferry;
using namespace blockferry::crash;

struct options {
  std::string program = "crash_proof"; ///< as it was called
  std::uint64_t seed = 1;
  std::size_t images = 10'000;
  std::size_t recoveries = 10'000;
  std::size_t controls = 400;
  std::size_t stride = 1;
  std::size_t threads = 2;
  std::string replay;
};

/// Images are spread over so many chains: other sizes, other places where a file ends.
constexpr std::size_t images_a_chain = 2'500;

class totals {
public:
  explicit totals(const options& given) : given_(given) {}

  void report(const char* what, const image_tally& found, std::uint64_t seed) {
    const std::scoped_lock lock{mutex_};
    count_[what] += found.images;
    for (const auto& one : found.violations) {
      ++violations_;
      // Images are told by numbers; the sweeps are the same each time.
      const bool image = one.starts_with("image ") || one.starts_with("recovery ");
      std::cout << "VIOLATION " << one << "\n  replay: " << given_.program << " --seed " << seed
                << (image ? " --replay '" + one.substr(0, one.find(" (")) + "'"
                          : std::string{" --images 0 --recoveries 0 --controls 0"})
                << "\n";
    }
  }
  [[nodiscard]] int end() const {
    for (const auto& [what, images] : count_)
      std::cout << images << " " << what << "\n";
    std::cout << violations_ << " violations, seed " << given_.seed << "\n";
    return violations_ == 0 ? 0 : 1;
  }

private:
  const options& given_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> count_;
  std::size_t violations_ = 0;
};

/// A chain of its own for each seed; each thread runs it again, which costs little.
template <class Work>
void on_each_chain(const options& given, std::size_t count, Work work) {
  std::vector<std::thread> threads;
  for (std::size_t part = 0; part < given.threads; ++part)
    threads.emplace_back([&, part] {
      const lock_folder folder;
      std::uint64_t seed = given.seed;
      for (std::size_t done = 0; done < count; done += images_a_chain, ++seed) {
        const calm_run calm{folder.path(), small_plan(seed)};
        work(calm, seed, std::min(images_a_chain, count - done), part);
      }
    });
  for (auto& one : threads)
    one.join();
}

/// The controls are to be caught in every run.
bool controls_are_caught(const options& given) {
  bool all = true;
  for (const auto& [name, open] :
       {std::pair{"a sync that does nothing", store_on_lying_disk()},
        std::pair{"synchronous=OFF",
                  careless_store("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF")},
        std::pair{"synchronous=NORMAL",
                  careless_store("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL")}}) {
    const lock_folder folder;
    const calm_run calm{folder.path(), small_plan(given.seed), open};
    const auto found = try_images(calm, given.seed, given.controls);
    std::cout << "control, " << name << ": " << found.violations.size()
              << " violations in the first " << found.images << " images\n";
    all = all && !found.violations.empty();
  }
  return all;
}

int replay(const options& given) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(given.seed)};
  std::istringstream in{given.replay};
  std::string where;
  image_id one;
  unsigned how = 0;
  char colon = 0;
  in >> where >> one.at >> colon >> how >> colon >> one.number;
  if (!in || how >= damage_kinds) {
    std::cout << "--replay takes what a violation printed, such as 'image 53:3:27'\n";
    return 2;
  }
  one.how = static_cast<damage>(how);
  totals all{given};
  all.report("images replayed", replay_image(calm, given.seed, one, where == "recovery"),
             given.seed);
  return all.end();
}

int run(const options& given) {
  totals all{given};
  on_each_chain(given, given.images, [&](const auto& calm, auto seed, auto count, auto part) {
    all.report("images", try_images(calm, seed, count, part, given.threads), seed);
  });
  on_each_chain(given, given.recoveries, [&](const auto& calm, auto seed, auto count, auto part) {
    all.report("images in recovery", try_images_in_recovery(calm, seed, count, part, given.threads),
               seed);
  });
  if (given.stride > 0)
    on_each_chain(given, 1, [&](const auto& calm, auto seed, auto, auto part) {
      const std::size_t first = part * given.stride, step = given.stride * given.threads;
      all.report("faults", sweep_faults(calm, first, step), seed);
      all.report("failed reads of the writer", sweep_writers_reads(calm, first, step), seed);
      all.report("failed reads", sweep_failed_reads(calm, first, step), seed);
      all.report("faults and power cuts in a raise", sweep_raise(calm, first, step), seed);
      constexpr std::size_t recoveries = 8; // each in its turn at every operation and read
      all.report("faults in recovery", sweep_faults_in_recovery(calm, recoveries, first, step),
                 seed);
    });
  const bool caught = given.controls == 0 || controls_are_caught(given);
  if (!caught)
    std::cout << "VIOLATION a control was not caught\n  replay: " << given.program << " --seed "
              << given.seed << " --images 0 --recoveries 0 --fault-stride 0 --controls "
              << given.controls << "\n";
  const int code = all.end();
  return caught ? code : 1;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Cuts the power of a store in memory, as often as asked for."};
  options given;
  given.program = words[0];
  app.add_option("--seed", given.seed, "of the chain, of every damage");
  app.add_option("--images", given.images, "power cuts");
  app.add_option("--recoveries", given.recoveries, "power cuts in the recovery from one");
  app.add_option("--controls", given.controls,
                 "power cuts of each careless store, at most; 0: no control");
  app.add_option("--fault-stride", given.stride, "faults at every n-th operation; 0: none");
  app.add_option("--threads", given.threads, "at once");
  app.add_option("--replay", given.replay, "one image, as a violation names it");
  CLI11_PARSE(app, count, words);
  return given.replay.empty() ? run(given) : replay(given);
}
