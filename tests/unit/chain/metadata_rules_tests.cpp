// Rules on one header and on two (specification 6.1, 6.3), each by itself and at its boundary.
#include "chain/metadata_rules.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string_view>

namespace blockferry::chain::tests {
namespace {

constexpr std::int64_t genesis_time = 1725462000;
constexpr std::uint64_t least_coinbase = 536870911, least_proof = 134217728;

hash some_root() {
  hash out;
  out.bytes[0] = 1;
  return out;
}

/// A header of mainnet that keeps each rule of 6.1 as closely as it can.
block_front closest() {
  block_front out;
  for (hash block_front::*root :
       {&block_front::previous_state_root, &block_front::transactions_root,
        &block_front::finalize_root, &block_front::ratifications_root})
    out.*root = some_root();
  metadata& m = out.header;
  m.round = m.height = 7;
  m.coinbase_target = m.last_coinbase_target = least_coinbase;
  m.proof_target = least_proof;
  m.last_coinbase_timestamp = genesis_time;
  m.timestamp = genesis_time + 1;
  return out;
}

block_front genesis() {
  block_front out;
  out.transactions_root = out.finalize_root = out.ratifications_root = some_root();
  metadata& m = out.header;
  m.coinbase_target = m.last_coinbase_target = least_coinbase;
  m.proof_target = least_proof;
  m.last_coinbase_timestamp = m.timestamp = genesis_time;
  return out;
}

using change = std::function<void(metadata&)>;

/// What breaks a rule, its place in the block, and how to break it.
struct broken_header {
  std::string_view what;
  std::size_t place = 0;
  change alter;
};

/// A block of mainnet and the one before it, by a real retarget: after 60 seconds, from a target of
/// 123736135561 (the reference checker's numbers).
struct header_pair {
  static constexpr std::uint64_t next_coinbase = 123073425240, next_coinbase_of_35 = 123397228146;
  network net = mainnet();
  metadata previous;
  block_front next;

  header_pair() {
    previous.height = 10;
    previous.round = 20;
    previous.cumulative_weight = {1000, 0};
    previous.cumulative_proof_target = {100, 0};
    previous.coinbase_target = 1'000'000'001; // half of it is 500,000,000
    previous.proof_target = 1000;
    previous.last_coinbase_target = 123736135561;
    previous.last_coinbase_timestamp = genesis_time + 5;
    next.header = previous;
    next.header.height = 11;
    next.header.round = 21;
    next.header.timestamp = genesis_time + 65;
    coinbase(next_coinbase);
  }
  void coinbase(std::uint64_t target) {
    next.header.coinbase_target = target;
    next.header.proof_target = target / 4 + 1;
  }
  /// Solutions of this weight, which do not reach half of the target before.
  void solve(std::uint64_t weight) {
    next.solutions_root = some_root();
    next.header.cumulative_weight.low += weight;
    next.header.cumulative_proof_target.low += weight;
  }
  /// Solutions that do.
  void hit(std::uint64_t weight) {
    solve(weight);
    next.header.cumulative_proof_target = {};
    next.header.last_coinbase_target = next.header.coinbase_target;
    next.header.last_coinbase_timestamp = next.header.timestamp;
  }
  [[nodiscard]] std::optional<broken_rule> judge() const {
    return check_metadata_pair(net, previous, next);
  }
  void expect_right(std::string_view what) const {
    const auto broken = judge();
    BOOST_TEST(!broken.has_value(), what << ": " << (broken ? broken->detail : ""));
  }
  void expect_refused(check which, std::string_view what, std::size_t place = 0) const {
    const auto broken = judge();
    BOOST_REQUIRE_MESSAGE(broken.has_value(), what);
    if (place != 0)
      BOOST_TEST(broken->offset == place, what);
    BOOST_TEST((broken->which == which), what << ": " << to_string(broken->which));
    BOOST_TEST(broken->expected != broken->found);
  }
};

/// A header that held, altered, is refused for that and nothing else.
void is_refused_alone(block_front front, const broken_header& one) {
  one.alter(front.header);
  const auto broken = check_front_alone(mainnet(), front);
  BOOST_REQUIRE_MESSAGE(broken.has_value(), one.what);
  BOOST_TEST((broken->which == check::metadata));
  BOOST_TEST(broken->detail == one.what);
  BOOST_TEST(broken->offset == one.place, one.what);
  BOOST_TEST(broken->expected != broken->found, one.what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(metadata_rules_tests)

BOOST_AUTO_TEST_CASE(each_rule_on_one_header_refuses_by_itself) {
  BOOST_TEST(!check_front_alone(mainnet(), closest()));
  const broken_header cases[] = {
      {"round", 261, [](metadata& m) { m.round = 6; }},
      {"round", 261, [](metadata& m) { m.round = 0; }},
      {"coinbase target", 305, [](metadata& m) { m.coinbase_target -= 1; }},
      {"proof target", 313, [](metadata& m) { m.proof_target -= 1; }},
      {"coinbase target", 305, [](metadata& m) { m.proof_target = m.coinbase_target; }},
      {"last coinbase target", 321, [](metadata& m) { m.last_coinbase_target -= 1; }},
      {"last coinbase timestamp", 329, [](metadata& m) { m.last_coinbase_timestamp -= 1; }},
      {"timestamp", 337, [](metadata& m) { m.timestamp = genesis_time; }},
      {"timestamp", 337, [](metadata& m) { m.timestamp = -1; }},
  };
  for (const auto& one : cases)
    is_refused_alone(closest(), one);
}

BOOST_AUTO_TEST_CASE(each_number_of_genesis_is_fixed) {
  BOOST_TEST(!check_front_alone(mainnet(), genesis()));
  const broken_header cases[] = {
      {"genesis round", 261, [](metadata& m) { m.round = 1; }},
      {"genesis cumulative weight", 273, [](metadata& m) { m.cumulative_weight.low = 1; }},
      {"genesis cumulative proof target", 289,
       [](metadata& m) { m.cumulative_proof_target.high = 1; }},
      {"genesis coinbase target", 305, [](metadata& m) { m.coinbase_target += 1; }},
      {"genesis proof target", 313, [](metadata& m) { m.proof_target += 1; }},
      {"genesis last coinbase target", 321, [](metadata& m) { m.last_coinbase_target += 1; }},
      {"genesis last coinbase timestamp", 329, [](metadata& m) { m.last_coinbase_timestamp += 1; }},
      {"genesis timestamp", 337, [](metadata& m) { m.timestamp += 1; }},
  };
  for (const auto& one : cases)
    is_refused_alone(genesis(), one);
}

// Of genesis three are zero and three are not; later four are not, and two may be.
BOOST_AUTO_TEST_CASE(roots_are_zero_where_nothing_is_under_them) {
  struct root {
    hash block_front::*member;
    std::size_t place = 0;
  };
  const root roots[] = {
      {&block_front::previous_state_root, 66}, {&block_front::transactions_root, 98},
      {&block_front::finalize_root, 130},      {&block_front::ratifications_root, 162},
      {&block_front::solutions_root, 194},     {&block_front::subdag_root, 226}};
  for (const auto& [member, place] : roots) {
    auto first = genesis(), later = closest();
    first.*member = first.*member == hash{} ? some_root() : hash{};
    const auto broken = check_front_alone(mainnet(), first);
    BOOST_REQUIRE(broken.has_value());
    BOOST_TEST((broken->which == check::metadata));
    BOOST_TEST(broken->offset == place);
    later.*member = later.*member == hash{} ? some_root() : hash{};
    const auto said = check_front_alone(mainnet(), later);
    BOOST_TEST(said.has_value() == (place <= 162));
    if (said)
      BOOST_TEST(said->offset == place);
  }
}

BOOST_AUTO_TEST_CASE(a_genesis_at_the_end_of_time_has_no_block_after_it) {
  auto net = mainnet();
  net.genesis_timestamp = std::numeric_limits<std::int64_t>::max();
  auto front = closest();
  front.header.timestamp = front.header.last_coinbase_timestamp = net.genesis_timestamp;
  const auto broken = check_front_alone(net, front);
  BOOST_REQUIRE(broken.has_value());
  BOOST_TEST(broken->detail == "timestamp");
}

BOOST_AUTO_TEST_CASE(rounds_rise) {
  header_pair pair;
  pair.expect_right("the next round");
  pair.next.header.round = pair.previous.round;
  pair.expect_refused(check::rounds, "the same round", 261);
  pair.previous.round = std::numeric_limits<std::uint64_t>::max();
  pair.next.header.round = 0;
  pair.expect_refused(check::rounds, "a round after the last");
}

BOOST_AUTO_TEST_CASE(the_weight_is_that_of_at_most_four_solutions_above_the_proof_target) {
  header_pair least;
  least.solve(least.previous.proof_target);
  least.expect_right("one solution of the least target");
  header_pair less;
  less.solve(less.previous.proof_target - 1);
  less.expect_refused(check::weight, "below the proof target", 273);
  header_pair no_root;
  no_root.solve(1000);
  no_root.next.solutions_root = {};
  no_root.expect_refused(check::weight, "weight without solutions");
  header_pair no_weight;
  no_weight.next.solutions_root = some_root();
  no_weight.expect_refused(check::weight, "solutions without weight");
  header_pair falls;
  falls.next.header.cumulative_weight.low -= 1;
  falls.next.solutions_root = some_root();
  falls.expect_refused(check::weight, "a weight that falls");
  // Four targets of 64 bits: 4 (2^64 - 1).
  header_pair most;
  most.hit(0);
  most.next.header.cumulative_weight = {1000 - 4, 4};
  most.expect_right("four solutions of the greatest target");
  most.next.header.cumulative_weight.low += 1;
  most.expect_refused(check::weight, "more than four can weigh");
}

BOOST_AUTO_TEST_CASE(half_of_the_coinbase_target_is_a_hit_and_one_less_is_none) {
  header_pair below;
  below.solve(499'999'899);
  below.expect_right("one below the half");
  header_pair reached;
  reached.hit(499'999'900);
  reached.expect_right("the half");
  header_pair denied;
  denied.solve(499'999'900);
  denied.expect_refused(check::targets, "a hit that is none of its own");
  header_pair claimed;
  claimed.hit(499'999'899);
  claimed.expect_refused(check::targets, "a hit that is none");
}

BOOST_AUTO_TEST_CASE(each_target_off_by_one_is_refused) {
  const broken_header cases[] = {
      {"coinbase target", 305, [](metadata& m) { m.coinbase_target += 1; }},
      {"proof target", 313, [](metadata& m) { m.proof_target += 1; }},
      {"proof target", 313, [](metadata& m) { m.proof_target -= 1; }},
      {"cumulative", 289, [](metadata& m) { m.cumulative_proof_target.low += 1; }},
      {"cumulative", 289, [](metadata& m) { m.cumulative_proof_target.high += 1; }},
      {"last coinbase target", 321, [](metadata& m) { m.last_coinbase_target += 1; }},
      {"last coinbase timestamp", 329, [](metadata& m) { m.last_coinbase_timestamp += 1; }},
  };
  for (const bool hit : {false, true})
    for (const auto& [what, place, alter] : cases) {
      header_pair pair;
      if (hit)
        pair.hit(600'000'000);
      pair.expect_right("as it is");
      alter(pair.next.header);
      pair.expect_refused(check::targets, what, place);
    }
}

// V15 aims at 35 seconds, V17 at 25 again, by the version at the block's own height.
BOOST_AUTO_TEST_CASE(the_anchor_time_is_that_of_the_blocks_own_height) {
  for (const auto& [height, seconds] :
       {std::pair{19263999U, 25}, std::pair{19264000U, 35}, std::pair{19860000U, 35},
        std::pair{19860001U, 25}, std::pair{22962000U, 25}}) {
    header_pair pair;
    pair.previous.height = height - 1;
    pair.next.header.height = height;
    pair.coinbase(seconds == 35 ? header_pair::next_coinbase_of_35 : header_pair::next_coinbase);
    pair.expect_right(std::to_string(height));
    pair.coinbase(seconds == 35 ? header_pair::next_coinbase : header_pair::next_coinbase_of_35);
    pair.expect_refused(check::targets, std::to_string(height));
  }
}

BOOST_AUTO_TEST_CASE(the_coinbase_target_does_not_fall_below_the_networks) {
  header_pair pair;
  pair.previous.last_coinbase_target = pair.next.header.last_coinbase_target = least_coinbase;
  pair.coinbase(least_coinbase); // a block too late would lower it
  pair.expect_right("the least");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
