// crash_allocations: each allocation of the store fails, SQLite's and operator new's; see
// README.md.
#include "tests/crash/fault_sweep.hpp"
#include "tests/support/test_node.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <new>
#include <sqlite3.h>

namespace {

/// One thread allocates here.  Counts only while the store works, never inside the disk in memory,
/// whose allocations are the test's.
struct allocation_faults {
  bool armed = false;
  std::uint64_t count = 0;
  std::uint64_t fail_at = ~std::uint64_t{0};
  bool sticky = false;

  bool fails() {
    if (!armed || blockferry::crash::in_disk())
      return false;
    const auto number = count++;
    return sticky ? number >= fail_at : number == fail_at;
  }
} faults;

sqlite3_mem_methods real_methods;

void* failing_malloc(int size) {
  return faults.fails() ? nullptr : real_methods.xMalloc(size);
}
void* failing_realloc(void* old, int size) {
  return faults.fails() ? nullptr : real_methods.xRealloc(old, size);
}

void* allocate(std::size_t size) {
  if (faults.fails())
    throw std::bad_alloc{};
  if (void* out = std::malloc(size == 0 ? 1 : size))
    return out;
  throw std::bad_alloc{};
}

} // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void operator delete(void* at) noexcept {
  std::free(at);
}
void operator delete[](void* at) noexcept {
  std::free(at);
}
void operator delete(void* at, std::size_t) noexcept {
  std::free(at);
}
void operator delete[](void* at, std::size_t) noexcept {
  std::free(at);
}

namespace {

using namespace blockferry;
using namespace blockferry::crash;

class arming {
public:
  explicit arming(bool armed = true) : before_(std::exchange(faults.armed, armed)) {}
  ~arming() { faults.armed = before_; }
  arming(const arming&) = delete;
  arming& operator=(const arming&) = delete;

private:
  bool before_;
};

/// Lets every allocation of the writer's handlers count, those of CAF for its messages included.
void arm_writer(bool begins) {
  faults.armed = begins;
}

/// Arms the faults while the store works, or, of a store that is the test's, lets them rest.
class guarded_store final : public storage::store {
public:
  guarded_store(std::unique_ptr<storage::store> inner, bool armed)
      : inner_(std::move(inner)), armed_(armed) {}
  ~guarded_store() override {
    const arming now{armed_};
    inner_.reset();
  }
  guarded_store(const guarded_store&) = delete;
  guarded_store& operator=(const guarded_store&) = delete;
  [[nodiscard]] const storage::resume_point& resume() const noexcept override {
    return inner_->resume();
  }
  [[nodiscard]] storage::result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) override {
    const arming now{armed_};
    return inner_->commit(bundles);
  }
  [[nodiscard]] storage::result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const> bundles, drain_receipt receipt,
             const std::function<void(drain_receipt&)>& finish) override {
    const arming now{armed_};
    return inner_->mark_clean(bundles, std::move(receipt), finish);
  }

private:
  std::unique_ptr<storage::store> inner_;
  bool armed_;
};

storage::result<std::unique_ptr<storage::store>>
open_armed(const std::filesystem::path& folder, const kit::bundle_maker& chain, crash_disk& disk) {
  storage::result<std::unique_ptr<storage::store>> out;
  try {
    const arming now;
    out = open_real_store(folder, chain, disk);
  } catch (const std::bad_alloc&) {
    return tl::make_unexpected(failure{errc::store_io, "out of memory"});
  }
  if (!out)
    return out;
  return std::make_unique<guarded_store>(std::move(*out), true);
}

/// CAF cannot do without memory: where none is left for its own error, it ends the process.  So the
/// whole of the writer's handlers fails once, and the store alone from then on.
std::optional<std::string> wrong_with(const calm_run& calm) {
  crash_disk disk;
  faults.count = 0;
  const auto run =
      sail(disk, calm.folder(), calm.plan(), open_armed, faults.sticky ? turn_hook{} : arm_writer);
  const auto fail_at = std::exchange(faults.fail_at, ~std::uint64_t{0});
  const height_t acknowledged =
      run.acknowledged.empty() ? calm.plan().chain.start : run.acknowledged.back().next_height;
  const auto error = run.refused ? run.refused : run.failed;
  auto wrong = calm.violation(disk.current(), calm.allowed_from(acknowledged));
  if (!wrong && error && error->code != errc::store_io)
    wrong = "is told as " + std::string{to_string(error->code)} + ": " + error->message;
  if (!wrong && !run.refused && !run.writer_died && !run.end)
    wrong = "the drain has no end";
  faults.fail_at = fail_at;
  return wrong;
}

/// A whole node around the writer: it must end with a receipt that is true, and the next start go
/// on from what it left.
std::optional<std::string> wrong_with_node() {
  testing::test_ferry ferry{120};
  std::optional<drain_receipt> receipt;
  faults.count = 0;
  const auto fail_at = faults.fail_at;
  {
    testing::test_setup setup{ferry.options, ferry.cdn, {}, ferry.rules};
    setup.store = std::make_unique<guarded_store>(*testing::open_memory_store(ferry.disk), false);
    testing::test_node node{ferry.world, std::move(setup)};
    const auto writer = node.actors().writer->id();
    constexpr int timers_max = 1000;
    for (int timers = 0; !node.ended() && timers < timers_max; ++timers) {
      while (handle_one(ferry.world.scheduler(), writer, arm_writer)) {
      }
      ferry.world.fire_timer();
    }
    faults.fail_at = ~std::uint64_t{0};
    if (node.ended())
      receipt = node.log().drained.front();
  }
  const auto& disk = *ferry.disk;
  std::string wrong = disk.broken_promise();
  if (!receipt)
    wrong = "the node has not ended";
  else if (receipt->durable && !disk.blocks.contains(receipt->durable->height))
    wrong = "the receipt names what is not on the disk";
  else if (receipt->clean ? !disk.clean || receipt->durable != disk.state.last : !receipt->error)
    wrong = "the receipt is not the disk's, or names no error";
  else if (disk.open)
    wrong = "the store is still open";
  else if (wrong.empty() && (!ferry.sync().clean || disk.blocks.size() != ferry.chain.size()))
    wrong = "the next run does not reach the tip";
  faults.fail_at = fail_at;
  return wrong.empty() ? std::nullopt : std::optional{wrong};
}

struct sweep {
  std::string where;
  bool sticky = false;
  std::uint64_t first = 0, stride = 1;
  std::string replay; ///< but for the allocation
};

/// Each allocation fails, once or from then on; how many violations.
template <class Run>
std::uint64_t let_each_fail(const sweep& how, Run&& wrong_with_run) {
  const auto quietly = [&] { // CAF prints what an actor dies of
    std::cout.setstate(std::ios::failbit);
    auto wrong = wrong_with_run();
    std::cout.clear();
    return wrong;
  };
  faults.sticky = how.sticky;
  static_cast<void>(quietly());
  const auto allocations = faults.count;
  std::uint64_t runs = 0, violations = 0;
  for (faults.fail_at = how.first; faults.fail_at < allocations; faults.fail_at += how.stride) {
    ++runs;
    if (const auto wrong = quietly()) {
      ++violations;
      std::cout << "VIOLATION allocation " << faults.fail_at << " of " << how.where << ": "
                << *wrong << "\n  replay: " << how.replay << " --first " << faults.fail_at
                << " --stride 1000000000\n";
    }
  }
  faults.fail_at = ~std::uint64_t{0};
  std::cout << how.where << ": " << allocations << " allocations, " << runs << " runs, "
            << violations << " violations\n";
  return violations;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Lets each allocation of the store and of the writer fail."};
  std::uint64_t seed = 1, stride = 1, first = 0;
  std::string only;
  app.add_option("--seed", seed, "of the chain");
  app.add_option("--stride", stride, "every n-th allocation");
  app.add_option("--first", first, "from this one on");
  app.add_option("--only", only, "store, writer or node");
  CLI11_PARSE(app, count, words);
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods);
  auto methods = real_methods;
  methods.xMalloc = failing_malloc;
  methods.xRealloc = failing_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  auto plan = small_plan(seed);
  plan.groups = {{{50, 50}}, {{7, 7}}, {{43, 50}, {50, 50}}};
  const std::string again = std::string{words[0]} + " --seed " + std::to_string(seed) + " --only ";
  const lock_folder folder;
  const calm_run calm{folder.path(), plan};
  const auto on_crash_disk = [&] { return wrong_with(calm); };
  std::uint64_t violations = 0;
  if (only.empty() || only == "store")
    violations +=
        let_each_fail({"the store, sticky", true, first, stride, again + "store"}, on_crash_disk);
  if (only.empty() || only == "writer")
    violations += let_each_fail(
        {"the writer and its store", false, first, stride, again + "writer"}, on_crash_disk);
  if (only.empty() || only == "node")
    violations += let_each_fail({"the writer in a node", false, first, stride, again + "node"},
                                wrong_with_node);
  std::cout << violations << " violations, seed " << seed << "\n";
  return violations == 0 ? 0 : 1;
}
