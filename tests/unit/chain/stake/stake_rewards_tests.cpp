#include "stake_kit.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <random>

using namespace blockferry;
using namespace blockferry::chain::stake;
using test::who;

namespace {

__extension__ using wide = unsigned __int128;

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("BLOCKFERRY_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_MESSAGE("BLOCKFERRY_SEED=" << seed);
  std::printf("BLOCKFERRY_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

/// The rule of specification 7.3, staker by staker, in numbers that cannot overflow.
std::vector<std::uint64_t> slowly_rewarded(const stake_state& state, std::uint64_t reward) {
  const stake_register& all = state.who();
  wide total = 0;
  std::vector<wide> sums(all.validators.size());
  for (std::size_t i = 0; i < all.stakers.size(); ++i)
    sums[all.validator_of[i]] += state.amounts()[i];
  for (std::size_t v = 0; v < sums.size(); ++v)
    total += all.validators[v].is_member ? sums[v] : 0;
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < all.stakers.size(); ++i) {
    const std::uint32_t v = all.validator_of[i];
    const validator& to = all.validators[v];
    const wide amount = state.amounts()[i];
    const bool own = to.who == all.stakers[i];
    const wide share = total == 0 ? 0 : amount * reward / total;
    wide gain = 0;
    if (to.is_member && sums[v] <= total / 4 && (own || amount >= 10'000'000'000) &&
        share <= 190'258'739)
      gain = own ? share + (sums[v] - amount) * reward / total * to.commission / 100
                 : share - share * to.commission / 100;
    out.push_back(static_cast<std::uint64_t>(amount + gain));
  }
  return out;
}

/// Members 1 .. `members`, one validator that left, and delegators of all of them.
stake_state random_state(std::mt19937_64& random, std::size_t members, std::size_t delegators,
                         unsigned bits) {
  stake_register all;
  std::vector<std::pair<address, std::pair<std::uint32_t, std::uint64_t>>> bonds;
  for (std::size_t v = 0; v <= members; ++v) {
    all.validators.push_back({who(static_cast<std::uint16_t>(256 * (v + 1))), v < members, true,
                              static_cast<std::uint8_t>(random() % 101)});
  }
  std::ranges::sort(all.validators, {}, &validator::who);
  for (std::uint32_t v = 0; v < all.validators.size(); ++v)
    if (all.validators[v].is_member)
      bonds.push_back({all.validators[v].who, {v, 10'000'000'000'000 + (random() >> (64 - bits))}});
  for (std::size_t i = 0; i < delegators; ++i) {
    address one;
    for (std::uint8_t& byte : one.bytes)
      byte = static_cast<std::uint8_t>(random());
    bonds.push_back(
        {one,
         {static_cast<std::uint32_t>(random() % all.validators.size()),
          9'999'999'999 + (random() >> (64 - bits)) % (random() % 3 == 0 ? 3 : ~0ULL)}});
  }
  std::ranges::sort(bonds, {}, [](const auto& one) { return one.first; });
  std::vector<std::uint64_t> amounts;
  for (const auto& [staker, bond] : bonds) {
    all.stakers.push_back(staker);
    all.validator_of.push_back(bond.first);
    amounts.push_back(bond.second);
  }
  return stake_state::make(std::move(all), std::move(amounts)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(stake_rewards_tests)

// Goal: the fast division and the separate treatment of a validator's own bond change nothing.
BOOST_AUTO_TEST_CASE(rewards_equal_the_rule_written_down_slowly) {
  std::mt19937_64 random{seed_of_this_run()};
  for (int round = 0; round < 300; ++round) {
    const auto bits = static_cast<unsigned>(30 + random() % 20);
    stake_state state = random_state(random, 3 + random() % 20, random() % 100, bits);
    const std::uint64_t rewards[] = {
        0, 1, 23'782'343, random() % 200'000'000, random() >> 20, ~std::uint64_t{0} >> 8};
    const std::uint64_t reward = rewards[random() % std::size(rewards)];
    const std::vector<std::uint64_t> wanted = slowly_rewarded(state, reward);
    BOOST_REQUIRE(state.reward(reward));
    BOOST_REQUIRE(state.amounts() == wanted);
    std::vector<std::uint64_t> sums(state.who().validators.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      sums[state.who().validator_of[i]] += wanted[i];
    BOOST_REQUIRE(state.delegated() == sums);
  }
}

BOOST_AUTO_TEST_CASE(a_sum_above_64_bits_is_an_error) {
  stake_register all;
  all.validators = {{who(1), true, true, 0}, {who(2), true, true, 0}};
  all.stakers = {who(1), who(2)};
  all.validator_of = {0, 1};
  const std::uint64_t half = std::uint64_t{1} << 63;
  BOOST_TEST(!stake_state::make(all, {half, half})->reward(1));
  all.validator_of = {0, 0};
  BOOST_TEST(!stake_state::make(all, {half, half}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
