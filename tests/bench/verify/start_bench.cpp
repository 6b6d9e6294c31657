// start_bench: time from a start to "resuming" on long stores; see README.md beside this file.
#include "storage/sqlite_store.hpp"
#include "tests/kit/bundle_maker.hpp"
#include "tests/unit/runtime/made_store.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>

namespace {

using namespace blockferry;

storage::store_options options_for(const std::filesystem::path& folder) {
  storage::store_options out;
  out.folder = folder;
  out.identity.network = "made";
  out.identity.network_id = 1;
  out.identity.network_toml = "name = \"made\"\nid = 1\n";
  return out;
}

/// Files of generated rows: the store does not look into blocks, and a start must not.
void fill(storage::store& store, height_t blocks, std::size_t block_bytes) {
  kit::bundle_maker maker{{.block_bytes = block_bytes}};
  constexpr std::size_t group_files = 200; // in a transaction
  for (height_t height = 0; height < blocks;) {
    std::vector<verified_bundle> bundles;
    std::vector<const verified_bundle*> queued;
    for (; bundles.size() < group_files && height < blocks; height += 50)
      bundles.push_back(maker.next());
    for (const auto& one : bundles)
      queued.push_back(&one);
    if (const auto done = store.commit(queued); !done)
      throw std::runtime_error{done.error().message};
  }
  if (const auto done = store.mark_clean({}, {}, [](drain_receipt&) {}); !done)
    throw std::runtime_error{done.error().message};
}

void measure(height_t blocks, std::size_t block_bytes, unsigned starts) {
  const test::own_folder folder;
  {
    const auto store = storage::open_store(options_for(folder.path()));
    if (!store)
      throw std::runtime_error{store.error().message};
    fill(**store, blocks, block_bytes);
  }
  std::vector<double> times;
  for (unsigned i = 0; i < starts; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto store = storage::open_store(options_for(folder.path()));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (!store || (*store)->resume().state.next_height != blocks)
      throw std::runtime_error{"the store does not resume where it ended"};
    times.push_back(took.count());
  }
  std::ranges::sort(times);
  std::cout << std::setw(9) << blocks << " blocks: median " << std::fixed << std::setprecision(2)
            << times[times.size() / 2] << " ms, worst " << times.back() << " ms of " << starts
            << " starts (order: 50 ms)\n";
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Measures a start, from nothing to the point where the store resumes."};
  std::vector<height_t> blocks = {100'000, 1'000'000};
  std::size_t block_bytes = 200;
  unsigned starts = 100;
  app.add_option("--blocks", blocks, "lengths of the stores, multiples of 50");
  app.add_option("--block-bytes", block_bytes, "size of a block");
  app.add_option("--starts", starts, "starts of each");
  CLI11_PARSE(app, count, words);
  try {
    for (const height_t one : blocks)
      measure(one, block_bytes, starts);
  } catch (const std::exception& error) {
    std::cerr << "start_bench: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
