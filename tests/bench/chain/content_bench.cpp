// The figures of whole bodies, per core, on each code path the machine has: reading, ids, the
// levels `consensus` and `content` on the blocks of devnet10 (37 KB, about 200 signatures).
//
//   content_bench [REPETITIONS] [made]     default 20; made: blocks of the generator, of all kinds,
//                                          which it also takes where there are no reference blocks
#include "blocks.hpp"
#include "chain/aleo_rules.hpp"
#include "chain/body/body.hpp"
#include "chain/bundle.hpp"
#include "chain/front.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/json/block_json.hpp"
#include "chain/transactions/ids.hpp"
#include "measured.hpp"
#include "tests/kit/made_chain.hpp"
#include "tests/kit/made_network.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace {

using namespace blockferry;
using chain::cpu_path;

constexpr std::size_t bundle_blocks = 50, block_count = 110;

void fail(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

/// Judges bundles from genesis on; `floor` is the level.
void judge(const chain::rules& rules, const std::vector<chain::byte_buffer>& bundles,
           chain::level floor) {
  chain::chain_state state = chain::state_before_genesis();
  for (const auto& bytes : bundles) {
    const auto first = state.next_height;
    const auto checked = rules.check_bundle({bytes, first, {first, bundle_blocks}, floor, {}}, {});
    if (!checked)
      fail(to_string(checked.error()));
    const auto extended = rules.extend(state, *checked);
    if (!extended)
      fail(to_string(extended.error()));
    if (const auto records = rules.check_history(state, *checked, {}); !records)
      fail(to_string(records.error()));
    state = *extended;
  }
}

/// Framing and the fixed front of each block.
void read_fronts(const std::vector<chain::byte_buffer>& bundles) {
  for (const auto& bytes : bundles) {
    const auto framed = chain::split_bundle(bytes);
    if (!framed)
      fail(framed.error().detail);
    for (const auto& block : *framed)
      if (!chain::read_front(block.bytes))
        fail("a front that cannot be read");
  }
}

chain::transactions_area read_body(chain::byte_view block) {
  static const chain::network any;
  chain::cursor in{block};
  in.take(chain::front_bytes, "front");
  if (!chain::read_head(in, any, block[chain::front_bytes - 1]))
    fail("a block that cannot be read");
  auto out = chain::read_transactions(in);
  if (!in.ok())
    fail(in.error().detail);
  return out;
}

/// Of the size and committee of devnet10, with every kind of what a block can carry.
std::vector<chain::byte_buffer> made_blocks() {
  constexpr std::size_t validators = 10, delegators = 20;
  return kit::blocks_of({.net = kit::developer_network({}, false),
                         .validators = kit::make_validators(validators, 1),
                         .delegators = delegators,
                         .kinds = kit::all_kinds()},
                        block_count);
}

} // namespace

int main(int argc, char** argv) {
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 20;
  const auto folder = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo/devnet10";
  auto blocks = bench::blocks_of(folder, 0, block_count);
  if (blocks.empty() || (argc > 2 && std::string_view{argv[2]} == "made")) {
    blocks = made_blocks();
    std::cout << "made blocks of all kinds\n";
  }
  std::vector<chain::byte_buffer> bundles;
  std::size_t bytes = 0;
  for (std::size_t at = 0; at < blocks.size(); at += bundle_blocks) {
    const auto count = std::min(bundle_blocks, blocks.size() - at);
    bundles.push_back(bench::bundle_of(std::span{blocks}.subspan(at, count)));
  }
  std::vector<chain::transactions_area> areas;
  std::vector<const chain::transactions_area*> pointers;
  for (const auto& block : blocks) {
    bytes += block.size();
    areas.push_back(read_body(block));
  }
  for (const auto& area : areas)
    pointers.push_back(&area);
  const auto front = chain::read_front(blocks.front());
  if (!front)
    fail(front.error().detail);
  const chain::aleo_rules rules{kit::developer_network(front->block_hash, false)};

  std::vector<bench::measurement> lines;
  lines.push_back({"reading the front alone", blocks.size(), [&] { read_fronts(bundles); }, {}});
  lines.push_back({"reading the body",
                   blocks.size(),
                   [&] {
                     for (const auto& block : blocks)
                       static_cast<void>(read_body(block));
                   },
                   {}});
  lines.push_back({"ids and transactions root",
                   blocks.size(),
                   [&] { static_cast<void>(chain::compute_ids(pointers)); },
                   {}});
  lines.push_back({"JSON",
                   blocks.size(),
                   [&] {
                     for (const auto& block : blocks)
                       static_cast<void>(chain::to_json(block));
                   },
                   {}});
  lines.push_back({"level consensus",
                   blocks.size(),
                   [&] { judge(rules, bundles, chain::level::consensus); },
                   {}});
  lines.push_back(
      {"level content", blocks.size(), [&] { judge(rules, bundles, chain::level::content); }, {}});
  const auto best = bench::measure(lines, repetitions);
  std::printf("%zu blocks, %zu bytes each on average\n", blocks.size(), bytes / blocks.size());
  bench::print(lines, best);
  const double block_bytes = static_cast<double>(bytes) / static_cast<double>(blocks.size());
  for (const auto& [path, us] : best.lines[0])
    std::printf("%s: reads fronts at %.1f GB/s, bodies at %.0f MB/s; consensus %.0f blocks/s, "
                "content %.0f blocks/s, %.2f of it\n",
                std::string{to_string(path)}.c_str(), 1e-3 * block_bytes / us,
                block_bytes / best.lines[1].at(path), 1e6 / best.lines[4].at(path),
                1e6 / best.lines[5].at(path), best.lines[4].at(path) / best.lines[5].at(path));
  return 0;
}
