#include "stake_kit.hpp"

#include "chain/stake/committee_checks.hpp"
#include "chain/stake/followed.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::chain;
using namespace blockferry::chain::stake;
using test::who;

namespace {

constexpr std::uint64_t least_stake = member_stake_min;

hash id_of(std::uint64_t round, std::uint16_t author) {
  return who(static_cast<std::uint16_t>(round * 16 + author));
}

/// Four validators 1 .. 4 of equal stake from genesis on; block n has anchor round 2n and holds the
/// certificates of rounds 2n - 1 and 2n, the leader's alone in the last.
struct small_chain {
  following state;
  std::uint64_t round = 0;

  small_chain() {
    block_stakes genesis;
    genesis.genesis.emplace();
    for (std::uint16_t v = 1; v <= 4; ++v) {
      genesis.genesis->members.push_back({who(v), least_stake, true, 0});
      genesis.genesis->bonded.push_back({who(v), who(v), who(v), least_stake});
    }
    state.add(0, genesis);
  }

  [[nodiscard]] block_votes next_votes() const {
    block_votes votes;
    votes.people = {who(1), who(2), who(3), who(4), who(9)};
    const committee* first = state.committees.for_round(round + 1);
    const committee* last = state.committees.for_round(round + 2);
    round_votes all{round + 1, first->id(), {}};
    for (std::uint16_t v = 0; v < 4; ++v)
      all.certificates.push_back(
          {v,
           {static_cast<std::uint16_t>((v + 1) % 4), static_cast<std::uint16_t>((v + 2) % 4)},
           100 + v});
    votes.rounds.push_back(all);
    const auto at = std::ranges::find(votes.people, last->leader(round + 2));
    const auto leader = static_cast<std::uint16_t>(at - votes.people.begin());
    votes.rounds.push_back({round + 2,
                            last->id(),
                            {{leader,
                              {static_cast<std::uint16_t>((leader + 1) % 4),
                               static_cast<std::uint16_t>((leader + 2) % 4)},
                              200}}});
    if (round > 0)
      votes.outside.push_back({round, id_of(round, 0)});
    return votes;
  }

  [[nodiscard]] block_stakes next_stakes() const {
    block_stakes block;
    block.round = round + 2;
    block.reward = 0;
    block.certificates = {{round + 1, {id_of(round + 1, 0), id_of(round + 1, 1)}},
                          {round + 2, {id_of(round + 2, 0)}}};
    return block;
  }

  [[nodiscard]] expected<check_set, check_failure> judge(const block_votes& votes,
                                                         std::int64_t timestamp = 101) const {
    history_walk walk{state, 1, {}};
    return check_votes({7, round + 2, round, timestamp, &votes}, walk);
  }

  void grow(std::size_t count) {
    for (; count > 0; --count) {
      state.add(static_cast<height_t>(round / 2 + 1), next_stakes());
      round += 2;
    }
  }
};

/// The check that refused.
check refused(const expected<check_set, check_failure>& result) {
  BOOST_REQUIRE(!result.has_value());
  BOOST_TEST(result.error().height.value() == 7U);
  BOOST_TEST((result.error().expected != result.error().found));
  return result.error().which;
}

} // namespace

BOOST_AUTO_TEST_SUITE(committee_checks_tests)

BOOST_AUTO_TEST_CASE(a_right_block_passes_every_check) {
  small_chain chain;
  for (int i = 0; i < 4; ++i) {
    const auto made = chain.judge(chain.next_votes());
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST((*made == vote_checks));
    chain.grow(40);
  }
}

BOOST_AUTO_TEST_CASE(of_a_beacon_block_all_but_its_membership_is_made) {
  BOOST_TEST((small_chain{}.judge({}) == vote_checks - check_set{check::membership}));
}

BOOST_AUTO_TEST_CASE(a_signer_or_author_outside_the_committee_is_refused) {
  small_chain chain;
  block_votes votes = chain.next_votes();
  votes.rounds[0].certificates[2].signers.push_back(4);
  BOOST_TEST((refused(chain.judge(votes)) == check::membership));
  votes = chain.next_votes();
  votes.rounds[0].certificates[2].author = 4;
  BOOST_TEST((refused(chain.judge(votes)) == check::membership));
}

BOOST_AUTO_TEST_CASE(a_certificate_without_a_quorum_is_refused) {
  small_chain chain;
  for (const std::size_t round : {0U, 1U}) {
    block_votes votes = chain.next_votes();
    votes.rounds[round].certificates.back().signers.pop_back();
    BOOST_TEST((refused(chain.judge(votes)) == check::quorum));
  }
}

BOOST_AUTO_TEST_CASE(another_leader_or_committee_is_refused) {
  small_chain chain;
  block_votes votes = chain.next_votes();
  certificate_votes& leader = votes.rounds[1].certificates.front();
  leader.author = static_cast<std::uint16_t>((leader.author + 3) % 4);
  BOOST_TEST((refused(chain.judge(votes)) == check::leader));
  votes = chain.next_votes();
  votes.rounds[1].committee_id.bytes[3] ^= 1;
  BOOST_TEST((refused(chain.judge(votes)) == check::leader));
}

// Goal: nothing of a start file is believed: a forged committee of the round before the leader's,
// which the leader's certificate does not name, would decide quorum and median.
BOOST_AUTO_TEST_CASE(behind_a_start_file_every_round_names_its_committee) {
  small_chain chain;
  chain.grow(60);
  const block_votes right = chain.next_votes();
  block_votes votes = right;
  votes.rounds[0].committee_id.bytes[3] ^= 1;
  const auto judge = [&](const block_votes& of, bool after_start_file) {
    history_walk walk{chain.state, 61, {}};
    return check_votes({7, chain.round + 2, chain.round, 101, &of, after_start_file}, walk);
  };
  BOOST_TEST((judge(right, true) == vote_checks));
  BOOST_TEST((judge(votes, false) == vote_checks));
  BOOST_TEST((refused(judge(votes, true)) == check::leader));
  chain.state = following_from_the_middle(); // a file of a chain that was entered in the middle
  votes.outside.clear();
  BOOST_TEST((judge(votes, true) == check_set{check::certificate_history}));
}

BOOST_AUTO_TEST_CASE(a_timestamp_beside_the_median_is_refused) {
  small_chain chain;
  const block_votes votes = chain.next_votes();
  BOOST_TEST((refused(chain.judge(votes, 102)) == check::median_timestamp));
  BOOST_TEST((refused(chain.judge(votes, 100)) == check::median_timestamp));
}

// Goal: a block may pass over a leader only if its certificate is not linked.
BOOST_AUTO_TEST_CASE(a_due_leader_that_was_skipped_is_refused) {
  small_chain chain;
  const block_votes first = chain.next_votes();
  const std::uint16_t due = first.rounds[1].certificates.front().author;
  chain.grow(1); // only for the votes of the next two rounds
  const block_votes second = chain.next_votes();
  small_chain before;
  for (const bool with_leader : {false, true}) {
    block_votes both = first;
    both.rounds[1].certificates.front().author =
        with_leader ? due : static_cast<std::uint16_t>((due + 3) % 4);
    both.rounds.insert(both.rounds.end(), second.rounds.begin(), second.rounds.end());
    history_walk walk{before.state, 1, {}};
    const auto made = check_votes({7, 4, 0, 101, &both}, walk);
    if (with_leader)
      BOOST_TEST((refused(made) == check::leader));
    else
      BOOST_TEST((made == vote_checks));
    // With the block of round 2 committed before, its leader is not skipped.
    history_walk later{before.state, 2, {}};
    BOOST_TEST((check_votes({7, 4, 2, 101, &both}, later) == vote_checks));
  }
}

BOOST_AUTO_TEST_CASE(a_previous_certificate_that_no_block_holds_is_refused) {
  small_chain chain;
  chain.grow(3);
  block_votes votes = chain.next_votes();
  votes.outside.push_back({chain.round, id_of(chain.round, 5)});
  BOOST_TEST((refused(chain.judge(votes)) == check::certificate_history));
}

BOOST_AUTO_TEST_CASE(without_a_committee_the_checks_are_recorded_as_not_made) {
  small_chain chain;
  chain.grow(3);
  const block_votes votes = chain.next_votes();
  chain.state = following_from_the_middle();
  chain.state.certificates.add(chain.round, {});
  // The previous certificate is of the first known block's own round: it must be there.
  BOOST_TEST((refused(chain.judge(votes)) == check::certificate_history));
  chain.state.certificates.add(chain.round, {{chain.round, {id_of(chain.round, 0)}}});
  auto made = chain.judge(votes);
  BOOST_TEST((made == check_set{check::certificate_history}));
  block_votes older = votes;
  older.outside = {{chain.round - 1, id_of(chain.round - 1, 0)}};
  made = chain.judge(older);
  BOOST_TEST((made == check_set{}));
  // A timestamp that no certificate has is wrong with any committee.
  BOOST_TEST((refused(chain.judge(votes, 99)) == check::median_timestamp));
}

// Goal: inside a run the committees of its own blocks count, where a block jumps over 100 rounds.
BOOST_AUTO_TEST_CASE(the_committee_may_come_from_the_same_run) {
  small_chain chain;
  chain.grow(60);
  small_chain before;
  std::vector<block_stakes> blocks;
  for (small_chain one; one.round < chain.round; one.grow(1))
    blocks.push_back(one.next_stakes());
  history_walk walk{before.state, 1, blocks};
  BOOST_TEST(walk.committee_for(122) == nullptr);
  for (std::size_t i = 0; i < blocks.size(); ++i)
    walk.advance();
  const committee* known = walk.committee_for(122);
  BOOST_REQUIRE(known != nullptr);
  BOOST_TEST((known->id() == chain.state.committees.for_round(122)->id()));
  BOOST_TEST((walk.certificates() == chain.state.certificates));
}

BOOST_AUTO_TEST_SUITE_END()
