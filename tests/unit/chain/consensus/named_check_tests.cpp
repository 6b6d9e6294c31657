// For each check of the level `consensus` a block of a made chain that breaks this one alone: what
// binds the altered bytes to the header is made right again.
#include "altered_block.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain_run.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace blockferry::chain::tests {
namespace {

constexpr std::size_t block_count = 26; // the last has consensus version 22
constexpr std::size_t validator_count = 4;

/// A chain of a committee of four, blocks with transactions.
struct made_chain {
  network net;
  std::vector<byte_buffer> blocks;

  made_chain() {
    kit::chain_options options;
    options.net = kit::developer_network({}, false);
    options.block_bytes = 30'000;
    options.fresh_transactions = true;
    kit::quorum_maker maker{options, kit::make_validators(validator_count, options.seed)};
    blocks.push_back(maker.genesis());
    while (blocks.size() < block_count)
      blocks.push_back(maker.next());
    net = options.net;
    net.genesis = load_hash(byte_view{blocks.front()}.subspan(1));
  }
};

const made_chain& chain() {
  static const made_chain made;
  return made;
}

/// Runs the chain with its last block replaced.
chain_run run_with(byte_buffer last, level floor = level::consensus,
                   const network& net = chain().net) {
  auto blocks = chain().blocks;
  blocks.back() = std::move(last);
  return run_files(net, {kit::bundle_of(blocks)}, floor);
}

/// Alters the last block and expects this check, and no other, to refuse it.
void expect_refused_by(check which, const std::function<void(altered_block&)>& alter) {
  altered_block block{chain().blocks.back(), chain().net};
  alter(block);
  const chain_run run = run_with(block.bytes);
  BOOST_REQUIRE_MESSAGE(run.failure.has_value(), "not refused: " << to_string(which));
  BOOST_TEST((run.failure->which == which), to_string(*run.failure));
  BOOST_TEST((run.failure->height == std::optional<height_t>{block_count - 1}));
  BOOST_TEST(!run.failure->expected.empty());
  BOOST_TEST(!run.failure->found.empty());
}

/// The body passes `header` as well: nothing but the checks above it sees the change.
void expect_refused_only_by(check which, const std::function<void(altered_block&)>& alter) {
  expect_refused_by(which, alter);
  altered_block block{chain().blocks.back(), chain().net};
  alter(block);
  const chain_run header = run_with(block.bytes, level::header);
  BOOST_TEST(!header.failure.has_value());
}

void flip(altered_block& block, byte_view part, std::size_t index = 0) {
  block.bytes[block.offset(part) + index] ^= 1;
}

void insert(altered_block& block, std::size_t at, const byte_buffer& more) {
  block.bytes.insert(block.bytes.begin() + static_cast<std::ptrdiff_t>(at), more.begin(),
                     more.end());
}

} // namespace

BOOST_AUTO_TEST_SUITE(named_check_tests)

BOOST_AUTO_TEST_CASE(a_made_chain_passes_with_all_committees_known) {
  const chain_run run = run_files(chain().net, {kit::bundle_of(chain().blocks)}, level::consensus);
  BOOST_TEST(!run.failure.has_value(), (run.failure ? to_string(*run.failure) : ""));
  BOOST_REQUIRE_EQUAL(run.records.size(), block_count);
  for (const check_record& one : run.records) {
    BOOST_TEST(one.unmade.empty());
    BOOST_TEST(one.made.includes(checks_of(level::consensus)));
  }
}

BOOST_AUTO_TEST_CASE(a_beacon_block_after_genesis_is_refused_by_authority) {
  // Its signature is wrong as well, but the kind comes first.
  expect_refused_by(check::authority, [](altered_block& block) {
    const auto read = block.head();
    const std::size_t end = block.offset(read.ratifications.front().bytes) - 5;
    block.bytes.erase(block.bytes.begin() + 346,
                      block.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    insert(block, 346, byte_buffer(signature_bytes));
    block.bytes[345] = 0;
  });
}

BOOST_AUTO_TEST_CASE(a_wrong_beacon_signature_is_refused_by_authority) {
  auto blocks = chain().blocks;
  blocks.resize(1);
  blocks.front()[346] ^= 1; // in the challenge; genesis keeps its hash
  const chain_run run = run_files(chain().net, {kit::bundle_of(blocks)}, level::consensus);
  BOOST_REQUIRE(run.failure.has_value());
  BOOST_TEST((run.failure->which == check::authority));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_nothing_reaches_is_refused_by_subdag) {
  expect_refused_only_by(check::subdag, [](altered_block& block) {
    // The first round's first certificate gets another id: nobody names it any more.
    flip(block, block.head().quorum->certificates.front().id.bytes());
    block.rebind_subdag();
  });
}

BOOST_AUTO_TEST_CASE(a_previous_id_named_twice_is_refused_by_subdag) {
  expect_refused_only_by(check::subdag, [](altered_block& block) {
    const byte_view ids = block.head().quorum->certificates.back().previous;
    const auto first = block.bytes.begin() + static_cast<std::ptrdiff_t>(block.offset(ids));
    std::copy_n(first, 32, first + 32);
  });
}

// Goal: seen by itself, not because what the other id named is out of reach.
BOOST_AUTO_TEST_CASE(a_previous_id_outside_the_block_named_twice_is_refused_by_subdag) {
  expect_refused_only_by(check::subdag, [](altered_block& block) {
    const byte_view ids = block.head().quorum->certificates.front().previous;
    const auto first = block.bytes.begin() + static_cast<std::ptrdiff_t>(block.offset(ids));
    std::copy_n(first, 32, first + 32);
  });
}

BOOST_AUTO_TEST_CASE(rounds_that_do_not_rise_by_one_are_refused_by_subdag) {
  for (const int step : {-3, 0, 2})
    expect_refused_only_by(check::subdag, [&](altered_block& block) {
      const auto read = block.head();
      const subdag_round& second = read.quorum->rounds.at(1);
      const std::size_t at = block.offset(read.quorum->certificates[second.first].id.bytes()) - 12;
      const auto before = static_cast<int>(second.round) - 1;
      block.bytes[at] = static_cast<std::uint8_t>(before + step);
    });
}

BOOST_AUTO_TEST_CASE(two_committee_ids_in_a_round_are_refused_by_subdag) {
  expect_refused_only_by(check::subdag, [](altered_block& block) {
    flip(block, block.head().quorum->certificates.front().committee_id.bytes());
  });
}

BOOST_AUTO_TEST_CASE(a_transmission_named_twice_in_a_batch_is_refused_by_subdag) {
  expect_refused_only_by(check::subdag, [](altered_block& block) {
    const auto read = block.head();
    for (const certificate& one : read.quorum->certificates)
      if (one.transmissions > 0) {
        const std::size_t count_at = block.offset(one.head) + 32 + 8 + 8 + 32;
        const byte_buffer again(block.bytes.begin() + static_cast<std::ptrdiff_t>(count_at + 4),
                                block.bytes.begin() +
                                    static_cast<std::ptrdiff_t>(count_at + 4 + 49));
        ++block.bytes[count_at];
        insert(block, count_at + 4, again);
        return;
      }
    BOOST_FAIL("no certificate carries a transaction");
  });
}

BOOST_AUTO_TEST_CASE(certificates_in_another_order_are_refused_by_certificate_order) {
  expect_refused_only_by(check::certificate_order, [](altered_block& block) {
    const auto read = block.head();
    // Two neighbours of one round without transmissions are equally long.
    for (const subdag_round& round : read.quorum->rounds)
      for (std::uint32_t i = 0; i + 1 < round.count; ++i) {
        const certificate& a = read.quorum->certificates[round.first + i];
        const certificate& b = read.quorum->certificates[round.first + i + 1];
        if (a.transmissions != 0 || b.transmissions != 0)
          continue;
        const auto length =
            static_cast<std::ptrdiff_t>(block.offset(b.id.bytes()) - block.offset(a.id.bytes()));
        const auto at =
            block.bytes.begin() + static_cast<std::ptrdiff_t>(block.offset(a.id.bytes())) - 2;
        std::swap_ranges(at, at + length, at + length);
        block.rebind_subdag();
        return;
      }
    BOOST_FAIL("no two certificates to swap");
  });
}

BOOST_AUTO_TEST_CASE(another_timestamp_in_a_batch_is_refused_by_batch_ids) {
  expect_refused_only_by(check::batch_ids, [](altered_block& block) {
    flip(block, block.head().quorum->certificates.front().head, 32 + 8);
  });
}

BOOST_AUTO_TEST_CASE(another_subdag_root_is_refused_by_subdag_root) {
  expect_refused_only_by(check::subdag_root, [](altered_block& block) {
    block.bytes[subdag_root_offset] ^= 1;
    block.rehash();
  });
}

BOOST_AUTO_TEST_CASE(an_altered_signature_is_refused_by_signatures) {
  for (const std::size_t part : {0U, 32U, 64U, 96U})
    for (const bool of_author : {false, true})
      expect_refused_only_by(check::signatures, [&](altered_block& block) {
        const auto read = block.head();
        const certificate& one = read.quorum->certificates.front();
        flip(block, of_author ? one.author_signature : one.signatures, part);
      });
}

BOOST_AUTO_TEST_CASE(a_signature_given_twice_is_refused_by_signatures) {
  expect_refused_only_by(check::signatures, [](altered_block& block) {
    const auto read = block.head();
    const auto at =
        block.bytes.begin() +
        static_cast<std::ptrdiff_t>(block.offset(read.quorum->certificates.front().signatures));
    std::copy_n(at, signature_bytes, at + signature_bytes);
  });
}

BOOST_AUTO_TEST_CASE(the_author_among_the_signers_is_refused_by_signatures) {
  expect_refused_only_by(check::signatures, [](altered_block& block) {
    const auto read = block.head();
    const certificate& one = read.quorum->certificates.front();
    std::copy_n(one.author_signature.begin(), signature_bytes,
                block.bytes.begin() + static_cast<std::ptrdiff_t>(block.offset(one.signatures)));
  });
}

BOOST_AUTO_TEST_CASE(a_signature_too_few_is_refused_by_quorum) {
  expect_refused_only_by(check::quorum, [](altered_block& block) {
    const auto read = block.head();
    const certificate& one = read.quorum->certificates.front();
    const auto at = static_cast<std::ptrdiff_t>(block.offset(one.signatures));
    const auto kept = static_cast<std::ptrdiff_t>(signature_bytes);
    block.bytes[block.offset(one.signatures) - 2] = 1; // of three signers one
    block.bytes.erase(block.bytes.begin() + at + kept,
                      block.bytes.begin() + at +
                          static_cast<std::ptrdiff_t>(one.signatures.size()));
  });
}

BOOST_AUTO_TEST_CASE(another_ratifications_root_is_refused_by_ratifications) {
  expect_refused_only_by(check::ratifications, [](altered_block& block) {
    block.bytes[ratifications_root_offset] ^= 1;
    block.rehash();
  });
}

BOOST_AUTO_TEST_CASE(a_solution_that_no_root_covers_is_refused_by_solutions) {
  expect_refused_only_by(check::solutions, [](altered_block& block) {
    const std::size_t at = block.aborted_solutions_offset();
    block.bytes[at - 1] = 1; // kind: some
    insert(block, at, byte_buffer(81));
    block.bytes[at] = 1;
  });
}

BOOST_AUTO_TEST_CASE(another_reward_is_refused_by_rewards) {
  for (const std::size_t which : {0U, 1U})
    expect_refused_only_by(check::rewards, [&](altered_block& block) {
      flip(block, block.head().ratifications[which].bytes, 2);
      block.rebind_ratifications();
    });
}

BOOST_AUTO_TEST_CASE(another_transactions_root_is_refused_by_transactions_root) {
  expect_refused_only_by(check::transactions_root, [](altered_block& block) {
    block.bytes[transactions_root_offset] ^= 1;
    block.rehash();
  });
}

BOOST_AUTO_TEST_CASE(an_id_listed_as_aborted_that_no_batch_names_is_refused_by_transmissions) {
  expect_refused_only_by(check::transmissions, [](altered_block& block) {
    const std::size_t at = block.aborted_solutions_offset();
    block.bytes[at] = 1;
    insert(block, at + 4, byte_buffer(8, 7));
  });
  expect_refused_only_by(check::transmissions, [](altered_block& block) {
    block.bytes[block.bytes.size() - 4] = 1;
    insert(block, block.bytes.size(), byte_buffer(32, 7));
  });
}

BOOST_AUTO_TEST_CASE(another_previous_state_root_is_refused_by_state_root) {
  expect_refused_by(check::state_root, [](altered_block& block) {
    block.bytes[previous_state_root_offset] ^= 1;
    block.rehash();
  });
}

BOOST_AUTO_TEST_CASE(a_block_hash_that_is_not_the_headers_is_refused_by_block_hash) {
  expect_refused_by(check::block_hash,
                    [](altered_block& block) { block.bytes[previous_state_root_offset] ^= 1; });
}

// Goal: a record never claims a check that could not be made.
BOOST_AUTO_TEST_CASE(from_a_pinned_start_state_roots_are_recorded_as_not_made) {
  const height_t start = block_count - 1;
  const byte_buffer& block = chain().blocks.back();
  for (const level floor : {level::header, level::consensus}) {
    chain_run run;
    run.state = state_before_pinned(start, load_hash(byte_view{block}.subspan(1)));
    run_file(aleo_rules{chain().net}, kit::bundle_of({block}), start, floor, run);
    BOOST_REQUIRE_EQUAL(run.records.size(), 1U);
    const check_record& record = run.records.front();
    BOOST_TEST(record.unmade.has(check::state_root));
    BOOST_TEST(!record.made.has(check::state_root));
    BOOST_TEST(record.unmade.has(check::quorum) == (floor == level::consensus)); // of whom?
  }
}

BOOST_AUTO_TEST_CASE(a_start_file_stands_for_the_blocks_before_in_later_files_too) {
  const auto& blocks = chain().blocks;
  const height_t start = block_count - 2;
  const byte_buffer before = kit::bundle_of({blocks.begin(), blocks.end() - 2});
  chain_run run;
  run.state = run_files(chain().net, {before}, level::consensus).state;
  run.state.start_height = start;
  for (const height_t height : {start, start + 1})
    run_file(aleo_rules{chain().net}, kit::bundle_of({blocks[height]}), height, level::consensus,
             run);
  BOOST_REQUIRE_MESSAGE(!run.failure, to_string(run.failure.value_or(check_failure{})));
  BOOST_REQUIRE_EQUAL(run.records.size(), 2U);
  for (const check_record& record : run.records)
    BOOST_TEST((record.unmade == check_set{check::genesis}));
}

// Goal: what a start file says of committees is held against the first block after it.
BOOST_AUTO_TEST_CASE(a_start_file_from_elsewhere_is_refused_by_the_committees_it_brings) {
  const height_t start = block_count - 1;
  const auto& blocks = chain().blocks;
  const auto run_after = [&](const chain_state& file) {
    chain_run run;
    run.state = file;
    run.state.start_height = start;
    run_file(aleo_rules{chain().net}, kit::bundle_of({blocks.back()}), start, level::consensus,
             run);
    return run;
  };
  const byte_buffer before = kit::bundle_of({blocks.begin(), blocks.end() - 1});
  const auto file = run_files(chain().net, {before}, level::consensus).state;
  const auto right = run_after(file);
  BOOST_REQUIRE_MESSAGE(!right.failure, to_string(right.failure.value_or(check_failure{})));
  BOOST_TEST((right.records.front().unmade == check_set{check::genesis}));
  auto forged = file;
  auto followed = *file.followed.open();
  auto committees = followed.committees.committees();
  auto members = committees.back().who->members();
  members.front().stake += 1;
  for (auto& one : committees)
    one.who = std::make_shared<const stake::committee>(
        *stake::committee::make(one.who->starting_round(), members));
  followed.committees = *stake::committee_following::restore(
      followed.committees.last_round(), followed.committees.known_to(), "",
      followed.committees.stakes(), committees);
  forged.followed = stake::followed{followed};
  const auto wrong = run_after(forged);
  BOOST_REQUIRE(wrong.failure.has_value());
  BOOST_TEST((wrong.failure->which == check::leader), to_string(*wrong.failure));
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_last_list_are_refused_by_transmissions) {
  expect_refused_only_by(check::transmissions,
                         [](altered_block& block) { block.bytes.push_back(0); });
}

// Goal: the walk binds all bytes of a transaction, its proof included.
BOOST_AUTO_TEST_CASE(another_byte_in_a_proof_is_refused_by_transmissions) {
  expect_refused_only_by(check::transmissions, [](altered_block& block) {
    block.bytes[block.bytes.size() - 4000] ^= 1; // deep in the last transaction's proof
  });
}

// Goal: no length of a block reads beyond its end, and none passes.
BOOST_AUTO_TEST_CASE(a_block_cut_anywhere_is_refused) {
  const byte_buffer& whole = chain().blocks.back();
  for (std::size_t size = 346; size < whole.size(); size += 97) {
    const chain_run run =
        run_with({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    BOOST_REQUIRE(run.failure.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_version_that_nobody_knows_yet_is_said_to_be_newer_and_refused) {
  // Of the subdag, and of the transactions.
  for (const bool of_subdag : {true, false}) {
    altered_block block{chain().blocks.back(), chain().net};
    block.bytes[of_subdag ? 346 : block.aborted_solutions_offset() + 4] = 9;
    const chain_run run = run_with(block.bytes);
    BOOST_REQUIRE(run.failure.has_value());
    BOOST_TEST(run.failure->detail.find("newer") != std::string::npos, to_string(*run.failure));
    BOOST_TEST(!run_with(block.bytes, level::header).failure.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_worker_gives_up_when_asked_and_says_nothing_of_the_bytes) {
  const aleo_rules rules{chain().net};
  std::stop_source source;
  source.request_stop();
  const byte_buffer file = kit::bundle_of(chain().blocks);
  const auto checked =
      rules.check_bundle({file, 0, {0, 50}, level::consensus, {}}, source.get_token());
  BOOST_REQUIRE(!checked.has_value());
  BOOST_TEST((checked.error().kind == failure_kind::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
