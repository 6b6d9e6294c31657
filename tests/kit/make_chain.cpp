// make_chain: writes a valid chain as a CDN's files; see README.md beside this file.
#include "chain/front.hpp"
#include "chain/wire.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>

namespace {

using namespace blockferry;

struct options {
  std::uint64_t seed = 1;
  chain::height_t blocks = 1000;
  std::size_t block_bytes = 0;
  std::size_t validators = 0;
  std::int64_t block_seconds = 10;
  bool fresh = false;
  std::string out;
  std::string follow;
};

/// The network of what is made: mainnet's rules where its blocks are followed, else a developer's.
chain::network network_of(const options& given, chain::byte_view genesis) {
  const auto front = chain::read_front(genesis);
  auto net = given.follow.empty() ? kit::developer_network(front->block_hash, given.validators == 0)
                                  : chain::mainnet();
  if (!given.follow.empty()) {
    net.name = "made";
    net.beacons_after_genesis = true;
    net.checkpoints.clear();
  }
  return net;
}

void make_rest(auto& folder, const options& given, const auto& height, auto& maker) {
  while (height() < given.blocks)
    folder.add(maker.next());
}

/// Beacon blocks whose signatures, on which no later block depends, are made in batches.
class signed_later {
public:
  signed_later(kit::cdn_folder& folder, const kit::account& keys) : folder_{folder}, keys_{keys} {}

  void add(chain::byte_buffer block) {
    blocks_.push_back(std::move(block));
    if (blocks_.size() == batch)
      sign();
  }
  void sign() {
    constexpr std::ptrdiff_t signature_offset = 346; // specification 2.1
    std::vector<chain::hash> hashes;
    for (const auto& block : blocks_)
      hashes.push_back(chain::load_hash(chain::byte_view{block}.subspan(1)));
    const auto signatures = keys_.sign_all(hashes);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      std::ranges::copy(signatures[i], blocks_[i].begin() + signature_offset);
      folder_.add(std::move(blocks_[i]));
    }
    blocks_.clear();
  }

private:
  static constexpr std::size_t batch = 64;
  kit::cdn_folder& folder_;
  const kit::account& keys_;
  std::vector<chain::byte_buffer> blocks_;
};

/// Returns the network and how many blocks were given.
std::pair<chain::network, chain::height_t> make_beacon_chain(const options& given,
                                                             kit::cdn_folder& folder) {
  const auto validators = kit::make_validators(4, given.seed);
  std::vector<chain::byte_buffer> first;
  if (given.follow.empty())
    first.push_back(kit::make_genesis(kit::developer_network({}, true), validators));
  else
    first = kit::blocks_of(kit::read_file(given.follow));
  const auto net = network_of(given, first.front());
  kit::chain_maker maker{{.net = net,
                          .seed = given.seed,
                          .block_bytes = given.block_bytes,
                          .block_seconds = given.block_seconds,
                          .fresh_transactions = given.fresh,
                          .sign = {}}};
  for (auto& block : first) {
    if (maker.next_height() == given.blocks)
      break;
    maker.follow(block);
    folder.add(std::move(block));
  }
  const auto followed = maker.next_height();
  signed_later rest{folder, validators.front().keys};
  make_rest(
      rest, given, [&] { return maker.next_height(); }, maker);
  rest.sign();
  folder.finish(maker.tip_hash());
  return {net, followed};
}

std::pair<chain::network, chain::height_t> make_quorum_chain(const options& given,
                                                             kit::cdn_folder& folder) {
  kit::quorum_maker maker{{.net = kit::developer_network({}, false),
                           .seed = given.seed,
                           .block_bytes = given.block_bytes,
                           .block_seconds = given.block_seconds,
                           .fresh_transactions = true,
                           .sign = {}},
                          kit::make_validators(given.validators, given.seed)};
  folder.add(maker.genesis());
  make_rest(
      folder, given, [&] { return maker.chain().next_height(); }, maker);
  folder.finish(maker.chain().tip_hash());
  return {network_of(given, maker.genesis()), 1};
}

void make(const options& given) {
  kit::cdn_folder folder{given.out};
  const auto begin = std::chrono::steady_clock::now();
  const auto [net, followed] =
      given.validators == 0 ? make_beacon_chain(given, folder) : make_quorum_chain(given, folder);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::ofstream{given.out + "/network.toml"} << kit::network_file(net);
  std::cout << given.blocks << " blocks, " << followed << " of them given, " << folder.bytes()
            << " bytes, " << static_cast<double>(given.blocks - followed) / took.count()
            << " blocks/s\n";
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Writes a valid chain as a CDN's files, the same for the same seed."};
  options given;
  app.add_option("--seed", given.seed, "seed of everything chosen by chance");
  app.add_option("--blocks", given.blocks, "blocks in all, those given included");
  app.add_option("--block-bytes", given.block_bytes,
                 "about the size of a block's rest; 0: no transactions");
  app.add_option("--block-seconds", given.block_seconds, "between two timestamps");
  app.add_flag("--fresh", given.fresh, "each block gets transactions of its own");
  auto* follow = app.add_option("--follow", given.follow,
                                "file of blocks of mainnet to begin with; else an own genesis");
  app.add_option("--validators", given.validators,
                 "quorum blocks by so many validators; 0: beacon blocks")
      ->excludes(follow);
  app.add_option("--out", given.out, "folder to write to")->required();
  CLI11_PARSE(app, count, words);
  try {
    make(given);
  } catch (const std::exception& error) {
    std::cerr << "make_chain: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
