#include "tests/kit/judged.hpp"

#include "chain/aleo_rules.hpp"
#include "chain/front.hpp"
#include "tests/kit/cdn_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace blockferry::kit {
namespace {

const std::string oracle = BLOCKFERRY_SHARED_DIR "/oracle/aleo_check.py";

} // namespace

std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("BLOCKFERRY_SEED");
    const auto out = given == nullptr ? 7 : std::strtoull(given, nullptr, 10);
    std::cout << "BLOCKFERRY_SEED=" << out << "\n";
    return out;
  }();
  return seed;
}

verdict judge(const std::vector<chain::byte_buffer>& blocks, const chain::network& net,
              chain::level floor) {
  constexpr std::size_t blocks_in_file = 50;
  auto rules_of = net;
  rules_of.genesis = chain::read_front(blocks.front())->block_hash;
  const chain::aleo_rules rules{rules_of};
  auto state = chain::state_before_genesis();
  verdict out;
  const auto refused = [&](const chain::check_failure& why) {
    out.failure = chain::to_string(why);
    return out;
  };
  for (std::size_t at = 0; at < blocks.size(); at += blocks_in_file) {
    const auto count = std::min(blocks_in_file, blocks.size() - at);
    const auto first = blocks.begin() + static_cast<std::ptrdiff_t>(at);
    const auto bundle = bundle_of({first, first + static_cast<std::ptrdiff_t>(count)});
    const chain::height_range wanted{state.next_height, static_cast<std::uint32_t>(count)};
    const auto checked = rules.check_bundle({bundle, state.next_height, wanted, floor, {}}, {});
    if (!checked)
      return refused(checked.error());
    auto after = rules.extend(state, *checked);
    if (!after)
      return refused(after.error());
    const auto history = rules.check_history(state, *checked, {});
    if (!history)
      return refused(history.error());
    out.records.insert(out.records.end(), history->begin(), history->end());
    out.bodies.insert(out.bodies.end(), checked->bodies.begin(), checked->bodies.end());
    state = std::move(*after);
  }
  out.followed = state.followed;
  return out;
}

bool oracle_here() {
  if (std::filesystem::exists(oracle) && std::system("python3 --version > /dev/null 2>&1") == 0)
    return true;
  std::cout << "SKIPPED: no reference checker in BLOCKFERRY_SHARED_DIR, or no python3\n";
  return false;
}

int oracle_says(const std::vector<chain::byte_buffer>& blocks, const std::string& options) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("blockferry-kit-" + std::to_string(::getpid()) + ".blocks");
  write_file(path, bundle_of(blocks));
  const auto command =
      "python3 '" + oracle + "' --brief " + options + " '" + path.string() + "' > /dev/null";
  const int result = std::system(command.c_str());
  std::filesystem::remove(path);
  return result;
}

} // namespace blockferry::kit
