#include "chain/network.hpp"

#include "chain/name.hpp"

namespace blockferry::chain {
namespace {

// All figures: specification 10.2 and 6.1; genesis hashes 11.
constexpr std::uint64_t live_genesis_coinbase_target = (std::uint64_t{1} << 29) - 1;
constexpr std::uint64_t live_genesis_proof_target = std::uint64_t{1} << 27;

network live_network(std::string name, std::uint16_t id, std::string_view genesis) {
  network out;
  out.name = std::move(name);
  out.id = id;
  out.cdn_url = "https://cdn.provable.com/v0/blocks/" + out.name;
  out.genesis = parse_block_name(genesis);
  out.genesis_coinbase_target = live_genesis_coinbase_target;
  out.genesis_proof_target = live_genesis_proof_target;
  out.anchor_time_seconds = {{1, 25}, {15, 35}, {17, 25}};
  return out;
}

network make_mainnet() {
  auto out =
      live_network("mainnet", 0, "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9");
  out.genesis_timestamp = 1725462000;
  out.consensus_heights = {0,        2800000,  4900000,  6135000,  7060000,  7560000,
                           7570000,  9430000,  10272000, 11205000, 12870000, 13815000,
                           16850000, 17700000, 19264000, 19860000, 19860001, 20794000,
                           21342000, 22175000, 22437000, 22962000};
  out.certificates_max = {{1, 16}, {3, 25}, {5, 30}, {6, 35}, {9, 40}};
  return out;
}

network make_testnet() {
  auto out =
      live_network("testnet", 1, "ab1sm6kyqle2ftg4z8gegafqrjy0jwjhzu6fmy73726dgszrtxhxvfqha0eee");
  out.genesis_timestamp = 1715776496;
  out.consensus_heights = {0,        2950000,  4800000,  6625000,  6765000,  7600000,
                           8365000,  9173000,  9800000,  10525000, 11952000, 12669000,
                           14906000, 15370000, 16886000, 17319000, 18295000, 18296000,
                           18813000, 19374000, 20234000, 20415000};
  out.certificates_max = {{1, 100}, {22, 40}};
  return out;
}

network make_canary() {
  auto out =
      live_network("canary", 2, "ab104qf735j04sfw8pkqt040ke5l9vzn4h89neqgl966k44kj5ft58qlhdcvk");
  out.genesis_timestamp = 1715776496;
  out.consensus_heights = {0,        2900000,  4560000, 5730000, 5780000, 6240000,
                           6880000,  7565000,  8028000, 8600000, 9510000, 10030000,
                           10881000, 11960000, never,   never,   never,   never,
                           never,    never,    never,   never};
  out.certificates_max = {{1, 100}};
  return out;
}

} // namespace

const network& mainnet() {
  static const network made = make_mainnet();
  return made;
}

const network& testnet() {
  static const network made = make_testnet();
  return made;
}

const network& canary() {
  static const network made = make_canary();
  return made;
}

const network* built_in_network(std::string_view name) {
  for (const network* one : {&mainnet(), &testnet(), &canary()})
    if (one->name == name)
      return one;
  return nullptr;
}

std::uint8_t consensus_version(const network& net, height_t height) {
  std::uint8_t version = 1;
  for (std::uint8_t i = 0; i < consensus_version_count; ++i)
    if (net.consensus_heights[i] != never && net.consensus_heights[i] <= height)
      version = static_cast<std::uint8_t>(i + 1);
  return version;
}

std::uint64_t value_at(const version_series& series, std::uint8_t version) {
  std::uint64_t value = 0;
  for (const auto& [first, one] : series)
    if (first <= version)
      value = one;
  return value;
}

} // namespace blockferry::chain
