// Rules on the parts of a body that no block of the other tests breaks, on values.
#include "chain/body/authority_checks.hpp"
#include "chain/body/reward_checks.hpp"
#include "chain/body/subdag_checks.hpp"
#include "chain/body/transmission_walk.hpp"
#include "chain/math/field.hpp"
#include "chain/transactions/finalize_root.hpp"
#include "tests/kit/commitments.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace blockferry::chain::tests {
namespace {

/// Rounds 3 and 4: two certificates, then the leader's, which names both.
struct small_subdag {
  std::array<hash, 3> ids;
  hash committee;
  byte_buffer before = byte_buffer(32, 9), named;
  subdag made;
  block_front front;
  network net = testnet();

  small_subdag() {
    for (std::size_t i = 0; i < ids.size(); ++i)
      ids[i].bytes[0] = static_cast<std::uint8_t>(i + 1);
    for (std::size_t i = 0; i < 2; ++i)
      named.insert(named.end(), ids[i].bytes.begin(), ids[i].bytes.end());
    made.rounds = {{3, 0, 2}, {4, 2, 1}};
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto& one = made.certificates.emplace_back();
      one.id = field_view{ids[i].bytes.data()};
      one.committee_id = field_view{committee.bytes.data()};
      one.round = i < 2 ? 3 : 4;
      one.previous = i < 2 ? byte_view{before} : byte_view{named};
    }
    front.header.round = 4;
    front.header.height = 1;
  }
  [[nodiscard]] std::optional<broken_rule> judge() const {
    return check_subdag(net, front, made, subdag_links{made});
  }
  void expect_refused(std::string_view detail) const {
    const auto broken = judge();
    BOOST_REQUIRE_MESSAGE(broken.has_value(), detail);
    BOOST_TEST((broken->which == check::subdag));
    BOOST_TEST((broken->detail.find(detail) != std::string::npos), broken->detail);
  }
};

body_head with_kinds(std::vector<std::uint8_t> kinds) {
  body_head out;
  for (const auto kind : kinds)
    out.ratifications.push_back({kind, 0, {}});
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(structure_tests)

BOOST_AUTO_TEST_CASE(a_small_subdag_passes) {
  BOOST_TEST(!small_subdag{}.judge().has_value());
}

BOOST_AUTO_TEST_CASE(a_subdag_ends_with_one_certificate_in_the_even_round_of_the_header) {
  small_subdag two;
  two.made.rounds = {{4, 0, 3}};
  two.expect_refused("certificates of the last round");
  small_subdag odd;
  odd.made.rounds.back().round = 5;
  odd.expect_refused("last round of the subdag");
  small_subdag other;
  other.front.header.round = 6;
  other.expect_refused("against the header's");
}

BOOST_AUTO_TEST_CASE(a_round_has_no_more_certificates_than_its_version_lets_it_have) {
  small_subdag crowded;
  crowded.net.certificates_max = {{1, 1}, {22, 100}};
  crowded.expect_refused("certificates of round 3");
  crowded.net.certificates_max.clear(); // what a reader takes
  BOOST_TEST(!crowded.judge().has_value());
}

BOOST_AUTO_TEST_CASE(certificates_after_the_first_round_name_earlier_ones_and_no_others_do) {
  small_subdag nothing_named;
  nothing_named.made.certificates.front().previous = {};
  nothing_named.expect_refused("previous ids of a certificate of round 3");
  small_subdag first_round;
  first_round.made.certificates.front().round = 1;
  first_round.expect_refused("previous ids of a certificate of round 1");
}

BOOST_AUTO_TEST_CASE(edges_of_round_zero_and_beyond_reach_are_asked_of_no_block) {
  small_subdag of;
  const subdag_links links{of.made};
  BOOST_TEST(outside_certificates(of.made, links).size() == 1U); // two edges, one certificate
  for (const std::uint64_t round : {std::uint64_t{0}, std::uint64_t{5}}) {
    of.made.certificates[0].round = of.made.certificates[1].round = round;
    BOOST_TEST(outside_certificates(of.made, links).empty());
  }
  of.made.certificates[0].round = of.made.certificates[1].round = 3;
  of.made.rounds.back().round = 1000;
  BOOST_TEST(outside_certificates(of.made, links).empty());
}

// Goal: only edges to the preceding round count: the leader's own edge to round 2 reaches nothing.
BOOST_AUTO_TEST_CASE(a_certificate_that_is_named_over_a_round_is_not_reached) {
  small_subdag of;
  of.made.rounds = {{2, 0, 1}, {3, 1, 1}, {4, 2, 1}};
  of.made.certificates[0].round = 2;
  of.expect_refused("that the leader's reaches");
  of.made.certificates[1].previous = of.ids[0].bytes;
  BOOST_TEST(!of.judge().has_value());
}

// The canonical order holds from the height of V18 on, by the block's own.
BOOST_AUTO_TEST_CASE(an_order_of_ones_own_ends_with_version_18) {
  small_subdag of;
  std::swap(of.made.certificates[0], of.made.certificates[1]);
  const auto refused = [&](height_t height) {
    const auto broken = check_certificate_order(mainnet(), height, of.made, subdag_links{of.made});
    BOOST_TEST((!broken || broken->which == check::certificate_order));
    return broken.has_value();
  };
  BOOST_TEST(!refused(0));
  BOOST_TEST(!refused(20793999));
  BOOST_TEST(refused(20794000));
  BOOST_TEST(refused(22962000));
  std::swap(of.made.certificates[0], of.made.certificates[1]);
  BOOST_TEST(!refused(20794000));
}

// A batch names a transmission by kind, id and checksum together.
BOOST_AUTO_TEST_CASE(a_batch_names_each_transmission_once) {
  using kind = transmission::kind;
  const byte_buffer id(32, 1), other(32, 2), sum(16, 3), other_sum(16, 4);
  const byte_view solution = byte_view{id}.first(8);
  const auto refused = [&](const transmission& a, const transmission& b) {
    small_subdag of;
    of.made.transmissions = {a, b};
    of.made.certificates[2].transmissions = 2;
    return of.judge().has_value();
  };
  BOOST_TEST(refused({kind::transaction, id, sum}, {kind::transaction, id, sum}));
  BOOST_TEST(refused({kind::solution, solution, sum}, {kind::solution, solution, sum}));
  BOOST_TEST(refused({kind::ratification, {}, {}}, {kind::ratification, {}, {}}));
  BOOST_TEST(!refused({kind::transaction, id, sum}, {kind::transaction, id, other_sum}));
  BOOST_TEST(!refused({kind::transaction, id, sum}, {kind::transaction, other, sum}));
  BOOST_TEST(!refused({kind::solution, id, sum}, {kind::transaction, id, sum}));
}

// The walk of specification 6.2, on a subdag of transmissions alone.
BOOST_AUTO_TEST_CASE(a_body_is_walked_in_the_order_of_its_transmissions) {
  using kind = transmission::kind;
  const byte_buffer a(32, 1), b(32, 2), sum(16, 3), other_sum(16, 4), number(8, 5), another(8, 6);
  const auto transaction = [](const byte_buffer& id) {
    transaction_facts out;
    out.unconfirmed_id = load_hash(id);
    out.checksum = {0x0303030303030303, 0x0303030303030303};
    return out;
  };
  enum class end : std::uint8_t { refused, explained, open };
  const auto walk = [&](std::vector<transmission> named, const std::vector<byte_buffer>& listed,
                        byte_view aborted, std::vector<std::uint64_t> solutions = {},
                        byte_view aborted_solutions = {}) {
    body_head body;
    body.quorum.emplace().transmissions = std::move(named);
    body.aborted_solutions = aborted_solutions;
    for (const auto id : solutions)
      body.solutions.emplace_back().id = id;
    std::vector<transaction_facts> facts;
    for (const auto& id : listed)
      facts.push_back(transaction(id));
    const auto made = walk_transmissions(body, facts, aborted);
    return !made ? end::refused : made->all_explained ? end::explained : end::open;
  };
  const transmission first{kind::transaction, a, sum}, second{kind::transaction, b, sum},
      altered{kind::transaction, a, other_sum}, solved{kind::solution, number, sum},
      solved_too{kind::solution, another, sum};
  BOOST_TEST((walk({first, second}, {a, b}, {}) == end::explained));
  BOOST_TEST((walk({first, second, first}, {a, b}, {}) == end::explained)); // each is seen once
  BOOST_TEST((walk({second, first}, {a, b}, {}) == end::refused));
  BOOST_TEST((walk({first}, {a, b}, {}) == end::refused));
  BOOST_TEST((walk({altered}, {a}, {}) == end::refused));
  BOOST_TEST((walk({altered, first}, {a}, {}) == end::refused)); // the first of an id counts
  BOOST_TEST((walk({first, altered}, {a}, {}) == end::explained));
  BOOST_TEST((walk({first, second}, {a}, b) == end::explained));
  BOOST_TEST((walk({first, second}, {a}, {}) == end::open));
  BOOST_TEST((walk({first}, {a}, b) == end::refused)); // aborted, and in no batch
  BOOST_TEST((walk({first}, {a}, a) == end::refused)); // aborted, and in the block
  constexpr std::uint64_t solution = 0x0505050505050505, other_solution = 0x0606060606060606;
  BOOST_TEST(
      (walk({solved, first, solved_too}, {a}, {}, {solution, other_solution}) == end::explained));
  BOOST_TEST((walk({solved_too, solved}, {}, {}, {solution, other_solution}) == end::refused));
  BOOST_TEST((walk({solved, solved_too}, {}, {}, {solution}, another) == end::explained));
  BOOST_TEST((walk({solved, solved_too}, {}, {}, {solution}) == end::open));
  BOOST_TEST((walk({solved}, {}, {}, {solution}, another) == end::refused));
  BOOST_TEST((walk({{kind::ratification, {}, {}}}, {}, {}) == end::explained));
}

// An edge from round r is asked for unless r - 1 + 99 is at most the anchor's round (6.3); these
// are from round 3.
BOOST_AUTO_TEST_CASE(edges_reach_back_99_rounds_from_the_anchor) {
  small_subdag of;
  const subdag_links links{of.made};
  of.made.rounds.back().round = 100;
  BOOST_REQUIRE(outside_certificates(of.made, links).size() == 1U);
  BOOST_TEST(outside_certificates(of.made, links).front().round == 2U);
  of.made.rounds.back().round = 101;
  BOOST_TEST(outside_certificates(of.made, links).empty());
}

BOOST_AUTO_TEST_CASE(a_quorum_may_not_sign_genesis) {
  block_front front;
  front.authority_kind = 1;
  const auto broken = check_authority_kind(testnet(), front);
  BOOST_REQUIRE(broken.has_value());
  BOOST_TEST((broken->which == check::authority));
}

BOOST_AUTO_TEST_CASE(the_genesis_ratification_stands_in_genesis_alone) {
  block_front front;
  body_head body;
  const auto refused = [&] {
    const auto broken = check_ratifications(front, body);
    return broken && broken->which == check::ratifications;
  };
  BOOST_TEST(refused()); // genesis without
  front.header.height = 5;
  body.genesis.emplace();
  BOOST_TEST(refused());
  front.header.height = 0;
  body.genesis->members.resize(2); // the same one twice
  BOOST_TEST(refused());
}

BOOST_AUTO_TEST_CASE(two_ratifications_of_one_id_are_refused) {
  const byte_buffer reward = {1, 1, 5, 0, 0, 0, 0, 0, 0, 0}, other = {1, 1, 6, 0, 0, 0, 0, 0, 0, 0};
  block_front front;
  front.header.height = 5;
  const auto said = [&](byte_view first, byte_view second) {
    body_head body;
    body.ratifications = {{1, 5, first}, {1, 5, second}};
    return check_ratifications(front, body)->detail;
  };
  BOOST_TEST(said(reward, reward) == "ratification ids");
  BOOST_TEST(said(reward, other) == "ratifications root, recomputed");
}

BOOST_AUTO_TEST_CASE(a_later_block_ratifies_both_rewards_and_nothing_else) {
  BOOST_TEST(!check_reward_kinds(0, {}).has_value());
  BOOST_TEST(!check_reward_kinds(7, with_kinds({1, 2})).has_value());
  for (const auto& kinds : {std::vector<std::uint8_t>{},
                            {1},
                            {2, 1},
                            {1, 1},
                            {2, 2},
                            {1, 2, 1},
                            {1, 2, 2},
                            {1, 2, 0}}) {
    const auto broken = check_reward_kinds(7, with_kinds(kinds));
    BOOST_REQUIRE(broken.has_value());
    BOOST_TEST((broken->which == check::rewards));
  }
  BOOST_TEST(facts_of(with_kinds({1}), {}).block_reward == 0U);
}

// Goal: a tree of operations has 512 leaves, and a block reward brings three operations.
BOOST_AUTO_TEST_CASE(more_ratified_operations_than_a_tree_holds_have_no_root) {
  constexpr std::size_t rewards_max = 170;
  const transactions_area none;
  const auto root_of = [&](std::size_t rewards) {
    const auto head = with_kinds(std::vector<std::uint8_t>(rewards, 1));
    const auto fits = with_kinds({1}); // roots of other blocks of the same batch stay theirs
    const finalize_block blocks[] = {{&none, &head}, {&none, &fits}};
    const auto roots = finalize_roots(blocks);
    BOOST_TEST((roots.at(1) == kit::finalize_root({}, kit::reward_operations())));
    return roots.at(0);
  };
  std::vector<kit::finalize_operation> operations;
  for (std::size_t i = 0; i < rewards_max; ++i)
    for (const auto& one : kit::reward_operations())
      operations.push_back(one);
  BOOST_TEST((root_of(rewards_max) == kit::finalize_root({}, operations)));
  const auto beyond = root_of(rewards_max + 1);
  BOOST_REQUIRE(beyond.has_value());
  BOOST_TEST(!is_field(beyond->bytes)); // so that no header can carry it
}

// A puzzle reward writes balances, which no block tells, unless it pays nothing or nobody.
BOOST_AUTO_TEST_CASE(a_finalize_root_is_known_unless_a_puzzle_reward_is_paid) {
  const transactions_area none;
  const auto known = [&](std::uint64_t amount, std::size_t solutions) {
    auto head = with_kinds({1, 2});
    head.ratifications[1].amount = amount;
    head.solutions.resize(solutions);
    const finalize_block block{&none, &head};
    const auto root = finalize_roots({&block, 1}).front();
    if (root)
      BOOST_TEST((root == kit::finalize_root({}, kit::reward_operations())));
    return root.has_value();
  };
  BOOST_TEST(known(0, 0));
  BOOST_TEST(known(0, 1));
  BOOST_TEST(known(5, 0));
  BOOST_TEST(!known(5, 1));
}

BOOST_AUTO_TEST_CASE(rewards_stay_bounded_where_times_stand_still_and_targets_are_full) {
  auto net = testnet();
  net.consensus_heights = {};
  metadata previous, header;
  header.height = 2;
  previous.timestamp = header.timestamp = net.genesis_timestamp;
  const auto none = rewards_of(net, previous, header, {}, {});
  BOOST_TEST(none.puzzle.low == 0U); // no coinbase target: no division by it
  previous.coinbase_target = 10;
  previous.cumulative_proof_target = {10, 0};
  BOOST_TEST(rewards_of(net, previous, header, {5, 0}, {}).puzzle.low == 0U);
  previous.timestamp = header.timestamp - 1;
  const auto second = rewards_of(net, previous, header, {}, {});
  BOOST_TEST(second.block.low == none.block.low); // an interval of at least a second
  header.height = net.supply_limit_height;
  BOOST_TEST(rewards_of(net, previous, header, {}, {}).block.low == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
