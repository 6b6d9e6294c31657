#include "tests/kit/traffic.hpp"

#include <algorithm>
#include <array>

namespace blockferry::kit {
namespace {

using chain::hash;
using chain::height_t;

constexpr std::uint64_t credit = 1'000'000; ///< microcredits
constexpr std::array<std::string_view, kind_count> names = {
    "split", "transfer", "shield", "deploy", "reject", "stake", "solution", "abort"};

/// Blocks until the schedule of staking begins anew.
constexpr height_t schedule_blocks = 400;
/// Where claims stand in it: 360 blocks behind the last unbonding.
constexpr height_t claims_at = 380;

} // namespace

std::string_view name_of(kind one) noexcept {
  return names.at(static_cast<std::size_t>(one));
}

std::optional<kind> kind_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    return std::nullopt;
  return static_cast<kind>(found - names.begin());
}

std::set<kind> all_kinds() {
  std::set<kind> out;
  for (std::size_t i = 0; i < kind_count; ++i)
    out.insert(static_cast<kind>(i));
  return out;
}

people make_people(std::vector<validator> validators, std::size_t delegators, std::uint64_t seed) {
  constexpr std::uint64_t others = 1000; // seeds behind those of the validators
  const auto key = [&](std::uint64_t which) { return account{(seed + others) * 1000 + which}; };
  people out{{std::move(validators), {}, {}}, key(0), key(1), key(2), key(3)};
  for (std::size_t i = 0; i < delegators; ++i)
    out.genesis.delegators.push_back({key(10 + i), i % out.genesis.validators.size(),
                                      10'000 * credit + (i + 1) * 7'654'321'987});
  auto& balances = out.genesis.balances;
  for (const auto& one : out.genesis.validators)
    balances.emplace_back(one.keys.address(), 1'000'000 * credit);
  for (const auto& one : out.genesis.delegators)
    balances.emplace_back(one.keys.address(), 1'000 * credit);
  balances.emplace_back(out.candidate.address(), 1'000'000'000 * credit);
  balances.emplace_back(out.newcomer.address(), 1'000'000 * credit);
  return out;
}

traffic::traffic(chain::network net, people who, std::set<kind> kinds, std::uint64_t seed)
    : net_{std::move(net)}, who_{std::move(who)}, kinds_{std::move(kinds)}, random_{
                                                                                seed ^
                                                                                0x74726166666963} {}

block_content traffic::next(const block_place& at) {
  block_content out;
  for (const auto one : kinds_)
    add_kind(out, one, at);
  return out;
}

fee_terms traffic::public_fee(const hash& payer) {
  return {payer, 1000 + random_() % 1000, random_() % 500};
}

fee_terms traffic::private_fee() {
  return {std::nullopt, 1000 + random_() % 1000, random_() % 500};
}

void traffic::execute(block_content& out, credits_name name, const credits_arguments& with,
                      const fee_terms& fee, bool accepted) {
  out.transactions.push_back(execute_transaction(
      net_.id, credits_execution(net_.id, name, with, random_), fee, accepted, random_));
}

void traffic::deploy(block_content& out, height_t height, bool accepted) {
  const auto& owner = who_.genesis.validators.front().keys;
  const auto name = (accepted ? "made_" : "refused_") + std::to_string(height);
  out.transactions.push_back(deploy_transaction(net_.id, chain::consensus_version(net_, height - 1),
                                                name, owner, public_fee(owner.address()), accepted,
                                                random_));
}

void traffic::add_kind(block_content& out, kind one, const block_place& at) {
  const auto& validators = who_.genesis.validators;
  const auto payer = validators[at.height % validators.size()].keys.address();
  const auto payee = validators[(at.height + 1) % validators.size()].keys.address();
  switch (one) {
  case kind::split: {
    constexpr std::size_t shortest = 0;
    out.transactions.push_back(split_transaction(shortest, random_));
    break;
  }
  case kind::transfer:
    execute(out,
            at.height % 2 == 0 ? credits_name::transfer_public
                               : credits_name::transfer_public_as_signer,
            {{payer, payee}, 1 + random_() % credit}, public_fee(payer));
    break;
  case kind::shield:
    execute(out, credits_name::transfer_public_to_private, {{payer}, random_() % credit},
            private_fee());
    execute(out, credits_name::transfer_private_to_public, {{payee}, random_() % credit},
            private_fee());
    break;
  case kind::deploy:
    deploy(out, at.height, true);
    break;
  case kind::reject:
    execute(out, credits_name::transfer_public, {{payer, payee}, ~std::uint64_t{0}},
            at.height % 2 == 0 ? public_fee(payer) : private_fee(), false);
    deploy(out, at.height, false);
    break;
  case kind::stake:
    add_staking(out, at.height);
    break;
  case kind::solution:
    add_solutions(out, at);
    break;
  case kind::abort:
    out.aborted_transactions.push_back(random_field(random_));
    out.aborted_solutions.push_back(random_());
    break;
  }
}

void traffic::add_staking(block_content& out, height_t height) {
  const hash candidate = who_.candidate.address(), newcomer = who_.newcomer.address(),
             withdrawal = who_.withdrawal.address();
  const auto& first = who_.genesis.validators.front().keys;
  const auto call = [&](credits_name name, std::vector<hash> people, std::uint64_t credits = 0,
                        bool is_open = false) {
    const auto payer = people.front();
    constexpr std::uint8_t commission = 7;
    execute(out, name, {std::move(people), credits * credit, commission, is_open},
            public_fee(payer == withdrawal ? candidate : payer));
  };
  using enum credits_name;
  switch (height % schedule_blocks) {
  case 2: // before the one it is for is a validator
    return call(bond_public, {newcomer, candidate, newcomer}, 20'000);
  case 3:
    return call(bond_validator, {candidate, candidate, withdrawal}, 10'500'000);
  case 4:
    return call(bond_public, {newcomer, candidate, newcomer}, 15'000);
  case 5:
    return call(set_validator_state, {candidate}, 0, false);
  case 6:
    return call(set_validator_state, {candidate}, 0, true);
  case 7:
    return call(bond_validator, {candidate, candidate, withdrawal}, 1'000);
  case 8:
    return call(unbond_public, {newcomer, newcomer}, 5'000);
  case 9:
    return call(unbond_public, {withdrawal, candidate}, 100'000);
  case 10:
    return call(set_validator_state, {first.address()}, 0, height % 2 == 0);
  case 16: // leaves less than 10000 credits, and so all go
    return call(unbond_public, {newcomer, newcomer}, 25'000);
  case 17: // a member below ten million credits leaves with all it has
    return call(unbond_public, {withdrawal, candidate}, 500'000);
  case claims_at:
    return call(claim_unbond_public, {newcomer});
  case claims_at + 1:
    return call(claim_unbond_public, {candidate});
  default:
    return;
  }
}

void traffic::add_solutions(block_content& out, const block_place& at) {
  const auto count = at.height % 3; // none, one or two
  for (std::size_t i = 0; i < count; ++i)
    out.solutions.push_back(
        {at.epoch_hash,
         i == 0 ? who_.prover.address() : who_.genesis.validators.front().keys.address(), random_(),
         at.previous->proof_target + i});
}

} // namespace blockferry::kit
