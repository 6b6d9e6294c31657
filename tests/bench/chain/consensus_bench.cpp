// The figures of the level `consensus`, per core, on each code path the machine has.
//
//   consensus_bench [REPETITIONS]     default 20
#include "blocks.hpp"
#include "chain/aleo_rules.hpp"
#include "chain/body/body.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/signers/signer_cache.hpp"
#include "chain/stake/following.hpp"
#include "chain/transactions/transaction.hpp"
#include "chain/wire.hpp"
#include "measured.hpp"
#include "tests/kit/account.hpp"
#include "tests/kit/made_network.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace {

using namespace blockferry;

constexpr std::size_t bundle_blocks = 50;
constexpr std::size_t signers = 256;
constexpr std::size_t stakers = 10'000;
constexpr std::size_t followed_blocks = 20;

[[noreturn]] void fail(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

/// A chain's files with the network that its genesis belongs to.
struct test_chain {
  chain::network net;
  std::vector<chain::byte_buffer> files;
  std::size_t blocks = 0;
  std::size_t bytes = 0;
};

test_chain chain_of(const std::filesystem::path& folder, chain::network net) {
  test_chain out{std::move(net), {}, 0, 0};
  const auto blocks = bench::blocks_of(folder, 0, 100);
  out.blocks = blocks.size();
  for (std::size_t at = 0; at < blocks.size(); at += bundle_blocks)
    out.files.push_back(bench::bundle_of(
        std::span{blocks}.subspan(at, std::min(bundle_blocks, blocks.size() - at))));
  for (const auto& block : blocks)
    out.bytes += block.size();
  if (!blocks.empty())
    out.net.genesis = chain::load_hash(chain::byte_view{blocks.front()}.subspan(1));
  return out;
}

/// All three steps over all files.
void judge(const chain::aleo_rules& rules, const test_chain& chain, chain::level floor) {
  chain::chain_state state = chain::state_before_genesis();
  for (const auto& file : chain.files) {
    const auto checked = rules.check_bundle(
        {file, state.next_height, {state.next_height, bundle_blocks}, floor, {}}, {});
    if (!checked)
      fail(to_string(checked.error()));
    if (const auto records = rules.check_history(state, *checked, {}); !records)
      fail(to_string(records.error()));
    auto after = rules.extend(state, *checked);
    if (!after)
      fail(to_string(after.error()));
    state = std::move(*after);
  }
}

/// Step 1 of each file, as workers do it.
void check_alone(const chain::aleo_rules& rules, const test_chain& chain, chain::level floor) {
  chain::height_t first = 0;
  for (const auto& file : chain.files) {
    if (const auto checked =
            rules.check_bundle({file, first, {first, bundle_blocks}, floor, {}}, {});
        !checked)
      fail(to_string(checked.error()));
    first += bundle_blocks;
  }
}

void read_bodies(const test_chain& chain, const std::vector<chain::byte_buffer>& blocks) {
  for (const auto& block : blocks) {
    chain::cursor in{block};
    in.take(chain::front_bytes, "front");
    const auto head = read_head(in, chain.net, block[chain::front_bytes - 1]);
    const auto area = chain::read_transactions(in);
    if (!head || !in.ok() || !read_tail(in, chain.net))
      fail("a body cannot be read");
  }
}

/// One signature of each of many accounts.
struct signed_messages {
  std::vector<chain::byte_buffer> bytes;
  chain::hash message{{42}};
  std::vector<chain::signed_field> views;

  signed_messages() {
    for (std::size_t i = 0; i < signers; ++i)
      bytes.push_back(kit::account{i + 1}.sign(message));
    for (const auto& one : bytes)
      views.push_back({one, chain::field_view{message.bytes.data()}});
  }
};

void verify(chain::signer_cache& cache, std::span<const chain::signed_field> all) {
  std::vector<std::optional<chain::hash>> found(all.size());
  cache.verify(all, found);
  for (const auto& one : found)
    if (!one)
      fail("a signature is refused");
}

/// Genesis with many stakers, and a later block without transactions.
chain::stake::block_stakes genesis_of_many() {
  chain::stake::block_stakes out;
  out.genesis.emplace();
  std::vector<std::uint64_t> stakes(10);
  for (std::size_t i = 0; i < stakers; ++i) {
    chain::stake::genesis_bond one;
    chain::byte_buffer key;
    chain::append_le<std::uint64_t>(key, i + 1);
    std::ranges::copy(key, one.staker.bytes.begin());
    one.validator.bytes[0] = static_cast<std::uint8_t>(i % stakes.size() + 1);
    one.withdrawal = one.staker;
    one.amount = i < stakes.size() ? 10'000'000'000'000 : 20'000'000'000 + i;
    stakes[i % stakes.size()] += one.amount;
    out.genesis->bonded.push_back(one);
  }
  for (std::size_t i = 0; i < stakes.size(); ++i) {
    chain::stake::committee_member one;
    one.who.bytes[0] = static_cast<std::uint8_t>(i + 1);
    one.stake = stakes[i];
    one.is_open = true;
    out.genesis->members.push_back(one);
  }
  return out;
}

void follow(const chain::stake::committee_following& after_genesis) {
  chain::stake::committee_following state = after_genesis;
  for (std::size_t i = 1; i <= followed_blocks; ++i) {
    chain::stake::block_stakes block;
    block.round = 2 * i;
    block.reward = 30'000'000;
    state.add(static_cast<chain::height_t>(i), block);
  }
  if (!state.lost().empty())
    fail("committees lost: " + state.lost());
}

/// Seconds that `workers` threads take for the same work each.
double seconds(unsigned workers, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < workers; ++i)
    threads.emplace_back(work);
  threads.clear();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What the first use of everything costs above the second: tables are made by whoever needs them
/// first.  On the path that is active at the start.
void print_tables(const test_chain& chain) {
  const test_chain first{chain.net, {chain.files.front()}, 0, 0};
  const auto work = [&] { judge(chain::aleo_rules{first.net}, first, chain::level::content); };
  const double cold = seconds(1, work), warm = seconds(1, work);
  std::printf("tables of all levels, built on path %s: %.0f ms (goal 350)\n",
              std::string{to_string(chain::active_cpu_path())}.c_str(), 1e3 * (cold - warm));
}

/// Work for about a quarter of a second, so that starting a thread does not count.
void print_scaling(const chain::aleo_rules& rules, const test_chain& chain, int repetitions) {
  constexpr double enough = 0.25;
  for (const auto floor : {chain::level::header, chain::level::consensus, chain::level::content}) {
    const std::string name{chain::to_string(floor)};
    const double once = seconds(1, [&] { check_alone(rules, chain, floor); });
    const int rounds = std::max(1, static_cast<int>(enough / once));
    const auto work = [&] {
      for (int i = 0; i < rounds; ++i)
        check_alone(rules, chain, floor);
    };
    double one = 1e9, two = 1e9;
    for (int i = 0; i < 2 * repetitions; ++i) {
      one = std::min(one, seconds(1, work));
      two = std::min(two, seconds(2, work));
    }
    std::printf("two workers against one, %-12s %.2f\n", name.c_str(), 2 * one / two);
  }
}

} // namespace

int main(int argc, char** argv) {
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 20;
  const auto data = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo";
  const auto folder = data / "devnet10";
  const test_chain devnet10 = chain_of(folder, kit::developer_network({}, false));
  if (devnet10.files.empty()) {
    std::cout << "SKIPPED: no reference blocks in " << folder << '\n';
    return 0;
  }
  print_tables(devnet10);
  const auto blocks = bench::blocks_of(folder, 0, 100);
  const chain::aleo_rules rules{devnet10.net};
  const signed_messages messages;
  chain::signer_cache known;
  for (int i = 0; i < 8; ++i) // until every signer has a table
    verify(known, std::span{messages.views}.first(100));
  chain::stake::committee_following following;
  following.add(0, genesis_of_many());

  const auto goals = [](double ifma, double adx, double portable) {
    return std::map<chain::cpu_path, double>{{chain::cpu_path::ifma, ifma},
                                             {chain::cpu_path::adx, adx},
                                             {chain::cpu_path::portable, portable}};
  };
  std::vector<bench::measurement> lines;
  lines.push_back({"one signature, known signer", 100,
                   [&] { verify(known, std::span{messages.views}.first(100)); },
                   goals(15, 60, 120)});
  lines.push_back({"one signature, unknown signer", signers,
                   [&] {
                     chain::signer_cache fresh;
                     verify(fresh, messages.views);
                   },
                   goals(60, 150, 300)});
  lines.push_back({"following 10,000 stakers, a block", followed_blocks, [&] { follow(following); },
                   goals(60, 60, 100)});
  lines.push_back({"reading bodies, a kilobyte", devnet10.bytes / 1000,
                   [&] { read_bodies(devnet10, blocks); }, goals(5, 5, 5)});
  lines.push_back({"consensus, a devnet10 block", devnet10.blocks,
                   [&] { judge(rules, devnet10, chain::level::consensus); },
                   goals(1e6 / 250, 1e6 / 70, 1e6 / 35)});
  bench::print(lines, bench::measure(lines, repetitions));
  print_scaling(rules, devnet10, repetitions);
  return 0;
}
