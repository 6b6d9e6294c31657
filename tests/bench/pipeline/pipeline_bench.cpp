// pipeline_bench: a whole node against its stages alone; see README.md beside this file, and
// pipeline.py, which makes the chains and starts the server.
#include "stages.hpp"

#include "runtime/network_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <thread>

namespace {

using namespace blockferry;
using namespace blockferry::bench;

struct settings {
  std::string files; ///< folder of the CDN
  std::string level = "header";
  double seconds = 10;
  bool whole = false; ///< only the node, again and again: for a profile
};

void load(carried_chain& chain, const std::string& folder) {
  const auto net = runtime::load_network(folder + "/network.toml");
  if (!net)
    throw std::runtime_error{net.error().message};
  chain.net = *net;
  for (height_t start = 0;; start += blocks_per_file) {
    std::ifstream in{folder + "/" + std::to_string(start) + "." +
                         std::to_string(start + blocks_per_file) + ".blocks",
                     std::ios::binary};
    if (!in)
      break;
    chain.files.emplace_back(std::make_shared<const chain::byte_buffer>(
        std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}));
  }
  chain.blocks = static_cast<height_t>(chain.files.size() * blocks_per_file);
  chain.block_bytes = chain.files.back().size() / blocks_per_file - 8;
}

/// The node alone again and again, for a profile of it.
void run_whole(const carried_chain& chain, double seconds) {
  for (double spent = 0; spent < seconds;) {
    const auto run = whole_pipeline(chain);
    spent += run.seconds;
    std::cout << chain.blocks / run.seconds << " blocks/s, " << 1e6 * run.cpu / chain.blocks
              << " us of CPU a block\n"
              << std::flush;
  }
}

/// The median by time of as many runs as were made in turns.
spent median(std::vector<spent> runs) {
  std::ranges::sort(runs, {}, &spent::seconds);
  return runs[runs.size() / 2];
}

void measure(const carried_chain& chain, double seconds) {
  struct stage {
    const char* name;
    spent (*run)(const carried_chain&);
    std::vector<spent> runs;
  };
  stage stages[] = {{"download alone", download_alone, {}},
                    {"verify alone", verify_alone, {}},
                    {"write alone", write_alone, {}},
                    {"whole pipeline", whole_pipeline, {}}};
  double whole = 0;
  while (whole < seconds || stages[0].runs.size() < 3) {
    for (auto& one : stages)
      one.runs.push_back(one.run(chain));
    whole += stages[3].runs.back().seconds;
  }
  double slowest = 0;
  double cpu = 0;
  std::cout << chain.blocks << " blocks of " << chain.block_bytes << " bytes, level "
            << chain::to_string(chain.level) << ", " << chain.workers << " workers, "
            << stages[0].runs.size() << " runs in turns, medians\n";
  for (const auto& one : stages) {
    const auto found = median(one.runs);
    std::cout << std::left << std::setw(18) << one.name << std::right << std::fixed
              << std::setprecision(0) << std::setw(8) << chain.blocks / found.seconds << " blocks/s"
              << std::setprecision(1) << std::setw(8) << 1e6 * found.cpu / chain.blocks
              << " us of CPU a block\n";
    if (one.run != whole_pipeline) {
      slowest = std::max(slowest, found.seconds);
      cpu += found.cpu;
    }
  }
  const double bound = std::max(slowest, cpu / std::thread::hardware_concurrency());
  std::cout << std::setprecision(2) << "ratio " << bound / median(stages[3].runs).seconds << " of "
            << (bound > slowest ? "the cores by the stages' CPU" : "the slowest stage") << "\n"
            << std::flush;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Measures a whole node against its stages alone."};
  settings given;
  carried_chain chain;
  chain.workers = std::max(1U, std::thread::hardware_concurrency());
  app.add_option("--files", given.files, "folder of the CDN, with network.toml")->required();
  app.add_option("--url", chain.url, "where a server has it")->required();
  app.add_option("--server", chain.server_threads, "process ids of the server");
  app.add_option("--level", given.level, "link or header");
  app.add_option("--store", chain.folder, "folder of the store; emptied")->required();
  app.add_option("--seconds", given.seconds, "time for the whole pipeline");
  app.add_flag("--whole", given.whole, "the whole pipeline alone, again and again");
  CLI11_PARSE(app, count, words);
  try {
    chain.level = given.level == "link" ? chain::level::link : chain::level::header;
    load(chain, given.files);
    given.whole ? run_whole(chain, given.seconds) : measure(chain, given.seconds);
  } catch (const std::exception& error) {
    std::cerr << "pipeline_bench: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
