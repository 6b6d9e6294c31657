// What the built-in networks are: the table of specification 10.2, row by row, and 6.1.
#include "chain/name.hpp"
#include "chain/network.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

namespace blockferry::chain::tests {
namespace {

/// One consensus version: from which height on it is in force on mainnet, testnet and canary, and
/// what its series are there.
struct version_row {
  std::uint8_t version = 0;
  std::array<height_t, 3> from{};
  std::uint64_t anchor_seconds = 0;
  std::array<std::uint64_t, 3> certificates{};
};

constexpr version_row rows[] = {
    {1, {0, 0, 0}, 25, {16, 100, 100}},
    {2, {2800000, 2950000, 2900000}, 25, {16, 100, 100}},
    {3, {4900000, 4800000, 4560000}, 25, {25, 100, 100}},
    {4, {6135000, 6625000, 5730000}, 25, {25, 100, 100}},
    {5, {7060000, 6765000, 5780000}, 25, {30, 100, 100}},
    {6, {7560000, 7600000, 6240000}, 25, {35, 100, 100}},
    {7, {7570000, 8365000, 6880000}, 25, {35, 100, 100}},
    {8, {9430000, 9173000, 7565000}, 25, {35, 100, 100}},
    {9, {10272000, 9800000, 8028000}, 25, {40, 100, 100}},
    {10, {11205000, 10525000, 8600000}, 25, {40, 100, 100}},
    {11, {12870000, 11952000, 9510000}, 25, {40, 100, 100}},
    {12, {13815000, 12669000, 10030000}, 25, {40, 100, 100}},
    {13, {16850000, 14906000, 10881000}, 25, {40, 100, 100}},
    {14, {17700000, 15370000, 11960000}, 25, {40, 100, 100}},
    {15, {19264000, 16886000, never}, 35, {40, 100, 100}},
    {16, {19860000, 17319000, never}, 35, {40, 100, 100}},
    {17, {19860001, 18295000, never}, 25, {40, 100, 100}},
    {18, {20794000, 18296000, never}, 25, {40, 100, 100}},
    {19, {21342000, 18813000, never}, 25, {40, 100, 100}},
    {20, {22175000, 19374000, never}, 25, {40, 100, 100}},
    {21, {22437000, 20234000, never}, 25, {40, 100, 100}},
    {22, {22962000, 20415000, never}, 25, {40, 40, 100}},
};

const std::array<const network*, 3> live = {&mainnet(), &testnet(), &canary()};

} // namespace

BOOST_AUTO_TEST_SUITE(live_networks_tests)

BOOST_AUTO_TEST_CASE(each_version_is_in_force_from_the_specified_height_on) {
  BOOST_REQUIRE_EQUAL(std::size(rows), consensus_version_count);
  for (std::size_t n = 0; n < live.size(); ++n)
    for (const version_row& row : rows) {
      const height_t from = row.from[n];
      BOOST_TEST(live[n]->consensus_heights[row.version - 1U] == from);
      if (from == never)
        continue;
      BOOST_TEST(consensus_version(*live[n], from) == row.version);
      if (from > 0)
        BOOST_TEST(consensus_version(*live[n], from - 1) == row.version - 1);
    }
  BOOST_TEST(consensus_version(mainnet(), never) == 22);
  BOOST_TEST(consensus_version(canary(), never) == 14); // what is not scheduled never comes
}

BOOST_AUTO_TEST_CASE(series_have_the_specified_value_at_each_version) {
  for (std::size_t n = 0; n < live.size(); ++n)
    for (const version_row& row : rows) {
      BOOST_TEST(value_at(live[n]->anchor_time_seconds, row.version) == row.anchor_seconds);
      BOOST_TEST(value_at(live[n]->certificates_max, row.version) == row.certificates[n],
                 live[n]->name << ", version " << int{row.version});
    }
  BOOST_TEST(value_at({}, 1) == 0U);
}

BOOST_AUTO_TEST_CASE(all_else_of_the_live_networks_is_as_specified) {
  constexpr std::array<std::string_view, 3> names = {"mainnet", "testnet", "canary"};
  constexpr std::array<std::int64_t, 3> genesis_times = {1725462000, 1715776496, 1715776496};
  constexpr std::array<std::string_view, 3> genesis_names = {
      "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9",
      "ab1sm6kyqle2ftg4z8gegafqrjy0jwjhzu6fmy73726dgszrtxhxvfqha0eee",
      "ab104qf735j04sfw8pkqt040ke5l9vzn4h89neqgl966k44kj5ft58qlhdcvk"};
  for (std::size_t n = 0; n < live.size(); ++n) {
    const network& one = *live[n];
    BOOST_TEST(one.id == n);
    BOOST_TEST(one.name == names[n]);
    BOOST_TEST(one.cdn_url == "https://cdn.provable.com/v0/blocks/" + one.name);
    BOOST_TEST(one.genesis_timestamp == genesis_times[n]);
    BOOST_REQUIRE(one.genesis.has_value());
    BOOST_TEST(block_name(*one.genesis) == genesis_names[n]);
    BOOST_TEST(one.genesis_coinbase_target == 536870911U);
    BOOST_TEST(one.genesis_proof_target == 134217728U);
    BOOST_TEST(one.supply_limit_height == 263527685U);
    BOOST_TEST(one.blocks_per_epoch == 360U);
    BOOST_TEST(!one.beacons_after_genesis);
    BOOST_TEST(built_in_network(names[n]) == &one);
  }
  BOOST_TEST(built_in_network("main") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
