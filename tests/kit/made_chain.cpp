#include "tests/kit/made_chain.hpp"

namespace blockferry::kit {
namespace {

chain_options options_of(const chain_plan& plan, const people& who) {
  const auto content = std::make_shared<traffic>(plan.net, who, plan.kinds, plan.seed);
  return {.net = plan.net,
          .seed = plan.seed,
          .block_bytes = plan.block_bytes,
          .block_seconds = plan.block_seconds,
          .fresh_transactions = true,
          .sign = {},
          .content = [content](const block_place& at) { return content->next(at); },
          .accounts = std::make_shared<ledger>(who.genesis)};
}

} // namespace

made_chain::made_chain(const chain_plan& plan, bool by_beacons)
    : who_{make_people(plan.validators, plan.delegators, plan.seed)} {
  auto options = options_of(plan, who_);
  if (by_beacons) {
    options.sign = [keys = who_.genesis.validators.front().keys](const chain::hash& block) {
      return keys.sign(block);
    };
    genesis_ = make_genesis(plan.net, who_.genesis);
    beacons_.emplace(std::move(options));
  } else {
    quorum_.emplace(std::move(options), who_.genesis, std::vector{who_.candidate});
    genesis_ = quorum_->genesis();
  }
}

chain::byte_buffer made_chain::next() {
  if (!genesis_.empty()) {
    if (beacons_)
      beacons_->follow(genesis_);
    return std::exchange(genesis_, {});
  }
  return beacons_ ? beacons_->next() : quorum_->next();
}

const chain_maker& made_chain::chain() const {
  return beacons_ ? *beacons_ : quorum_->chain();
}

std::vector<chain::byte_buffer> blocks_of(const chain_plan& plan, std::size_t count,
                                          bool by_beacons) {
  made_chain made{plan, by_beacons};
  std::vector<chain::byte_buffer> out;
  while (out.size() < count)
    out.push_back(made.next());
  return out;
}

} // namespace blockferry::kit
