// hostile_node: drives a real node through the cases and mixes; see README.md beside this file.
#include "chain/aleo_rules.hpp"
#include "tests/hostile/cases.hpp"
#include "tests/hostile/hostile_server.hpp"
#include "tests/hostile/hung_resolver.hpp"
#include "tests/hostile/node_run.hpp"
#include "tests/hostile/process_use.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace blockferry;
using namespace blockferry::hostile;
namespace fs = std::filesystem;

/// Enough for three whole files and a short one, and small enough to sync in a blink.
constexpr std::uint64_t block_count = 160;
/// Of node and servers together, above what this process had before (faults.md, row 18).
constexpr std::uint64_t memory_bytes_max = 256ULL << 20;

/// Mainnet's genesis, and beacon blocks behind it as developer chains have them.
chain::network network_of_blocks() {
  chain::network out = chain::mainnet();
  out.beacons_after_genesis = true;
  return out;
}

/// Whether the rules pass honest blocks at the first level that reads bodies.
bool reads_bodies(const file_set& files) {
  const std::string& first = *files.find(bundle_name(0));
  chain::bundle_job job;
  job.bytes = {reinterpret_cast<const std::uint8_t*>(first.data()), first.size()};
  job.wanted = {0, 50};
  job.floor = chain::level::consensus;
  return chain::aleo_rules{network_of_blocks()}.check_bundle(job, {}).has_value();
}

/// What all runs share.
struct world {
  file_set honest;
  fs::path folder;
  std::map<std::pair<chain_kind, chain::level>, chain::hash> calm; ///< digests after a calm run
  unsigned number = 0;

  fs::path new_store() { return folder / ("store" + std::to_string(++number)); }
};

/// The chain that a store must hold in the end.
chain_kind right_kind(const hostile_case& one) {
  return one.served == chain_kind::large ? chain_kind::large : chain_kind::honest;
}
chain::level floor_of(const hostile_case& one) {
  return one.needs_body ? chain::level::consensus : chain::level::header;
}
file_set right_files(const world& of, const hostile_case& one) {
  return chain_of(right_kind(one), of.honest);
}

chain::checkpoint pinned_block(const file_set& files) {
  const auto blocks = split_bundle(*files.find(bundle_name(pinned_height / 50 * 50)));
  chain::checkpoint out{pinned_height, {}};
  // The hash stands behind the version (specification 2).
  std::copy_n(blocks.at(pinned_height % 50).begin() + 1, out.block_hash.bytes.size(),
              out.block_hash.bytes.begin());
  return out;
}

node_run_setup setup_of(const fs::path& store, std::vector<std::string> origins) {
  node_run_setup out;
  out.store = store;
  out.origins = std::move(origins);
  out.network = network_of_blocks();
  return out;
}

/// Runs against honest files until it has all of them, or `until`; throws if it does not.
void sync_honestly(const fs::path& store, const file_set& files, chain::level floor,
                   std::optional<chain::height_t> until = {}) {
  const hostile_server cdn{files, {}};
  auto setup = setup_of(store, {cdn.url()});
  setup.floor = floor;
  setup.deadline = std::chrono::seconds{20};
  setup.low_speed_time = std::chrono::seconds{5};
  setup.until = until;
  setup.give_up_after = std::chrono::seconds{20};
  const auto run = sync_node(setup);
  if (!run.ended || run.receipt.reason != drain_reason::completed)
    throw std::runtime_error{
        "an honest sync did not complete: " + std::string{to_string(run.receipt.reason)} +
        (run.receipt.error ? ": " + run.receipt.error->message : "")};
}

const chain::hash& calm_digest(world& of, const hostile_case& one, const file_set& files) {
  auto& out = of.calm[{right_kind(one), floor_of(one)}];
  if (out == chain::hash{}) {
    const auto store = of.new_store();
    sync_honestly(store, files, floor_of(one));
    out = checked_digest(store, block_count);
    fs::remove_all(store);
  }
  return out;
}

/// A port where nobody listens.
std::string closed_port() {
  const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(one, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(one, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(one);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

/// The origins of a case; `hostile` plays it.
std::vector<std::string> origins_of(const hostile_case& one, const hostile_server& cdn,
                                    const hostile_server& honest) {
  switch (one.asked) {
  case origins::hostile_only:
    return {cdn.url()};
  case origins::with_honest:
    return {cdn.url(), honest.url()};
  case origins::name_not_found:
    return {"http://cdn.nowhere.test", honest.url()};
  case origins::name_to_private:
    return {"http://cdn.inner.test:" + std::to_string(cdn.port()), honest.url()};
  case origins::name_hangs:
    return {"http://cdn.hangs.test", honest.url()};
  case origins::port_closed:
    return {closed_port(), honest.url()};
  case origins::proxy_in_environment:
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
      ::setenv(name, cdn.canary_url().c_str(), 1);
    return {cdn.url()};
  }
  return {};
}

bool is_among(const std::vector<std::string_view>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

/// What a run's end, classes and bounds must be, as complaints.
std::vector<std::string> judge(const hostile_case& one, const node_run_result& run,
                               const process_use& before) {
  std::vector<std::string> out;
  const auto expected = one.end == ending::recovers  ? drain_reason::completed
                        : one.end == ending::refused ? drain_reason::data_refused
                                                     : drain_reason::gave_up;
  if (!run.ended)
    out.emplace_back("did not end");
  else if (run.receipt.reason != expected &&
           !(one.may_end_early && run.receipt.reason == drain_reason::data_refused))
    out.push_back("ended with " + std::string{to_string(run.receipt.reason)} + " instead of " +
                  std::string{to_string(expected)} +
                  (run.receipt.error ? ": " + run.receipt.error->message : ""));
  if (run.ended && !run.receipt.clean)
    out.emplace_back("the store was not marked clean");
  if (!one.classes.empty() && std::ranges::none_of(run.classes, [&](const std::string& seen) {
        return is_among(one.classes, seen);
      }))
    out.emplace_back("none of the expected classes was seen");
  const auto after = settled_use(before);
  if (after.descriptors > before.descriptors)
    out.push_back(std::to_string(after.descriptors - before.descriptors) + " descriptors leaked");
  if (after.peak_bytes > before.peak_bytes + memory_bytes_max)
    out.push_back(std::to_string((after.peak_bytes - before.peak_bytes) >> 20) + " MiB taken");
  return out;
}

/// Faults stop; the same store is synced on, and must hold what a calm run leaves (S7).
void finish_calmly(world& of, const hostile_case& one, const fs::path& store,
                   const node_run_result& run, std::vector<std::string>& complaints) {
  const auto files = right_files(of, one);
  if (run.receipt.durable && run.receipt.durable->height >= block_count)
    complaints.emplace_back("stored more than the chain");
  if (!run.receipt.durable || run.receipt.durable->height + 1 < block_count) {
    if (one.end == ending::recovers && !one.may_end_early)
      complaints.emplace_back("stopped before the tip");
    sync_honestly(store, files, floor_of(one));
  }
  if (checked_digest(store, block_count) != calm_digest(of, one, files))
    complaints.emplace_back("the content differs from that of a calm run");
}

struct verdict {
  std::vector<std::string> complaints;
  std::string skipped; ///< why nothing was shown
  node_run_result run;
};

verdict play(world& of, const hostile_case& one, std::uint64_t seed) {
  verdict out;
  const auto store = of.new_store();
  try {
    const auto right = right_files(of, one);
    if (one.needs_body && !reads_bodies(right)) {
      out.skipped = "the rules make no check of bodies";
      return out;
    }
    calm_digest(of, one, right); // before anything is measured
    if (one.stored != 0)
      sync_honestly(store, of.honest, floor_of(one), static_cast<chain::height_t>(one.stored - 1));
    const auto before = use_now();
    {
      const hostile_server cdn{chain_of(one.served, of.honest), one.played, {.seed = seed}};
      const hostile_server honest{right, {}};
      auto setup = setup_of(store, origins_of(one, cdn, honest));
      setup.seed = seed;
      setup.compare = one.compare;
      setup.floor = floor_of(one);
      if (one.served == chain_kind::large)
        setup.deadline = std::chrono::seconds{5};
      if (one.name.starts_with("mix") && seed % 2 == 1)
        setup.hedge = std::chrono::milliseconds{60};
      if (one.end != ending::gives_up)
        setup.give_up_after = std::chrono::seconds{20};
      if (!cdn.authority_pem().empty()) {
        setup.ca_file = of.folder / "ca.pem";
        std::ofstream{setup.ca_file} << cdn.authority_pem();
      }
      if (one.pinned)
        setup.checkpoints.push_back(pinned_block(of.honest));
      out.run = sync_node(setup);
      if (cdn.counts().canary_visits != 0)
        out.complaints.emplace_back("the canary was visited");
    }
    release_lookups();
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
      ::unsetenv(name);
    for (auto& complaint : judge(one, out.run, before))
      out.complaints.push_back(std::move(complaint));
    finish_calmly(of, one, store, out.run, out.complaints);
  } catch (const std::exception& error) {
    out.complaints.emplace_back(error.what());
  }
  fs::remove_all(store);
  return out;
}

hostile_case mix(std::uint64_t seed) {
  hostile_case out;
  out.name = "mix " + std::to_string(seed);
  out.played = mixed_scenario(seed);
  std::erase_if(out.played.rules, [](const rule& each) { return lies_in_body(*each.what); });
  out.may_end_early = true; // a tip that is stale, or whose file is missing at that moment
  return out;
}

struct options {
  std::string folder;
  std::string case_name;
  std::uint64_t mix_seed = 0;
  std::uint64_t mixes = 0;
  std::uint64_t first_mix = 1;
  std::uint64_t seed = 1;
  std::size_t shard = 0;
  std::size_t shards = 1;
  std::size_t every = 1;
  bool cases = false;
  bool verbose = false;
};

std::vector<hostile_case> chosen(const options& given) {
  std::vector<hostile_case> all;
  if (!given.case_name.empty()) {
    const auto* one = find_case(given.case_name);
    if (one == nullptr)
      throw std::runtime_error{"no case is called '" + given.case_name + "'"};
    all.push_back(*one);
  }
  if (given.mix_seed != 0)
    all.push_back(mix(given.mix_seed));
  if (given.cases)
    all.insert(all.end(), all_cases().begin(), all_cases().end());
  for (std::uint64_t i = 0; i < given.mixes; ++i)
    all.push_back(mix(given.first_mix + i));
  std::vector<hostile_case> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i % (given.shards * given.every) == given.shard * given.every)
      out.push_back(std::move(all[i]));
  return out;
}

std::string replay(const hostile_case& one, std::uint64_t seed) {
  const bool is_mix = one.name.starts_with("mix ");
  return "hostile_node --folder runtime/demo/blocks" +
         (is_mix ? " --mix " + std::to_string(seed)
                 : " --seed " + std::to_string(seed) + " --case '" + one.name + "'");
}

void print(const hostile_case& one, const verdict& judged, std::chrono::milliseconds took) {
  std::string classes;
  for (const auto& name : judged.run.classes)
    classes += (classes.empty() ? "" : "|") + name;
  std::cout << (judged.complaints.empty() ? "ok   " : "FAIL ") << one.name << ": "
            << to_string(judged.run.receipt.reason) << ", " << judged.run.transfers
            << " transfers, " << took.count() << " ms, " << (classes.empty() ? "-" : classes)
            << std::endl;
}

int run_all(const options& given, const fs::path& work) {
  world all{file_set::from_folder(given.folder).first_blocks(block_count), work, {}, 0};
  std::size_t failed = 0;
  const auto cases = chosen(given);
  const auto begun = std::chrono::steady_clock::now();
  for (const auto& one : cases) {
    const auto from = std::chrono::steady_clock::now();
    const bool is_mix = one.name.starts_with("mix ");
    const auto seed = is_mix ? std::stoull(one.name.substr(4)) : given.seed;
    const auto judged = play(all, one, seed);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - from);
    if (!judged.skipped.empty())
      std::cout << "SKIPPED: " << one.name << ": " << judged.skipped << std::endl;
    else if (given.verbose || !judged.complaints.empty())
      print(one, judged, took);
    for (const auto& complaint : judged.complaints)
      std::cout << "     " << complaint << "\n";
    if (!judged.complaints.empty())
      std::cout << "     replay: " << replay(one, seed) << std::endl;
    failed += judged.complaints.empty() ? 0U : 1U;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::cout << cases.size() << " runs in " << took.count() << " s, " << failed << " failed"
            << std::endl;
  return failed == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Drives a real node through the cases and mixes of the hostile CDN."};
  options given;
  app.add_option("--folder", given.folder, "folder of *.blocks files and latest.json")->required();
  app.add_option("--case", given.case_name, "this case");
  app.add_option("--mix", given.mix_seed, "the mix of this seed");
  app.add_flag("--cases", given.cases, "all cases");
  app.add_option("--mixes", given.mixes, "so many mixes");
  app.add_option("--first-mix", given.first_mix, "their first seed");
  app.add_option("--seed", given.seed, "of everything random in a play and in the node");
  app.add_option("--shard", given.shard, "this one, from 0,");
  app.add_option("--shards", given.shards, "of so many parts")->check(CLI::PositiveNumber);
  app.add_option("--every", given.every, "only each so-many-th run")->check(CLI::PositiveNumber);
  app.add_flag("--verbose", given.verbose, "a line for each run");
  CLI11_PARSE(app, count, words);
  // The disk is not what is tested here.
  std::string work = fs::exists("/dev/shm") ? "/dev/shm/hostile-XXXXXX" : "/tmp/hostile-XXXXXX";
  int code = 2;
  try {
    if (::mkdtemp(work.data()) == nullptr)
      throw std::runtime_error{"cannot make a folder for stores"};
    code = run_all(given, work);
  } catch (const std::exception& error) {
    std::cerr << "hostile_node: " << error.what() << "\n";
  }
  std::error_code ignored;
  fs::remove_all(work, ignored);
  return code;
}
