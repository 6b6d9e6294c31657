#include "chain/body/reward_checks.hpp"

#include "chain/hash/bhp.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "chain/name.hpp"
#include "chain/wide.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr unsigned ratifications_depth = 16;
constexpr std::size_t solution_leaves = 4;

// Specification 6.4.
constexpr std::uint64_t supply_microcredits = 1'500'000'000'000'000;
constexpr std::uint64_t year_seconds = 31'536'000;
constexpr std::uint64_t ten_years_blocks = year_seconds; // of ten seconds
constexpr std::uint64_t base_interval_max = 60;

constexpr std::uint8_t block_reward_kind = 1;
constexpr std::uint8_t puzzle_reward_kind = 2;

std::vector<hash> bhp_of_bytes(std::span<const byte_view> inputs) {
  std::vector<bit_string> bits(inputs.size());
  std::vector<bit_view> views;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    bits[i].append_bytes(inputs[i]);
    views.push_back(bits[i].view());
  }
  std::vector<field> made(inputs.size());
  bhp1024().hash_many(views, made);
  std::vector<hash> out;
  for (const field& one : made)
    out.push_back(one.wire());
  return out;
}

std::optional<broken_rule> check_genesis_ratification(height_t height, const body_head& body) {
  if ((height == 0) != body.genesis.has_value())
    return broken(check::ratifications, height == 0 ? "one of genesis" : "none of genesis",
                  height == 0 ? "none" : "one", "ratifications");
  if (!body.genesis)
    return std::nullopt;
  std::vector<stake::address> members;
  for (const auto& one : body.genesis->members)
    members.push_back(one.who);
  std::ranges::sort(members);
  const auto twin = std::ranges::adjacent_find(members);
  if (twin != members.end())
    return at(body.genesis_committee,
              broken(check::ratifications, "different members",
                     bech32m(address_prefix, twin->bytes), "genesis committee"));
  const byte_view hashed = body.genesis_committee.subspan(sizeof(hash::bytes));
  const hash id = bhp_of_bytes({&hashed, 1}).front();
  if (const hash found = load_hash(body.genesis_committee); found != id)
    return at(body.genesis_committee,
              broken(check::ratifications, field_name(id), field_name(found),
                     "id of the genesis committee, recomputed"));
  return std::nullopt;
}

/// 2 SUPPLY / (n (n + 1) / 2) for each unit that is left of ten years.
std::uint64_t anchor_reward(wide left, wide divisor) {
  return static_cast<std::uint64_t>(wide{4} * supply_microcredits * left / divisor);
}

std::uint64_t anchor_reward(const network& net, const metadata& header) {
  if (consensus_version(net, header.height) == 1) {
    const auto at = [](std::uint64_t height) {
      const wide left = height < ten_years_blocks ? ten_years_blocks - height : 0;
      return anchor_reward(left, wide{ten_years_blocks} * (ten_years_blocks + 1));
    };
    return std::max(at(header.height), at(ten_years_blocks / 10 * 9));
  }
  __extension__ typedef __int128 signed_wide;
  const auto at = [&](signed_wide time) {
    const signed_wide left = signed_wide{net.genesis_timestamp} + 10 * year_seconds - time;
    return anchor_reward(static_cast<wide>(std::max<signed_wide>(left, 0)),
                         wide{10 * year_seconds} * (year_seconds + 1));
  };
  return std::max(at(header.timestamp), at(signed_wide{net.genesis_timestamp} + 9 * year_seconds));
}

std::uint64_t base_reward(const network& net, const metadata& previous, const metadata& header) {
  if (consensus_version(net, header.height) == 1)
    return supply_microcredits / 20 / (year_seconds / 10);
  std::uint64_t interval = 1;
  if (header.timestamp > previous.timestamp)
    interval = std::min(static_cast<std::uint64_t>(header.timestamp) -
                            static_cast<std::uint64_t>(previous.timestamp),
                        base_interval_max);
  return supply_microcredits / 20 * interval / year_seconds;
}

} // namespace

std::optional<broken_rule> check_ratifications(const block_front& front, const body_head& body) {
  if (auto failed = check_genesis_ratification(front.header.height, body))
    return failed;
  std::vector<byte_view> inputs;
  for (const ratification& one : body.ratifications)
    inputs.push_back(one.bytes);
  const auto ids = bhp_of_bytes(inputs);
  auto sorted = ids;
  std::ranges::sort(sorted);
  const auto twin = std::ranges::adjacent_find(sorted);
  if (twin != sorted.end())
    return broken(check::ratifications, "different ids", bech32m(ratification_prefix, twin->bytes),
                  "ratification ids");
  std::vector<bit_string> leaves(ids.size());
  std::vector<bit_view> views;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    leaves[i].append_field(ids[i]);
    views.push_back(leaves[i].view());
  }
  const hash root = merkle_root(views, ratifications_depth);
  if (root != front.ratifications_root)
    return at(ratifications_root_offset,
              broken(check::ratifications, field_name(root), field_name(front.ratifications_root),
                     "ratifications root, recomputed"));
  return std::nullopt;
}

std::optional<broken_rule> check_solutions(const block_front& front,
                                           std::span<const solution> solutions) {
  hash root;
  if (!solutions.empty()) {
    std::array<field, solution_leaves> ids{};
    for (std::size_t i = 0; i < solutions.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k)
        if (solutions[i].id == solutions[k].id)
          return at(solutions[i].epoch_hash.bytes(),
                    broken(check::solutions, "different ids", std::to_string(solutions[i].id),
                           "solution ids"));
      ids[i] = field::from(solutions[i].id);
    }
    root = poseidon8().hash(ids).wire();
  }
  if (root != front.solutions_root)
    return at(solutions_root_offset,
              broken(check::solutions, field_name(root), field_name(front.solutions_root),
                     "solutions root, recomputed"));
  return std::nullopt;
}

std::optional<broken_rule> check_reward_kinds(height_t height, const body_head& body) {
  if (height == 0)
    return std::nullopt;
  const auto& all = body.ratifications;
  if (all.size() != 2 || all[0].kind != block_reward_kind || all[1].kind != puzzle_reward_kind)
    return at(all.empty() ? byte_view{} : all.front().bytes,
              broken(check::rewards, "a block reward, then a puzzle reward, and no more",
                     std::to_string(all.size()) + " ratifications", "ratifications"));
  return std::nullopt;
}

body_facts facts_of(const body_head& body, const uint128& priority_fees) {
  body_facts out;
  out.priority_fees = priority_fees;
  wide weight = 0;
  for (const solution& one : body.solutions) {
    weight += one.target;
    out.least_target = std::min(out.least_target, one.target);
    if (const hash epoch = one.epoch_hash.value();
        std::ranges::find(out.epoch_hashes, epoch) == out.epoch_hashes.end())
      out.epoch_hashes.push_back(epoch);
  }
  out.weight = narrow(weight);
  if (!body.genesis && body.ratifications.size() >= 2) {
    out.block_reward = body.ratifications[0].amount;
    out.puzzle_reward = body.ratifications[1].amount;
  }
  return out;
}

std::optional<broken_rule> check_solution_targets(const metadata& previous, const metadata& header,
                                                  const body_facts& body,
                                                  const std::optional<hash>& epoch_hash) {
  const wide sum = add_saturating(widen(previous.cumulative_weight), widen(body.weight));
  if (narrow(sum) != header.cumulative_weight)
    return broken(check::solutions, to_decimal(narrow(sum)), to_decimal(header.cumulative_weight),
                  "cumulative weight, with the targets of the solutions");
  if (body.epoch_hashes.empty())
    return std::nullopt;
  if (body.least_target < previous.proof_target)
    return broken(check::solutions, "at least " + std::to_string(previous.proof_target),
                  std::to_string(body.least_target), "target of a solution");
  if (widen(header.cumulative_proof_target) >= previous.coinbase_target)
    return broken(check::solutions, "below " + std::to_string(previous.coinbase_target),
                  to_decimal(header.cumulative_proof_target),
                  "cumulative proof target of a block with solutions");
  if (epoch_hash)
    for (const hash& one : body.epoch_hashes)
      if (one != *epoch_hash)
        return broken(check::solutions, field_name(*epoch_hash), field_name(one),
                      "epoch hash of a solution");
  return std::nullopt;
}

block_rewards rewards_of(const network& net, const metadata& previous, const metadata& header,
                         const uint128& weight, const uint128& priority_fees) {
  if (header.height >= net.supply_limit_height)
    return {};
  const wide room = widen(previous.cumulative_proof_target) >= previous.coinbase_target
                        ? 0
                        : previous.coinbase_target - widen(previous.cumulative_proof_target);
  // Both factors are below 2^64.
  const wide remaining = std::min(widen(weight), room);
  const wide coinbase = previous.coinbase_target == 0
                            ? 0
                            : anchor_reward(net, header) * remaining / previous.coinbase_target;
  const wide block =
      add_saturating(base_reward(net, previous, header) + coinbase / 3, widen(priority_fees));
  return {narrow(block), narrow(coinbase * 2 / 3)};
}

std::optional<broken_rule> check_rewards(const network& net, const metadata& previous,
                                         const metadata& header, const body_facts& body) {
  const block_rewards due = rewards_of(net, previous, header, body.weight, body.priority_fees);
  for (const auto& [wanted, found, what] :
       {std::tuple{due.block, body.block_reward, "block reward"},
        std::tuple{due.puzzle, body.puzzle_reward, "puzzle reward"}})
    if (wanted != uint128{found, 0})
      return broken(check::rewards, to_decimal(wanted), std::to_string(found), what);
  return std::nullopt;
}

} // namespace blockferry::chain
