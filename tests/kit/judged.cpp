#include "tests/kit/judged.hpp"

#include "chain/aleo_rules.hpp"
#include "tests/kit/cdn_folder.hpp"

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
  auto rules_of = net;
  rules_of.genesis = chain::read_front(blocks.front())->block_hash;
  const chain::aleo_rules rules{rules_of};
  const auto bundle = bundle_of(blocks);
  const auto count = static_cast<std::uint32_t>(blocks.size());
  verdict out;
  const auto checked = rules.check_bundle({bundle, 0, {0, count}, floor, {}}, {});
  if (!checked) {
    out.failure = chain::to_string(checked.error());
    return out;
  }
  const auto before = chain::state_before_genesis();
  const auto after = rules.extend(before, *checked);
  const auto history = rules.check_history(before, *checked, {});
  if (!after)
    out.failure = chain::to_string(after.error());
  else if (!history)
    out.failure = chain::to_string(history.error());
  else {
    out.records = *history;
    out.bodies = checked->bodies;
    out.followed = after->followed;
  }
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
