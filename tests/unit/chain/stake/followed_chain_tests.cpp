#include "stake_vectors.hpp"

#include "chain/stake/committee_checks.hpp"
#include "chain/stake/followed.hpp"
#include "chain/stake/stake_codec.hpp"
#include "chain/start_file.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::chain;
using namespace blockferry::chain::stake;

namespace {

// The staking facts of a chain of 530 blocks made by snarkVM, in which everything happens that
// specification 7.5 describes, with the committee id and author of each leader's certificate.
const std::vector<test::vector_block>& chain_blocks() {
  static const auto blocks =
      test::read_stake_vectors(BLOCKFERRY_SOURCE_DIR "/tests/unit/chain/stake/staking_vectors.txt");
  return blocks;
}

following after(std::size_t count) {
  following state;
  for (std::size_t i = 0; i < count; ++i)
    state.add(chain_blocks()[i].height, chain_blocks()[i].stakes);
  return state;
}

} // namespace

BOOST_AUTO_TEST_SUITE(followed_chain_tests)

BOOST_AUTO_TEST_CASE(every_committee_id_and_leader_is_that_of_the_chain) {
  following state;
  std::size_t compared = 0;
  for (const test::vector_block& block : chain_blocks()) {
    if (block.committee_id) {
      const committee* now = state.committees.for_round(block.stakes.round);
      BOOST_REQUIRE(now != nullptr);
      BOOST_TEST((now->id() == *block.committee_id), "committee id of block " << block.height);
      BOOST_TEST((now->leader(block.stakes.round) == block.leader), "leader of " << block.height);
      ++compared;
    }
    state.add(block.height, block.stakes);
    BOOST_REQUIRE_EQUAL(state.committees.lost(), "");
  }
  BOOST_TEST(compared == 529U);
}

BOOST_AUTO_TEST_CASE(genesis_counts_its_members_and_whoever_else_is_bonded) {
  block_stakes first = chain_blocks().front().stakes;
  BOOST_REQUIRE(first.genesis.has_value());
  const auto members = static_cast<std::uint32_t>(first.genesis->members.size());
  for (const std::uint32_t delegators : {0U, 1U}) {
    if (delegators == 1) {
      auto more = first.genesis->bonded.front();
      more.staker.bytes[0] ^= 1;
      first.genesis->bonded.push_back(more);
    }
    following state;
    state.add(0, first);
    const auto count = [&](std::uint8_t key) {
      return state.committees.stakes()->entry(mapping::metadata, small_address(key))->height;
    };
    BOOST_TEST(count(members_key) == members);
    BOOST_TEST(count(delegators_key) == delegators);
  }
}

BOOST_AUTO_TEST_CASE(a_snapshot_and_the_blocks_after_it_give_the_same_state) {
  const following end = after(chain_blocks().size());
  for (const std::size_t at : {std::size_t{1}, std::size_t{89}, std::size_t{440}}) {
    auto snapshot = decode_following(encode(after(at)));
    BOOST_REQUIRE(snapshot.has_value());
    BOOST_TEST((*snapshot == after(at)));
    const std::uint64_t size = encode(*snapshot).size();
    BOOST_TEST(snapshot_bytes_bound(*snapshot) >= size);
    BOOST_TEST(snapshot_bytes_bound(*snapshot) <= 2 * size + 256);
    std::vector<block_stakes> rest;
    for (std::size_t i = at; i < chain_blocks().size(); ++i) {
      const auto stored = decode_block_stakes(encode(chain_blocks()[i].stakes));
      BOOST_REQUIRE(stored.has_value());
      BOOST_TEST((*stored == chain_blocks()[i].stakes));
      rest.push_back(*stored);
    }
    const followed replayed{std::move(*snapshot), static_cast<height_t>(at), std::move(rest)};
    BOOST_TEST((*replayed.open() == end));
    BOOST_TEST((replayed == followed{end}));
  }
}

BOOST_AUTO_TEST_CASE(only_committees_that_can_be_asked_for_are_kept) {
  const following end = after(chain_blocks().size());
  const std::uint64_t last = end.committees.last_round();
  // A block of the next round may hold certificates of 99 rounds before it.
  BOOST_TEST(end.committees.for_round(last + 1 - 99) != nullptr);
  BOOST_TEST(end.committees.for_round(last + 100) != nullptr);
  BOOST_TEST(end.committees.for_round(last + 103) == nullptr);
  BOOST_TEST(end.committees.committees().size() <= committee_rounds_kept / 2 + 2);
}

// Goal: an effect that does not follow ends the committees there, and not before.
BOOST_AUTO_TEST_CASE(an_unexplained_effect_ends_the_committees_from_there_on) {
  const auto changed = [](std::size_t at, auto change) {
    following state = after(at);
    block_stakes block = chain_blocks()[at].stakes;
    change(block);
    state.add(static_cast<height_t>(at), block);
    return state.committees;
  };
  const auto is_lost = [&](const committee_following& state, std::size_t at) {
    BOOST_TEST(!state.lost().empty(), "block " << at);
    BOOST_TEST(state.lost().find("block " + std::to_string(at)) == 0U);
    BOOST_TEST(!state.stakes().has_value());
    // In force before this block: known.  From this block's round on: not.
    const std::uint64_t round = chain_blocks()[at].stakes.round;
    BOOST_TEST(state.for_round(round + 100) != nullptr);
    BOOST_TEST(state.for_round(round + 102) == nullptr);
  };
  std::size_t with_calls = 0;
  for (std::size_t at = 0; at < chain_blocks().size(); ++at) {
    if (chain_blocks()[at].stakes.transactions.empty())
      continue;
    ++with_calls;
    is_lost(changed(at,
                    [](block_stakes& block) {
                      block.transactions.front().operations.back().key_id.bytes[0] ^= 1;
                    }),
            at);
  }
  BOOST_TEST(with_calls >= 40U);
  is_lost(changed(50, [](block_stakes& block) { block.readable = false; }), 50);
  is_lost(changed(50, [](block_stakes& block) { block.reward.reset(); }), 50);
}

// Goal: a transaction that touches no stakes needs no order: the pool grows, and what nobody knows
// ends the committees.
BOOST_AUTO_TEST_CASE(
    an_upgrade_alone_adds_to_the_pool_and_an_unknown_call_alone_ends_the_following) {
  for (const bool is_known : {true, false}) {
    following state = after(50);
    block_stakes block = chain_blocks()[50].stakes;
    block.transactions.clear();
    for (std::uint32_t i = 0; i < 2; ++i) {
      auto& one = block.transactions.emplace_back();
      one.index = i;
      auto& upgraded = one.calls.emplace_back();
      upgraded.function = is_known ? credits_function::upgrade : credits_function::unknown;
      upgraded.amount = 5;
      one.fee.emplace_back().function = credits_function::move_out;
    }
    state.add(50, block);
    BOOST_TEST(state.committees.lost().empty() == is_known);
    if (is_known)
      BOOST_TEST(state.committees.stakes()->entry(mapping::pool, small_address(pool_key))->amount ==
                 10U);
    else
      BOOST_TEST((state.committees.lost().find("transaction 0") != std::string::npos));
  }
}

BOOST_AUTO_TEST_CASE(a_lost_state_survives_its_snapshot) {
  following state = after(50);
  block_stakes block = chain_blocks()[50].stakes;
  block.readable = false;
  state.add(50, block);
  const auto back = decode_following(encode(state));
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST((*back == state));
  following middle = following_from_the_middle();
  BOOST_TEST((decode_following(encode(middle)).value() == middle));
  BOOST_TEST(middle.committees.for_round(500) == nullptr);
}

// Goal: bytes of a damaged or hostile file are an error or another state, never a crash.
BOOST_AUTO_TEST_CASE(damaged_snapshots_are_refused_or_differ) {
  const following right = after(120);
  const byte_buffer good = encode(right);
  for (std::size_t size = 0; size < good.size(); size += 7)
    BOOST_TEST(!decode_following(byte_view{good}.first(size)).has_value());
  std::size_t refused = 0;
  for (std::size_t at = 0; at < good.size(); at += 3) {
    byte_buffer bad = good;
    bad[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    const auto read = decode_following(bad);
    refused += read.has_value() ? 0U : 1U;
    if (read)
      BOOST_TEST(!(*read == right), "a changed byte " << at << " changes nothing");
  }
  BOOST_TEST(refused > 0U);
  const byte_buffer block = encode(chain_blocks()[82].stakes);
  for (std::size_t size = 0; size < block.size(); ++size)
    BOOST_TEST(!decode_block_stakes(byte_view{block}.first(size)).has_value());
}

BOOST_AUTO_TEST_CASE(a_start_file_carries_the_whole_state) {
  chain_state state;
  state.start_height = state.next_height = 3;
  state.last = tip{2, {}};
  state.history_known = false;
  for (const bool followed_too : {false, true}) {
    if (followed_too)
      state.followed = followed{after(90)};
    const byte_buffer file = encode_start_file(state);
    const auto back = decode_start_file(file);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((*back == state));
    BOOST_TEST(back->followed.empty() == !followed_too);
    for (std::size_t at = 0; at < file.size(); at += 5) {
      byte_buffer bad = file;
      bad[at] ^= 0x10;
      BOOST_TEST(!decode_start_file(bad).has_value());
    }
    for (std::size_t size = 0; size < file.size(); size += 9)
      BOOST_TEST(!decode_start_file(byte_view{file}.first(size)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(votes_survive_their_encoding) {
  block_votes votes;
  votes.people = {address{}, {{1}}};
  votes.rounds = {{7, {{2}}, {{0, {1}, -5}, {1, {}, 6}}}, {8, {{3}}, {{1, {0}, 9}}}};
  votes.outside = {{6, {{4}}}};
  const byte_buffer bytes = encode(votes);
  BOOST_TEST((decode_block_votes(bytes).value() == votes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    BOOST_TEST(!decode_block_votes(byte_view{bytes}.first(size)).has_value());
  votes.rounds[0].certificates[0].signers[0] = 2; // nobody
  BOOST_TEST(!decode_block_votes(encode(votes)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
