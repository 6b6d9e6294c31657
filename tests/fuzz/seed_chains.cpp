#include "tests/fuzz/seed_chains.hpp"

#include "chain/front.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"

namespace blockferry::fuzz {
namespace {

constexpr std::uint64_t seed = 1;

seed_chain make_beacon_chain(std::size_t blocks) {
  const auto validators = kit::make_validators(4, seed);
  seed_chain out;
  out.blocks.push_back(kit::make_genesis(kit::developer_network({}, true), validators));
  out.net = kit::developer_network(chain::read_front(out.blocks[0])->block_hash, true);
  kit::chain_options options;
  options.net = out.net;
  options.seed = seed;
  options.block_bytes = 1'500;
  options.fresh_transactions = true;
  options.sign = [&](const chain::hash& block) { return validators.front().keys.sign(block); };
  kit::chain_maker maker{options};
  maker.follow(out.blocks[0]);
  while (out.blocks.size() < blocks)
    out.blocks.push_back(maker.next());
  return out;
}

seed_chain make_quorum_chain(std::size_t blocks) {
  kit::chain_options options;
  options.net = kit::developer_network({}, false);
  options.seed = seed;
  options.fresh_transactions = true;
  kit::quorum_maker maker{options, kit::make_validators(4, seed)};
  seed_chain out;
  out.blocks.push_back(maker.genesis());
  out.net = kit::developer_network(chain::read_front(out.blocks[0])->block_hash, false);
  while (out.blocks.size() < blocks)
    out.blocks.push_back(maker.next());
  return out;
}

} // namespace

const seed_chain& beacon_chain(std::size_t blocks) {
  static const seed_chain made = make_beacon_chain(blocks);
  return made;
}

const seed_chain& quorum_chain(std::size_t blocks) {
  static const seed_chain made = make_quorum_chain(blocks);
  return made;
}

choice choice_of(std::uint8_t byte) {
  return {(byte & 1) != 0, static_cast<chain::level>(1 + (byte >> 1) % 4)};
}

} // namespace blockferry::fuzz
