// crash_allocations: each allocation of the store fails, SQLite's and operator new's; see
// README.md.
#include "tests/crash/fault_sweep.hpp"

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
  arming() { faults.armed = true; }
  ~arming() { faults.armed = false; }
  arming(const arming&) = delete;
  arming& operator=(const arming&) = delete;
};

/// Arms the faults while the store works, and only then: the writer around it is the real one.
class armed_store final : public storage::store {
public:
  explicit armed_store(std::unique_ptr<storage::store> inner) : inner_(std::move(inner)) {}
  ~armed_store() override {
    const arming now;
    inner_.reset();
  }
  armed_store(const armed_store&) = delete;
  armed_store& operator=(const armed_store&) = delete;
  [[nodiscard]] const storage::resume_point& resume() const noexcept override {
    return inner_->resume();
  }
  [[nodiscard]] storage::result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) override {
    const arming now;
    return inner_->commit(bundles);
  }
  [[nodiscard]] storage::result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const> bundles, drain_receipt receipt,
             const std::function<void(drain_receipt&)>& finish) override {
    const arming now;
    return inner_->mark_clean(bundles, std::move(receipt), finish);
  }

private:
  std::unique_ptr<storage::store> inner_;
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
  return std::make_unique<armed_store>(std::move(*out));
}

std::optional<std::string> wrong_with(const calm_run& calm) {
  crash_disk disk;
  faults.count = 0;
  const auto run = sail(disk, calm.folder(), calm.plan(), open_armed);
  const auto fail_at = std::exchange(faults.fail_at, ~std::uint64_t{0});
  const height_t acknowledged =
      run.acknowledged.empty() ? calm.plan().chain.start : run.acknowledged.back().next_height;
  const auto error = run.refused ? run.refused : run.failed;
  auto wrong = calm.violation(disk.current(), calm.allowed_from(acknowledged));
  if (!wrong && error && error->code != errc::store_io)
    wrong = "is told as " + std::string{to_string(error->code)} + ": " + error->message;
  faults.fail_at = fail_at;
  return wrong;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Lets each allocation of the store fail."};
  std::uint64_t seed = 1, stride = 1, first = 0;
  app.add_option("--seed", seed, "of the chain");
  app.add_option("--stride", stride, "every n-th allocation");
  app.add_option("--first", first, "from this one on");
  CLI11_PARSE(app, count, words);
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods);
  auto methods = real_methods;
  methods.xMalloc = failing_malloc;
  methods.xRealloc = failing_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  auto plan = small_plan(seed);
  plan.groups = {{{50, 50}}, {{7, 7}}, {{43, 50}, {50, 50}}};
  const lock_folder folder;
  const calm_run calm{folder.path(), plan};
  static_cast<void>(wrong_with(calm));
  const auto allocations = faults.count;
  std::uint64_t runs = 0, violations = 0;
  for (faults.fail_at = first; faults.fail_at < allocations; faults.fail_at += stride)
    for (const bool sticky : {false, true}) {
      faults.sticky = sticky;
      ++runs;
      if (const auto wrong = wrong_with(calm)) {
        ++violations;
        std::cout << "VIOLATION allocation " << faults.fail_at << (sticky ? ", sticky: " : ": ")
                  << *wrong << "\n  replay: " << words[0] << " --seed " << seed << " --first "
                  << faults.fail_at << " --stride 1000000000\n";
      }
    }
  std::cout << allocations << " allocations, " << runs << " runs, " << violations
            << " violations, seed " << seed << "\n";
  return violations == 0 ? 0 : 1;
}
