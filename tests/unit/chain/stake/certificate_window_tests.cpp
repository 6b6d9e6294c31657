#include "stake_kit.hpp"

#include "chain/stake/certificate_window.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry::chain::stake;
using blockferry::test::who;
using answer = certificate_window::answer;

BOOST_AUTO_TEST_SUITE(certificate_window_tests)

BOOST_AUTO_TEST_CASE(since_genesis_everything_is_known_or_missing) {
  certificate_window window;
  window.add(4, {{3, {who(2), who(1)}}, {4, {who(3)}}});
  window.add(6, {{3, {who(4)}}, {5, {who(5)}}, {6, {who(6)}}});
  for (const auto& [round, id] : {std::pair{3U, 1}, {3U, 2}, {3U, 4}, {4U, 3}, {6U, 6}})
    BOOST_TEST((window.look_up(round, who(static_cast<std::uint16_t>(id))) == answer::known));
  BOOST_TEST((window.look_up(4, who(1)) == answer::missing));
  BOOST_TEST((window.look_up(2, who(1)) == answer::missing));
}

// Goal: a chain entered in the middle lacks what blocks before its first one hold: certificates of
// rounds below that block's.
BOOST_AUTO_TEST_CASE(from_the_middle_the_rounds_below_the_first_block_are_unknown) {
  auto window = certificate_window::from_the_middle();
  BOOST_TEST((window.look_up(1000, who(1)) == answer::before_the_window));
  window.add(1000, {{998, {who(1)}}, {1000, {who(2)}}});
  BOOST_TEST((window.look_up(998, who(1)) == answer::known));
  BOOST_TEST((window.look_up(998, who(9)) == answer::before_the_window));
  BOOST_TEST((window.look_up(999, who(9)) == answer::before_the_window));
  BOOST_TEST((window.look_up(1000, who(9)) == answer::missing));
}

// Goal: what the next block may name is kept: rounds p with p + 99 above its own.
BOOST_AUTO_TEST_CASE(rounds_are_kept_as_long_as_a_block_may_name_them) {
  certificate_window window;
  for (std::uint64_t round = 2; round <= 400; round += 2)
    window.add(round, {{round - 1, {who(1)}}, {round, {who(1)}}});
  BOOST_TEST((window.look_up(401 - 98, who(1)) == answer::known));
  BOOST_TEST(window.rounds().size() <= 100U);
}

BOOST_AUTO_TEST_CASE(a_stored_window_has_rising_rounds_of_rising_ids) {
  const auto restored = [](std::vector<round_certificates> rounds) {
    return certificate_window::restore(7, std::move(rounds)).has_value();
  };
  BOOST_TEST(restored({}));
  BOOST_TEST(restored({{8, {who(1), who(2)}}, {9, {who(1)}}}));
  BOOST_TEST(!restored({{8, {who(2), who(1)}}}));
  BOOST_TEST(!restored({{8, {who(1), who(1)}}}));
  BOOST_TEST(!restored({{9, {}}, {8, {}}}));
}

BOOST_AUTO_TEST_SUITE_END()
