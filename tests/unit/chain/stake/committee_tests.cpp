#include "stake_kit.hpp"

#include "chain/stake/committee.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::chain::stake;
using test::who;

namespace {

constexpr std::uint64_t least = member_stake_min;

committee of(std::vector<std::uint64_t> stakes) {
  std::vector<committee_member> members;
  for (std::size_t i = 0; i < stakes.size(); ++i)
    members.push_back({who(static_cast<std::uint16_t>(i + 1)), stakes[i], true, 0});
  return committee::make(0, std::move(members)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(committee_tests)

BOOST_AUTO_TEST_CASE(a_committee_has_three_members_of_ten_million_and_a_total_of_64_bits) {
  const auto make = [](std::vector<std::uint64_t> stakes) {
    std::vector<committee_member> members;
    for (const std::uint64_t one : stakes)
      members.push_back({who(1), one, true, 0});
    return committee::make(0, members).has_value();
  };
  BOOST_TEST(make({least, least, least}));
  BOOST_TEST(!make({least, least}));
  BOOST_TEST(!make({least, least, least - 1}));
  BOOST_TEST(!make({~std::uint64_t{0} - least, least, least}));
}

BOOST_AUTO_TEST_CASE(thresholds_are_two_thirds_and_one_third) {
  BOOST_TEST(of({least, least, least}).quorum_threshold() == 2 * least + 1);
  BOOST_TEST(of({least, least, least + 1}).quorum_threshold() == 2 * least + 1);
  BOOST_TEST(of({least, least, least + 2}).quorum_threshold() == 2 * least + 2);
  BOOST_TEST(of({least, least, least}).availability_threshold() == least);
  BOOST_TEST(of({least, least, least + 1}).availability_threshold() == least + 1);
  const std::uint64_t huge = std::uint64_t{1} << 62; // twice the total exceeds 64 bits
  BOOST_TEST(of({huge, huge, huge}).quorum_threshold() == 2 * huge + 1);
}

BOOST_AUTO_TEST_CASE(the_draw_falls_on_members_from_the_highest_address_down) {
  const committee all = of({least, least + 1, least + 2}); // addresses 1, 2, 3
  BOOST_TEST((all.member_drawn(0) == who(3)));
  BOOST_TEST((all.member_drawn(least + 2) == who(3)));
  BOOST_TEST((all.member_drawn(least + 3) == who(2)));
  BOOST_TEST((all.member_drawn(2 * least + 3) == who(2)));
  BOOST_TEST((all.member_drawn(2 * least + 4) == who(1)));
  BOOST_TEST((all.member_drawn(all.total()) == who(3))); // wraps
}

// Goal: "descending" means by the number, whose last byte counts most.
BOOST_AUTO_TEST_CASE(addresses_compare_as_numbers_for_the_leader) {
  std::vector<committee_member> members{
      {who(0x0100), least, true, 0}, {who(0x00ff), least, true, 0}, {who(0x0001), least, true, 0}};
  BOOST_TEST((committee::make(0, members)->member_drawn(1) == who(0x0100)));
}

BOOST_AUTO_TEST_CASE(lookback_is_100_rounds_before_the_round_before) {
  BOOST_TEST(lookback_round(0) == 0U);
  BOOST_TEST(lookback_round(1) == 0U);
  BOOST_TEST(lookback_round(101) == 0U);
  BOOST_TEST(lookback_round(102) == 1U);
  BOOST_TEST(lookback_round(103) == 1U);
  BOOST_TEST(lookback_round(104) == 3U);
}

BOOST_AUTO_TEST_CASE(the_median_is_the_first_timestamp_with_half_of_the_stake) {
  BOOST_TEST((weighted_median({{10, 1}, {20, 1}, {30, 1}}) == 20));
  BOOST_TEST((weighted_median({{30, 1}, {10, 1}}) == 10)); // exactly half suffices
  BOOST_TEST((weighted_median({{10, 1}, {20, 5}, {30, 4}}) == 20));
  BOOST_TEST((weighted_median({{-5, 3}, {20, 1}}) == -5));
  const std::uint64_t huge = ~std::uint64_t{0};
  BOOST_TEST((weighted_median({{1, huge}, {2, huge}, {3, huge}}) == 2));
  BOOST_TEST(!weighted_median({}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
