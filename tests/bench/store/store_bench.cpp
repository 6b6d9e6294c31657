// store_bench: what a store costs, against the disk below it; see storage/README.md for its
// figures.
#include "store_rig.hpp"

#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/reader.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <random>

namespace {

using namespace blockferry;
using namespace blockferry::bench;

struct options {
  std::filesystem::path folder = "store-bench";
  std::uint64_t megabytes = 4000;
  std::size_t block_bytes = 20'000;
  std::uint32_t group = 500;
  height_t indexed = 20'000'000;
  height_t start_blocks = 1'000'000;
};

constexpr double mega = 1e6;

std::filesystem::path fresh(const options& given, const char* name) {
  const auto out = given.folder / name;
  std::filesystem::remove_all(out);
  std::filesystem::create_directories(given.folder);
  return out;
}

/// Writes the same groups to both by turns, so that both meet the same minute of the machine.
void compare(const options& given, const std::string& name, storage::store& store,
             group_source& groups) {
  raw_file_rig raw{fresh(given, "raw")};
  double raw_seconds = 0;
  double store_seconds = 0;
  double longest = 0;
  std::uint64_t bytes = 0;
  while (bytes < given.megabytes * 1'000'000) {
    const auto group = groups.next();
    raw_seconds += seconds_of([&] { raw.append(groups, group.size()); });
    const double took = seconds_of([&] { commit(store, group); });
    store_seconds += took;
    longest = std::max(longest, took);
    bytes += groups.group_bytes();
  }
  const double all = static_cast<double>(bytes) / mega;
  std::cout << std::left << std::setw(44) << name << std::right << std::fixed
            << std::setprecision(0) << std::setw(8) << all / raw_seconds << std::setw(8)
            << all / store_seconds << std::setprecision(2) << std::setw(8)
            << raw_seconds / store_seconds << std::setprecision(1) << std::setw(10)
            << 1000 * longest << std::endl;
  std::filesystem::remove(given.folder / "raw");
}

void heading(const options& given) {
  std::cout << given.block_bytes << " bytes a block, " << given.group << " blocks a group, "
            << given.megabytes << " MB\n"
            << std::left << std::setw(44) << ""
            << "raw MB/s  store   ratio  max ms\n";
}

void bulk(const options& given) {
  heading(given);
  group_source groups{0, given.block_bytes, given.group};
  const auto folder = fresh(given, "bulk");
  auto store = storage::open_store(options_of(folder, groups.state()));
  compare(given, "store", **store, groups);
  store->reset();
  std::filesystem::remove_all(folder);
}

void bulk_into_index(const options& given) {
  group_source groups{given.indexed, given.block_bytes, given.group};
  const auto folder = fresh(given, "indexed");
  const auto opened = options_of(folder, groups.state());
  static_cast<void>(storage::open_store(opened));
  fill_index(folder, given.indexed);
  {
    auto store = storage::open_store(opened);
    compare(given, "store, " + std::to_string(given.indexed) + " hashes before", **store, groups);
  }
  const kit::bundle_maker hashes{{}};
  std::mt19937_64 random{1};
  for (const bool cold : {true, false}) {
    std::vector<double> times;
    for (int i = 0; i < 200; ++i) {
      if (cold)
        drop_cache(folder / storage::database_name);
      auto on = storage::connection::open((folder / storage::database_name).string(),
                                          storage::open_mode::read_only);
      const auto wanted = hashes.hash_at(static_cast<height_t>(random() % given.indexed));
      times.push_back(
          seconds_of([&] { static_cast<void>(storage::candidate_heights(*on, wanted)); }));
    }
    std::ranges::sort(times);
    std::cout << "look-up by hash, " << (cold ? "cold" : "warm") << ": median "
              << std::setprecision(2) << 1000 * times[100] << " ms, p99 " << 1000 * times[198]
              << " ms, max " << 1000 * times[199] << " ms\n";
  }
  std::filesystem::remove_all(folder);
}

void variants(const options& given) {
  heading(given);
  for (const variant& one : std::vector<variant>{
           {"TRUNCATE, page 16384", 16384, "PRAGMA journal_mode=TRUNCATE"},
           {"TRUNCATE, page 16384, cache 64 MB: no spill", 16384,
            "PRAGMA journal_mode=TRUNCATE; PRAGMA cache_size=-65536"},
           {"TRUNCATE, page 4096", 4096, "PRAGMA journal_mode=TRUNCATE"},
           {"TRUNCATE, page 32768", 32768, "PRAGMA journal_mode=TRUNCATE"},
           {"TRUNCATE, page 65536", 65536, "PRAGMA journal_mode=TRUNCATE"},
           {"PERSIST, page 16384", 16384, "PRAGMA journal_mode=PERSIST"},
           {"PERSIST, page 65536", 65536, "PRAGMA journal_mode=PERSIST"},
           {"DELETE EXTRA, page 16384", 16384,
            "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA"},
           {"WAL 4 MB, page 4096", 4096, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=1000"},
           {"WAL 4 MB, page 16384", 16384,
            "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=250"},
           {"WAL 4 MB, page 65536", 65536,
            "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=64"}}) {
    group_source groups{0, given.block_bytes, given.group};
    const auto folder = fresh(given, "variant");
    auto store = open_variant(folder, options_of(folder, groups.state()), one);
    compare(given, one.name, *store, groups);
    store.reset();
    std::filesystem::remove_all(folder);
  }
}

void starts(const options& given) {
  group_source groups{0, 600, 5000};
  const auto folder = fresh(given, "starts");
  const auto opened = options_of(folder, groups.state());
  std::cout << "start, from nothing known to resuming\n";
  for (height_t blocks = 1000; blocks <= given.start_blocks; blocks *= 10) {
    auto store = storage::open_store(opened);
    while (groups.state().next_height < blocks)
      commit(**store, groups.next());
    store->reset();
    std::vector<double> cold;
    std::vector<double> warm;
    for (int i = 0; i < 20; ++i) {
      drop_cache(folder / storage::database_name);
      cold.push_back(seconds_of([&] { store = storage::open_store(opened); }));
      store->reset();
      warm.push_back(seconds_of([&] { store = storage::open_store(opened); }));
      store->reset();
    }
    std::ranges::sort(cold);
    std::ranges::sort(warm);
    std::cout << std::setw(10) << groups.state().next_height << " blocks: cold "
              << std::setprecision(2) << 1000 * cold[10] << " ms (max " << 1000 * cold[19]
              << "), warm " << 1000 * warm[10] << " ms (max " << 1000 * warm[19] << ")\n";
  }
  std::filesystem::remove_all(folder);
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Measures the store: bulk | indexed | starts | variants"};
  options given;
  std::vector<std::string> parts{"bulk", "indexed", "starts"};
  app.add_option("parts", parts, "what to measure");
  app.add_option("--folder", given.folder, "on the disk to measure; emptied");
  app.add_option("--megabytes", given.megabytes, "of blocks, each part");
  app.add_option("--block-bytes", given.block_bytes, "size of a block");
  app.add_option("--group", given.group, "blocks of one transaction, a multiple of 50");
  app.add_option("--indexed", given.indexed, "hashes in the index before");
  app.add_option("--start-blocks", given.start_blocks, "length of the longest store started");
  CLI11_PARSE(app, count, words);
  std::cout << std::fixed;
  for (const auto& part : parts)
    if (part == "bulk")
      bulk(given);
    else if (part == "indexed")
      bulk_into_index(given);
    else if (part == "starts")
      starts(given);
    else if (part == "variants")
      variants(given);
}
