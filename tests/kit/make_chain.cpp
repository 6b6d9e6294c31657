// make_chain: writes a valid chain as a CDN's files; see README.md beside this file.
#include "chain/front.hpp"
#include "chain/wire.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_chain.hpp"
#include "tests/kit/made_network.hpp"

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
  std::vector<std::string> kinds;
  std::vector<std::uint64_t> stakes;
  std::vector<std::uint8_t> commissions;
  std::size_t delegators = 0;
  std::uint8_t version = 0;
  bool fresh = false;
  std::string out;
  std::string follow;
};

/// A developer's network, by beacons where there are no validators.
chain::network own_network(const options& given) {
  const auto net = kit::developer_network({}, given.validators == 0);
  return given.version == 0 ? net : kit::at_version(net, given.version);
}

/// Mainnet's rules, and beacons, for blocks behind its own.
chain::network followed_network() {
  auto net = chain::mainnet();
  net.name = "made";
  net.beacons_after_genesis = true;
  net.checkpoints.clear();
  return net;
}

std::set<kit::kind> kinds_of(const options& given) {
  std::set<kit::kind> out;
  for (const auto& name : given.kinds) {
    if (name == "all")
      return kit::all_kinds();
    const auto kind = kit::kind_named(name);
    if (!kind)
      throw std::invalid_argument{"--kinds: " + name + " is none; see --help"};
    out.insert(*kind);
  }
  return out;
}

/// Stakes and commissions as given, over and over.
std::vector<kit::validator> validators_of(const options& given) {
  constexpr std::size_t behind_beacons = 4;
  constexpr std::uint64_t million_credits = 1'000'000'000'000;
  auto out =
      kit::make_validators(given.validators == 0 ? behind_beacons : given.validators, given.seed);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!given.stakes.empty())
      out[i].stake = given.stakes[i % given.stakes.size()] * million_credits;
    if (!given.commissions.empty())
      out[i].commission = given.commissions[i % given.commissions.size()];
  }
  return out;
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
  const auto validators = validators_of(given);
  auto net = given.follow.empty() ? own_network(given) : followed_network();
  std::vector<chain::byte_buffer> first;
  if (given.follow.empty())
    first.push_back(kit::make_genesis(net, validators));
  else
    first = kit::blocks_of(kit::read_file(given.follow));
  net.genesis = chain::read_front(first.front())->block_hash;
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

/// Blocks by a committee, or with content of chosen kinds.
std::pair<chain::network, chain::height_t> make_full_chain(const options& given,
                                                           kit::cdn_folder& folder) {
  auto net = own_network(given);
  kit::made_chain made{{.net = net,
                        .seed = given.seed,
                        .validators = validators_of(given),
                        .delegators = given.delegators,
                        .kinds = kinds_of(given),
                        .block_bytes = given.block_bytes,
                        .block_seconds = given.block_seconds},
                       given.validators == 0};
  auto genesis = made.next();
  net.genesis = chain::read_front(genesis)->block_hash;
  folder.add(std::move(genesis));
  make_rest(
      folder, given, [&] { return made.chain().next_height(); }, made);
  folder.finish(made.chain().tip_hash());
  return {net, 1};
}

void make(const options& given) {
  kit::cdn_folder folder{given.out};
  const auto begin = std::chrono::steady_clock::now();
  const bool plain = given.validators == 0 && given.kinds.empty();
  const auto [net, followed] =
      plain ? make_beacon_chain(given, folder) : make_full_chain(given, folder);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::ofstream{given.out + "/network.toml"} << kit::network_file(net);
  std::cout << given.blocks << " blocks, " << followed << " of them given, " << folder.bytes()
            << " bytes, " << static_cast<double>(given.blocks - followed) / took.count()
            << " blocks/s\n";
}

void add_options(CLI::App& app, options& given) {
  app.add_option("--seed", given.seed, "seed of everything chosen by chance");
  app.add_option("--blocks", given.blocks, "blocks in all, those given included");
  app.add_option("--block-bytes", given.block_bytes,
                 "about the size of a block's rest; 0: no transactions but of --kinds");
  app.add_option("--block-seconds", given.block_seconds, "between two timestamps");
  app.add_flag("--fresh", given.fresh, "each block gets transactions of its own");
  auto* follow = app.add_option("--follow", given.follow,
                                "file of blocks of mainnet to begin with; else an own genesis");
  app.add_option("--validators", given.validators,
                 "quorum blocks by so many validators; 0: beacon blocks")
      ->excludes(follow);
  app.add_option("--stakes", given.stakes,
                 "of the validators, in millions of credits, at least 10; repeated as needed")
      ->delimiter(',')
      ->check(CLI::Range(10, 100'000));
  app.add_option("--commissions", given.commissions, "of the validators, in percent, likewise")
      ->delimiter(',')
      ->check(CLI::Range(0, 100));
  app.add_option("--delegators", given.delegators, "bonded at genesis; needs validators or --kinds")
      ->check(CLI::Range(0, 10'000));
  app.add_option("--kinds", given.kinds,
                 "what each block carries: all, or some of split, transfer, shield, deploy, "
                 "reject, stake, solution, abort")
      ->delimiter(',')
      ->excludes(follow);
  app.add_option("--version", given.version,
                 "the last consensus version, V1 to it a block each; without it V1 to V22 at the "
                 "heights 0, 5, 6, ... 25")
      ->check(CLI::Range(1, 22))
      ->excludes(follow);
  app.add_option("--out", given.out, "folder to write to")->required();
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Writes a valid chain as a CDN's files, the same for the same seed."};
  options given;
  add_options(app, given);
  CLI11_PARSE(app, count, words);
  try {
    make(given);
  } catch (const std::exception& error) {
    std::cerr << "make_chain: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
