#include "chain_run.hpp"

#include "chain/wire.hpp"
#include "tests/kit/made_network.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

namespace blockferry::chain::tests {

std::vector<byte_buffer> files_of(const std::filesystem::path& folder) {
  std::vector<byte_buffer> out;
  for (unsigned start = 0;; start += 50) {
    const auto name = std::to_string(start) + "." + std::to_string(start + 50) + ".blocks";
    std::ifstream file{folder / name, std::ios::binary};
    byte_buffer bytes{std::istreambuf_iterator<char>{file}, {}};
    if (bytes.empty())
      return out;
    out.push_back(std::move(bytes));
  }
}

void run_file(const aleo_rules& rules, byte_view file, height_t first, level floor,
              chain_run& run) {
  auto checked = rules.check_bundle({file, first, {first, 50}, floor, {}}, {});
  if (!checked) {
    run.failure = checked.error();
    return;
  }
  auto records = rules.check_history(run.state, *checked, {});
  if (!records) {
    run.failure = records.error();
    return;
  }
  auto after = rules.extend(run.state, *checked);
  if (!after) {
    run.failure = after.error();
    return;
  }
  run.state = std::move(*after);
  run.records.insert(run.records.end(), records->begin(), records->end());
  run.bodies.insert(run.bodies.end(), checked->bodies.begin(), checked->bodies.end());
}

chain_run run_files(const network& net, const std::vector<byte_buffer>& files, level floor) {
  const aleo_rules rules{net};
  chain_run run;
  height_t first = 0;
  for (const byte_buffer& file : files) {
    run_file(rules, file, first, floor, run);
    if (run.failure)
      break;
    first += 50;
  }
  return run;
}

std::optional<std::filesystem::path> reference_data() {
  const std::filesystem::path data = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo";
  if (std::filesystem::exists(data))
    return data;
  BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data);
  return std::nullopt;
}

network developer_network_of(const std::vector<byte_buffer>& files) {
  constexpr std::size_t first_block_hash = 8 + 8 + 1;
  return kit::developer_network(load_hash(byte_view{files.front()}.subspan(first_block_hash)),
                                false);
}

} // namespace blockferry::chain::tests
