// hostile_cdn: a CDN that misbehaves on purpose; see README.md beside this file.
#include "tests/hostile/cases.hpp"
#include "tests/hostile/hostile_server.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

using namespace blockferry::hostile;

int list_cases(const std::string& part) {
  for (const auto& one : all_cases()) {
    if (!part.empty() && one.fault != part)
      continue;
    std::string classes;
    for (const auto name : one.classes)
      classes += (classes.empty() ? "" : "|") + std::string{name};
    std::printf("%-34s %-4s %-9s %-44s %s\n", one.name.c_str(), std::string{one.fault}.c_str(),
                std::string{to_string(one.end)}.c_str(), classes.empty() ? "-" : classes.c_str(),
                one.what.c_str());
  }
  return 0;
}

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    throw std::runtime_error{"cannot read " + path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Until SIGTERM, SIGINT or the end of the time.
void serve(const hostile_server& server, const sigset_t& ends, long seconds) {
  std::cout << "serving on " << server.url() << std::endl;
  const timespec limit{seconds, 0};
  sigtimedwait(&ends, nullptr, &limit);
  const auto counts = server.counts();
  std::cout << "connections " << counts.connections << ", requests " << counts.requests
            << ", hostile " << counts.hostile << ", canary visits " << counts.canary_visits
            << ", bytes " << counts.bytes_sent << std::endl;
}

struct options {
  std::string folder;
  std::string case_name;
  std::string scenario_file;
  std::string authority_file;
  std::string part;
  std::uint64_t mix_seed = 0;
  std::uint64_t blocks = 0;
  long seconds = 600;
  bool list = false;
  server_options server;
};

const hostile_case& case_of(const options& given) {
  const auto* found = find_case(given.case_name);
  if (found == nullptr)
    throw std::runtime_error{"no case is called '" + given.case_name + "'; --list names them"};
  return *found;
}

scenario chosen(const options& given, bool mixed) {
  if (!given.scenario_file.empty())
    return scenario_of_json(text_of(given.scenario_file));
  if (mixed)
    return mixed_scenario(given.mix_seed);
  if (given.case_name.empty())
    return {};
  return case_of(given).played;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"A CDN that misbehaves on purpose, the same way for the same seed."};
  options given;
  app.add_flag("--list", given.list,
               "name the cases: name, catalogue row, how a sync ends, its class");
  app.add_option("--part", given.part, "with --list: only the cases of this catalogue row");
  app.add_option("--folder", given.folder, "folder of *.blocks files and latest.json");
  app.add_option("--first", given.blocks, "serve only so many blocks");
  auto* by_case = app.add_option("--case", given.case_name, "play this case");
  auto* mix =
      app.add_option("--mix", given.mix_seed, "play the mix of this seed")->excludes(by_case);
  app.add_option("--scenario", given.scenario_file, "play what this JSON file says")
      ->excludes(by_case)
      ->excludes(mix);
  app.add_option("--seed", given.server.seed, "seed of everything random in a play");
  app.add_option("--port", given.server.port, "port on 127.0.0.1; 0: any free one");
  app.add_option("--connections", given.server.connections_max, "more than these are closed");
  app.add_option("--seconds", given.seconds, "ends by itself after this time");
  app.add_option("--authority", given.authority_file, "write the certificate authority here (PEM)");
  CLI11_PARSE(app, count, words);
  if (given.list)
    return list_cases(given.part);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  try {
    auto files = file_set::from_folder(given.folder);
    if (given.blocks != 0)
      files = files.first_blocks(given.blocks);
    if (!given.case_name.empty())
      files = chain_of(case_of(given).served, files);
    const hostile_server server{std::move(files), chosen(given, mix->count() != 0), given.server};
    if (!given.authority_file.empty())
      std::ofstream{given.authority_file} << server.authority_pem();
    serve(server, ends, given.seconds);
  } catch (const std::exception& error) {
    std::cerr << "hostile_cdn: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
