// hostile_node: drives a real node through the cases and mixes; see README.md beside this file.
#include "tests/hostile/case_run.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace {

using namespace blockferry;
using namespace blockferry::hostile;
namespace fs = std::filesystem;

hostile_case mix(std::uint64_t seed) {
  hostile_case out;
  out.name = "mix " + std::to_string(seed);
  out.played = mixed_scenario(seed);
  std::erase_if(out.played.rules, [](const rule& each) {
    return lies_in_body(*each.what) || outlasts_time_outs(*each.what);
  });
  out.from_pin = seed % 3 == 0;
  out.may_end_early = true; // a tip that is stale, or whose file is missing at that moment
  return out;
}

struct options {
  std::string program; ///< as it was called, for the commands that replay
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

std::string replay(const options& given, const hostile_case& one, std::uint64_t seed) {
  const bool is_mix = one.name.starts_with("mix ");
  return given.program + " --folder " + given.folder +
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
    const auto judged = run_case(all, one, seed);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - from);
    if (!judged.skipped.empty())
      std::cout << "SKIPPED: " << one.name << ": " << judged.skipped << std::endl;
    else if (given.verbose || !judged.complaints.empty())
      print(one, judged, took);
    for (const auto& complaint : judged.complaints)
      std::cout << "     " << complaint << "\n";
    if (!judged.complaints.empty())
      std::cout << "     replay: " << replay(given, one, seed) << std::endl;
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
  given.program = words[0];
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
