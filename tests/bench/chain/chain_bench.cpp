// The figures of the chain's arithmetic and checks, per core, on each code path the machine has,
// beside two yardsticks of the same run: OpenSSL's Montgomery multiplication and our own.
//
//   chain_bench [REPETITIONS]     default 20; a batch is 400 blocks
#include "blocks.hpp"
#include "chain/aleo_rules.hpp"
#include "chain/hash/block_tree.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/math/kernels.hpp"
#include "measured.hpp"

#include <cstdlib>
#include <iostream>
#include <stop_token>

namespace {

using namespace blockferry;
using chain::cpu_path;

constexpr std::size_t batch_blocks = 400;
constexpr std::uint32_t bundle_blocks = 50;
constexpr std::size_t history_blocks = 650;

std::map<cpu_path, double> goal(double ifma, double adx, double portable) {
  return {{cpu_path::ifma, ifma}, {cpu_path::adx, adx}, {cpu_path::portable, portable}};
}

void fail(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

/// Everything at header level on one bundle: framing, front, hashes, state roots, targets.  Gives
/// the state after it.
chain::chain_state judge(const chain::rules& rules, const chain::byte_buffer& bytes,
                         const chain::chain_state& before) {
  const chain::bundle_job job{
      bytes, before.next_height, {before.next_height, bundle_blocks}, chain::level::header, {}};
  const auto checked = rules.check_bundle(job, {});
  if (!checked)
    fail(to_string(checked.error()));
  const auto extended = rules.extend(before, *checked);
  if (!extended)
    fail(to_string(extended.error()));
  if (const auto records = rules.check_history(before, *checked, {}); !records)
    fail(to_string(records.error()));
  return *extended;
}

std::vector<chain::byte_buffer> bundles_of(std::span<const chain::byte_buffer> blocks) {
  std::vector<chain::byte_buffer> out;
  for (std::size_t at = 0; at < blocks.size(); at += bundle_blocks)
    out.push_back(bench::bundle_of(blocks.subspan(at, bundle_blocks)));
  return out;
}

} // namespace

int main(int argc, char** argv) {
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 20;
  const auto folder = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo/mainnet";
  const auto before = bench::blocks_of(folder, 0, history_blocks);
  const auto blocks = bench::blocks_of(folder, history_blocks, batch_blocks);
  if (blocks.size() != batch_blocks) {
    std::cout << "SKIPPED: no reference blocks in " << folder << '\n';
    return 0;
  }
  chain::network net = chain::mainnet();
  net.beacons_after_genesis = true;
  const chain::aleo_rules rules{net};
  chain::chain_state state = chain::state_before_genesis();
  for (const auto& bundle : bundles_of(before))
    state = judge(rules, bundle, state);
  const auto bundles = bundles_of(blocks);

  std::vector<chain::byte_view> fronts(blocks.begin(), blocks.end());
  std::vector<chain::hash> hashes(batch_blocks), leaves(batch_blocks);

  std::vector<bench::measurement> lines;
  lines.push_back({"block hash from the header", batch_blocks,
                   [&] { chain::block_hashes(fronts, hashes); }, goal(20, 75, 150)});
  lines.push_back({"state root",
                   batch_blocks,
                   [&] {
                     chain::tree_leaves(hashes, leaves);
                     static_cast<void>(chain::state_roots(state.peaks, history_blocks, leaves));
                   },
                   {}});
  lines.push_back({"header level whole, bundles of 50", batch_blocks,
                   [&] {
                     chain::chain_state at = state;
                     for (const auto& bundle : bundles)
                       at = judge(rules, bundle, at);
                   },
                   goal(50, 180, 350)});
  bench::print(lines, bench::measure(lines, repetitions));
  return 0;
}
