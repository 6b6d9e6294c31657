#include "stake_kit.hpp"

#include "chain/stake/credits_writes.hpp"
#include "chain/stake/settle.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::chain::stake;
using test::call;
using test::who;
using enum credits_function;

namespace {

constexpr std::uint64_t credits = 1'000'000;

/// A state under one block after the other, without rewards.
class chain_of_calls {
public:
  void run(std::uint32_t height, const credits_call& one) {
    credits_overlay now{state_};
    const auto writes = writes_of(one, now, height);
    BOOST_REQUIRE(writes.has_value());
    now.apply(*writes);
    state_ = now.merge().value().state;
  }
  [[nodiscard]] bool fits(const credits_call& one) const {
    return writes_of(one, credits_overlay{state_}, 0).has_value();
  }
  [[nodiscard]] std::uint64_t amount(mapping which, std::uint16_t key) const {
    return value(which, key).amount;
  }
  [[nodiscard]] credits_value value(mapping which, std::uint16_t key) const {
    return state_.entry(which, who(key)).value_or(credits_value{});
  }
  [[nodiscard]] bool has(mapping which, std::uint16_t key) const {
    return state_.entry(which, who(key)).has_value();
  }
  [[nodiscard]] std::uint32_t count(std::uint8_t key) const {
    return state_.entry(mapping::metadata, small_address(key)).value_or(credits_value{}).height;
  }
  stake_state state_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(credits_writes_tests)

// The example of the executable specification: a validator 7 (withdrawal address 70) and its
// delegators 8 and 9, until it leaves.
BOOST_AUTO_TEST_CASE(a_validator_and_its_delegators_until_it_leaves) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 90}, 12'000 * credits));
  chain.run(1, call(bond_validator, {7, 70}, 10'000'000 * credits, 5));
  BOOST_TEST(chain.count(members_key) == 1U);
  BOOST_TEST(chain.value(mapping::committee, 7).is_open);
  BOOST_TEST(chain.value(mapping::committee, 7).commission == 5);
  chain.run(2, call(bond_public, {8, 7, 80}, 100'000 * credits));
  BOOST_TEST(chain.count(delegators_key) == 2U);
  chain.run(3, call(set_validator_state, {7}, 0, 0, false));
  BOOST_TEST(!chain.value(mapping::committee, 7).is_open);
  chain.run(4, call(unbond_public, {90, 9}, 2'000 * credits));
  BOOST_TEST(chain.amount(mapping::bonded, 9) == 10'000 * credits); // exactly the least stays
  chain.run(5, call(unbond_public, {80, 8}, 1'000 * credits));
  chain.run(6, call(unbond_public, {70, 9}, 1)); // the validator's withdrawal address: all of it
  BOOST_TEST(!chain.has(mapping::bonded, 9));
  BOOST_TEST(chain.amount(mapping::unbonding, 9) == 12'000 * credits);
  BOOST_TEST(chain.value(mapping::unbonding, 9).height == 366U);
  chain.run(7, call(unbond_public, {70, 7}, 200'000 * credits));
  chain.run(8, call(claim_unbond_public, {9}));

  BOOST_TEST(!chain.has(mapping::committee, 7));
  BOOST_TEST(chain.amount(mapping::delegated, 7) == 99'000 * credits);
  BOOST_TEST(!chain.has(mapping::bonded, 7));
  BOOST_TEST(chain.amount(mapping::bonded, 8) == 99'000 * credits);
  BOOST_TEST(chain.amount(mapping::unbonding, 8) == 1'000 * credits);
  BOOST_TEST(chain.value(mapping::unbonding, 8).height == 365U);
  BOOST_TEST(chain.amount(mapping::unbonding, 7) == 10'000'000 * credits);
  BOOST_TEST(!chain.has(mapping::unbonding, 9));
  BOOST_TEST(!chain.has(mapping::withdraw, 9));
  BOOST_TEST((chain.value(mapping::withdraw, 7).who == who(70)));
  BOOST_TEST(chain.count(members_key) == 0U);
  BOOST_TEST(chain.count(delegators_key) == 1U);
}

BOOST_AUTO_TEST_CASE(a_delegator_below_10000_credits_is_unbonded_wholly) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 90}, 12'000 * credits));
  chain.run(1, call(unbond_public, {90, 9}, 2'000 * credits + 1));
  BOOST_TEST(!chain.has(mapping::bonded, 9));
  BOOST_TEST(chain.amount(mapping::unbonding, 9) == 12'000 * credits);
}

BOOST_AUTO_TEST_CASE(a_validator_leaves_below_100_credits_of_its_own) {
  for (const bool leaves : {false, true}) {
    chain_of_calls chain;
    chain.run(0, call(bond_public, {9, 7, 90}, 10'000'000 * credits));
    chain.run(1, call(bond_validator, {7, 70}, 200 * credits, 5));
    chain.run(2, call(unbond_public, {70, 7}, 100 * credits + (leaves ? 1 : 0)));
    BOOST_TEST(chain.has(mapping::committee, 7) == !leaves);
    BOOST_TEST(chain.amount(mapping::unbonding, 7) == (leaves ? 200 : 100) * credits);
    BOOST_TEST(chain.amount(mapping::delegated, 7) == (leaves ? 10'000'000 : 10'000'100) * credits);
  }
}

BOOST_AUTO_TEST_CASE(a_delegator_can_make_its_validator_leave) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 90}, 9'999'900 * credits));
  chain.run(1, call(bond_validator, {7, 70}, 100 * credits, 5));
  chain.run(2, call(unbond_public, {90, 9}, 1));
  BOOST_TEST(!chain.has(mapping::committee, 7));
  BOOST_TEST(chain.amount(mapping::delegated, 7) == 9'999'900 * credits - 1);
  BOOST_TEST(chain.amount(mapping::unbonding, 7) == 100 * credits);
  BOOST_TEST(chain.amount(mapping::unbonding, 9) == 1U);
}

BOOST_AUTO_TEST_CASE(commission_and_openness_are_chosen_anew_only_when_a_validator_joins_again) {
  chain_of_calls chain;
  chain.run(0, call(bond_validator, {7, 70}, 10'000'000 * credits, 5));
  chain.run(1, call(set_validator_state, {7}, 0, 0, false));
  chain.run(2, call(bond_validator, {7, 70}, 1 * credits, 9));
  BOOST_TEST(chain.value(mapping::committee, 7).commission == 5);
  BOOST_TEST(!chain.value(mapping::committee, 7).is_open);
  chain.run(3, call(unbond_public, {70, 7}, 2 * credits));
  BOOST_TEST(!chain.has(mapping::committee, 7));
  chain.run(4, call(bond_validator, {7, 71}, 10'000'000 * credits, 9));
  BOOST_TEST(chain.value(mapping::committee, 7).commission == 9);
  BOOST_TEST(chain.value(mapping::committee, 7).is_open);
  BOOST_TEST((chain.value(mapping::withdraw, 7).who == who(71)));
}

BOOST_AUTO_TEST_CASE(withdraw_outlives_a_claim_while_a_bond_lasts) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 90}, 12'000 * credits));
  chain.run(1, call(unbond_public, {90, 9}, 1'000 * credits));
  chain.run(2, call(claim_unbond_public, {9}));
  BOOST_TEST(chain.has(mapping::withdraw, 9));
  BOOST_TEST(!chain.has(mapping::unbonding, 9));
}

BOOST_AUTO_TEST_CASE(upgrades_add_to_the_pool) {
  chain_of_calls chain;
  chain.run(0, call(upgrade, {}, 5));
  chain.run(1, call(upgrade, {}, 6));
  BOOST_TEST(chain.amount(mapping::pool, pool_key) == 11U);
}

BOOST_AUTO_TEST_CASE(what_no_accepted_call_can_do_fits_nowhere) {
  chain_of_calls chain;
  BOOST_TEST(!chain.fits(call(unbond_public, {90, 9}, 1)));       // nothing bonded
  BOOST_TEST(!chain.fits(call(claim_unbond_public, {9})));        // nothing to claim
  BOOST_TEST(!chain.fits(call(set_validator_state, {7})));        // no validator
  BOOST_TEST(!chain.fits(call(bond_validator, {7, 70}, 1, 101))); // a commission above 100
  BOOST_TEST(!chain.fits(call(unknown, {})));
  chain.run(0, call(bond_public, {9, 7, 90}, ~std::uint64_t{0}));
  BOOST_TEST(!chain.fits(call(bond_public, {9, 7, 90}, 1))); // a sum above 64 bits
}

BOOST_AUTO_TEST_CASE(a_height_that_leaves_32_bits_fits_nowhere) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 90}, 12'000 * credits));
  const credits_overlay now{chain.state_};
  BOOST_TEST(writes_of(call(unbond_public, {90, 9}, 1), now, 0xffffffff - 360).has_value());
  BOOST_TEST(!writes_of(call(unbond_public, {90, 9}, 1), now, 0xffffffff - 359).has_value());
}

// The other example of the executable specification: two calls whose writes are listed in the other
// order, which decides what stays bonded.
BOOST_AUTO_TEST_CASE(the_listed_operations_decide_the_order_of_calls) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 9}, 15'000 * credits));
  const credits_call then = call(unbond_public, {9, 9}, 10'000 * credits);
  const credits_call first = call(bond_public, {9, 7, 9}, 12'000 * credits);
  credits_overlay twin{chain.state_};
  staking_transaction transaction;
  transaction.calls = {then, first};
  for (const credits_call& one : {first, then}) {
    const auto writes = writes_of(one, twin, 1).value();
    const auto listed = test::operations_of(writes);
    transaction.operations.insert(transaction.operations.end(), listed.begin(), listed.end());
    twin.apply(writes);
  }
  credits_overlay now{chain.state_};
  id_memo ids;
  BOOST_TEST(settle(now, transaction, 1, ids));
  BOOST_TEST(now.entry(mapping::bonded, who(9))->amount == 17'000 * credits);

  // One operation missing, one changed, one more: no order has those writes, and nothing happened.
  for (int change = 0; change < 3; ++change) {
    staking_transaction wrong = transaction;
    if (change == 0)
      wrong.operations.pop_back();
    else if (change == 1)
      wrong.operations.back().value_id.bytes[0] ^= 1;
    else
      wrong.operations.push_back(wrong.operations.back());
    credits_overlay untouched{chain.state_};
    BOOST_TEST(!settle(untouched, wrong, 1, ids));
    BOOST_TEST(untouched.untouched());
    BOOST_TEST(untouched.inserted().empty());
  }
}

// Goal: a bond made and removed again in one block leaves nothing, and one made anew stands last.
BOOST_AUTO_TEST_CASE(a_bond_made_and_removed_in_one_block_counts_as_new_when_it_comes_back) {
  chain_of_calls chain;
  chain.run(0, call(bond_validator, {7, 70}, 10'000'000 * credits, 5));
  chain.run(1, call(bond_public, {8, 7, 80}, 20'000 * credits));
  credits_overlay now{chain.state_};
  const auto run = [&](const credits_call& one) { now.apply(writes_of(one, now, 2).value()); };
  run(call(bond_public, {9, 7, 90}, 12'000 * credits));
  run(call(bond_public, {5, 7, 50}, 12'000 * credits));
  run(call(unbond_public, {90, 9}, 12'000 * credits));
  BOOST_TEST((now.inserted() == std::vector{who(5)}));
  BOOST_TEST(!now.merge()->state.entry(mapping::bonded, who(9)));
  run(call(unbond_public, {80, 8}, 20'000 * credits)); // an old one, which comes back too
  run(call(bond_public, {9, 7, 90}, 12'000 * credits));
  run(call(bond_public, {8, 7, 80}, 12'000 * credits));
  BOOST_TEST((now.inserted() == std::vector{who(5), who(9), who(8)}));
  BOOST_TEST(now.merge()->state.who().delegator_count.value() == 3U);
}

// Goal: a new validator stands last in the committee of its block, in the order of insertion, and
// sorted from the next block on.
BOOST_AUTO_TEST_CASE(new_members_stand_last_in_the_committee_of_their_block_alone) {
  chain_of_calls chain;
  chain.run(0, call(bond_validator, {7, 70}, 10'000'000 * credits, 5));
  credits_overlay now{chain.state_};
  for (const std::uint16_t one : {std::uint16_t{5}, std::uint16_t{3}})
    now.apply(writes_of(call(bond_validator, {one, 70}, 10'000'000 * credits), now, 1).value());
  const auto merged = now.merge().value();
  const auto names = [&](std::span<const std::uint32_t> order) {
    std::vector<address> out;
    for (const std::uint32_t place : order)
      out.push_back(merged.state.who().validators[place].who);
    return out;
  };
  BOOST_TEST((names(merged.member_order) == std::vector{who(7), who(5), who(3)}));
  BOOST_TEST((names(merged.state.who().member_order) == std::vector{who(3), who(5), who(7)}));
}

// Goal: what was tried and taken back leaves no trace in the order of new stakers.
// Method: two calls unbond the same at first and differ later, so that the wrong one is tried,
// fits, and its bond comes back to its place.
BOOST_AUTO_TEST_CASE(a_call_that_is_taken_back_gives_a_new_bond_its_place_again) {
  const stake_state nothing;
  const credits_call bond = call(bond_public, {9, 7, 90}, 10'500 * credits),
                     beside = call(bond_public, {5, 7, 50}, 20'000 * credits),
                     less = call(unbond_public, {90, 9}, 1'000 * credits),
                     more = call(unbond_public, {90, 9}, 5'000 * credits),
                     again = call(bond_public, {9, 7, 90}, 12'000 * credits);
  credits_overlay twin{nothing};
  staking_transaction transaction;
  for (const credits_call& one : {bond, beside, more, again, less}) {
    const auto writes = writes_of(one, twin, 1).value();
    const auto listed = test::operations_of(writes);
    transaction.operations.insert(transaction.operations.end(), listed.begin(), listed.end());
    twin.apply(writes);
  }
  transaction.calls = {bond, beside, less, again, more};
  credits_overlay now{nothing};
  id_memo ids;
  BOOST_TEST(settle(now, transaction, 1, ids));
  BOOST_TEST((now.inserted() == std::vector{who(5), who(9)}));
  BOOST_TEST(now.entry(mapping::bonded, who(9))->amount == 11'000 * credits);
  transaction.operations.back().value_id.bytes[0] ^= 1; // none is right any more
  credits_overlay untouched{nothing};
  BOOST_TEST(!settle(untouched, transaction, 1, ids));
  BOOST_TEST(untouched.inserted().empty());
  BOOST_TEST(untouched.untouched());
}

BOOST_AUTO_TEST_CASE(what_is_taken_back_was_never_there) {
  const stake_state nothing;
  credits_overlay now{nothing};
  const auto apply = [&](const credits_call& one) {
    return now.apply(writes_of(one, now, 1).value());
  };
  apply(call(bond_public, {9, 7, 90}, 12'000 * credits));
  apply(call(bond_public, {5, 7, 50}, 12'000 * credits));
  const auto removal = apply(call(unbond_public, {90, 9}, 12'000 * credits));
  const auto bond = apply(call(bond_public, {8, 7, 80}, 12'000 * credits));
  BOOST_TEST((now.inserted() == std::vector{who(5), who(8)}));
  now.take_back(bond);
  now.take_back(removal);
  BOOST_TEST((now.inserted() == std::vector{who(9), who(5)}));
  BOOST_TEST(now.entry(mapping::bonded, who(9))->amount == 12'000 * credits);
  BOOST_TEST(!now.entry(mapping::unbonding, who(9)));
  BOOST_TEST(!now.entry(mapping::bonded, who(8)));
}

// Goal: a hostile list of calls that all fit everywhere, and none at the end, ends the search soon.
BOOST_AUTO_TEST_CASE(a_search_without_an_end_gives_up) {
  chain_of_calls chain;
  chain.run(0, call(bond_public, {9, 7, 9}, 15'000 * credits));
  staking_transaction transaction;
  credits_overlay twin{chain.state_};
  for (std::uint16_t i = 0; i < 31; ++i) {
    // The withdrawal address is not written, so each order of these has the same writes.
    transaction.calls.push_back(call(bond_public, {9, 7, static_cast<std::uint16_t>(100 + i)}, 1));
    const auto writes = writes_of(transaction.calls.back(), twin, 1).value();
    const auto listed = test::operations_of(writes);
    transaction.operations.insert(transaction.operations.end(), listed.begin(), listed.end());
    twin.apply(writes);
  }
  id_memo ids;
  credits_overlay now{chain.state_};
  BOOST_TEST(settle(now, transaction, 1, ids));
  transaction.operations.back().value_id.bytes[0] ^= 1;
  credits_overlay again{chain.state_};
  BOOST_TEST(!settle(again, transaction, 1, ids));
  BOOST_TEST(again.untouched());
}

BOOST_AUTO_TEST_CASE(a_fee_is_the_last_operation) {
  chain_of_calls chain;
  chain.run(0, call(bond_validator, {7, 70}, 10'000'000 * credits, 5));
  const credits_overlay base{chain.state_};
  staking_transaction transaction;
  transaction.calls = {call(set_validator_state, {7}, 0, 0, false)};
  transaction.fee = {call(move_out, {8})};
  auto listed = test::operations_of(writes_of(transaction.calls[0], base, 1).value());
  const auto fee = test::operations_of(writes_of(transaction.fee[0], base, 1).value());
  listed.insert(listed.end(), fee.begin(), fee.end());
  transaction.operations = listed;
  id_memo ids;
  credits_overlay now{chain.state_};
  BOOST_TEST(settle(now, transaction, 1, ids));
  std::swap(transaction.operations[0], transaction.operations[1]);
  credits_overlay swapped{chain.state_};
  BOOST_TEST(!settle(swapped, transaction, 1, ids));
  transaction.operations = {listed[0]};
  BOOST_TEST(!settle(swapped, transaction, 1, ids));
}

// Goal: what a fee is listed as is compared like any other operation.
BOOST_AUTO_TEST_CASE(a_fee_is_one_listed_operation_of_its_payer) {
  const stake_state nothing;
  credits_overlay now{nothing};
  id_memo ids;
  staking_transaction one;
  one.fee = {call(move_out, {1})};
  BOOST_TEST(!settle(now, one, 5, ids)); // listed nowhere
  one.operations = test::operations_of(*writes_of(one.fee.front(), now, 5));
  BOOST_TEST(settle(now, one, 5, ids));
  one.operations.front().kind = 3;
  BOOST_TEST(!settle(now, one, 5, ids));
  one.operations.front().kind = 2;
  one.operations.front().key_id.bytes[0] ^= 1;
  BOOST_TEST(!settle(now, one, 5, ids));
  one.fee = {call(move_in, {1})};
  BOOST_TEST(!settle(now, one, 5, ids)); // nobody is paid by a fee
}

BOOST_AUTO_TEST_SUITE_END()
