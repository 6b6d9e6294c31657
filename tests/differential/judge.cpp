#include "judge.hpp"

#include "breakers.hpp"
#include "chain/bundle.hpp"
#include "chain/front.hpp"
#include "chain/wire.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_network.hpp"

#include <stdexcept>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;

chain::network network_of(const std::string& name, const byte_buffer& genesis) {
  chain::network net = name == "mainnet"  ? chain::mainnet()
                       : name == "canary" ? chain::canary()
                                          : kit::developer_network({}, false);
  if (name == "mainnet" || name == "canary")
    net.beacons_after_genesis = true;
  else
    net.genesis = chain::load_hash(chain::byte_view{genesis}.subspan(1));
  return net;
}

} // namespace

judged_chain::judged_chain(const std::filesystem::path& folder, const std::string& name) {
  if (name == signed_name) {
    signed_.emplace(folder);
    blocks_ = signed_->blocks();
  }
  for (chain::height_t start = 0;; start += 50) {
    const auto path =
        folder / name / (std::to_string(start) + "." + std::to_string(start + 50) + ".blocks");
    if (!std::filesystem::exists(path))
      break;
    const auto file = kit::read_file(path);
    for (auto& block : kit::blocks_of(file))
      blocks_.push_back(std::move(block));
  }
  if (blocks_.empty())
    throw std::runtime_error("no blocks of " + name);
  net_ = network_of(name, blocks_.front());
  rules_.emplace(net_);
}

judged_chain::judged_chain(std::vector<byte_buffer> blocks, chain::network net, bool pinned)
    : blocks_{std::move(blocks)}, net_{std::move(net)} {
  const auto front = chain::read_front(blocks_.at(0));
  if (!front)
    throw std::runtime_error("no block to begin with");
  first_ = front->header.height;
  if (pinned)
    state_ = chain::state_before_pinned(first_, front->block_hash);
  else
    net_.genesis = front->block_hash;
  rules_.emplace(net_);
}

void judged_chain::advance_to(chain::height_t height) {
  while (state_.next_height < height) {
    const auto file = kit::bundle_of({block(state_.next_height)});
    const auto checked = rules_->check_bundle(
        {file, state_.next_height, {state_.next_height, 1}, chain::level::content, {}}, {});
    if (!checked)
      throw std::runtime_error(to_string(checked.error()));
    if (const auto records = rules_->check_history(state_, *checked, {}); !records)
      throw std::runtime_error(to_string(records.error()));
    auto after = rules_->extend(state_, *checked);
    if (!after)
      throw std::runtime_error(to_string(after.error()));
    state_ = std::move(*after);
  }
}

mutant judged_chain::mutate(chain::height_t height, std::uint64_t seed) const {
  if (signed_ && seed >= first_breaker_seed)
    return broken_block(*signed_, seed);
  if (signed_)
    return signed_->mutate(height, seed);
  return differential::mutate(block(height), block(other_of(height)), seed);
}

judgement judged_chain::judge(chain::byte_view block) const {
  const auto file = kit::bundle_of({{block.begin(), block.end()}});
  const auto checked = rules_->check_bundle(
      {file, state_.next_height, {state_.next_height, 1}, chain::level::content, {}}, {});
  if (!checked)
    return {checked.error(), {}};
  if (const auto after = rules_->extend(state_, *checked); !after)
    return {after.error(), {}};
  const auto records = rules_->check_history(state_, *checked, {});
  if (!records)
    return {records.error(), {}};
  return {std::nullopt, records->front()};
}

} // namespace blockferry::differential
