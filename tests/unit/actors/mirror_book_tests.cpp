// The downloader's plain classes by themselves, where a whole node seldom leads them.
#include "actors/mirror_book.hpp"

#include "actors/compare.hpp"
#include "actors/tip_polls.hpp"
#include "tests/support/scripted_cdn.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(mirror_book_tests)

namespace {

constexpr time_point start{};

struct one_mirror {
  mirror_book book{{"a"}, patience{}};
  std::mt19937_64 random{1};

  mirror_status status() { return book.status(start)[0]; }
};

std::vector<waiting_body> bodies_of(const plain_chain& chain,
                                    std::initializer_list<std::uint64_t> ends) {
  std::vector<waiting_body> out;
  for (const auto end : ends)
    out.push_back(
        {static_cast<mirror_id>(out.size()), *body_of(chain.file(0, end)), 0, time_point{}});
  return out;
}

} // namespace

// Goal: full jitter, so no lower bound, and the doubled upper one up to the most there is.
BOOST_AUTO_TEST_CASE(back_off_lies_anywhere_between_nothing_and_what_the_failures_call_for) {
  const patience wait;
  std::mt19937_64 random{1};
  const std::pair<std::uint32_t, milliseconds> cases[] = {
      {0, 250ms}, {1, 250ms}, {2, 500ms}, {5, 4s}, {8, 30s}, {40, 30s}, {4'000'000'000U, 30s}};
  for (const auto& [failures, most] : cases) {
    milliseconds least{most}, largest{0}, sum{0};
    for (int times = 0; times < 4000; ++times) {
      const auto one = back_off(wait, failures, random);
      least = std::min(least, one);
      largest = std::max(largest, one);
      sum += one;
    }
    BOOST_TEST_CONTEXT(failures << " failures") {
      BOOST_TEST((least >= 0ms && least < most / 50));
      BOOST_TEST((largest <= most && largest > most - most / 50));
      BOOST_TEST((sum / 4000 > most * 45 / 100 && sum / 4000 < most * 55 / 100));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_look_at_latest_json_that_failed_is_not_made_again_at_once) {
  const patience wait;
  std::mt19937_64 random{1};
  milliseconds least{wait.backoff_max}, largest{0};
  for (int times = 0; times < 2000; ++times) {
    mirror_book book{{"a"}, wait};
    tip_polls polls{1, wait};
    transfer_result result;
    result.outcome = failing(errc::cdn_timed_out);
    polls.take(0, result, start, book, random);
    const auto waits = std::chrono::duration_cast<milliseconds>(*polls.next_due(true) - start);
    least = std::min(least, waits);
    largest = std::max(largest, waits);
  }
  BOOST_TEST((least == wait.backoff_first / 2));
  BOOST_TEST((largest > wait.backoff_first * 9 / 10 && largest <= wait.backoff_first));
}

BOOST_AUTO_TEST_CASE(a_mirror_that_says_less_keeps_its_tip) {
  one_mirror one;
  one.book.advertises(0, 100);
  one.book.advertises(0, 60);
  BOOST_TEST((one.book.highest_tip(1) == 100U));
  BOOST_TEST((one.status().tip == 60U)); // what it said last is shown all the same
}

BOOST_AUTO_TEST_CASE(a_mirror_whose_latest_json_fails_is_failing_and_its_failures_count) {
  one_mirror one;
  one.book.polled(0, "no answer", start + 1s);
  one.book.polled(0, "no answer", start + 3s);
  BOOST_TEST((one.status().health == mirror_health::failing));
  BOOST_TEST(one.status().failures_in_a_row == 2u);
  BOOST_TEST(one.status().retry_in_ms == 3000); // named for the bug: it was said to be asked now
  one.book.polled(0, "", start + 5s);
  BOOST_TEST((one.status().health == mirror_health::good));
  BOOST_TEST(one.status().failures_in_a_row == 0u);
  BOOST_TEST(one.status().retry_in_ms == 0);
}

BOOST_AUTO_TEST_CASE(a_mirror_whose_tip_was_found_wrong_is_believed_when_it_says_less) {
  one_mirror lacking;
  lacking.book.advertises(0, 100);
  lacking.book.lacks(0, 80);
  BOOST_TEST((lacking.book.highest_tip(1) == 79U));
  lacking.book.advertises(0, 60);
  BOOST_TEST((lacking.book.highest_tip(1) == 60U));

  one_mirror missing;
  missing.book.advertises(0, 1000);
  for (int files = 0; files < 3; ++files)
    missing.book.misses(0, 500);
  missing.book.advertises(0, 60);
  BOOST_TEST((missing.book.highest_tip(1) == 60U));
}

BOOST_AUTO_TEST_CASE(a_doubted_tip_is_a_missing_one) {
  one_mirror one;
  BOOST_TEST(!one.book.missing_tip_above(0));
  one.book.advertises(0, 1000);
  BOOST_TEST(!one.book.missing_tip_above(500));
  for (int files = 0; files < 3; ++files)
    one.book.misses(0, 500);
  BOOST_TEST((one.book.missing_tip_above(500) == 1000U));
  BOOST_TEST(!one.book.missing_tip_above(1000));
}

// Named for the bug: whatever else a liar served made its tip believed again.
BOOST_AUTO_TEST_CASE(only_what_a_mirror_lacked_makes_its_tip_believed_again) {
  one_mirror one;
  one.book.advertises(0, 1000);
  for (int files = 0; files < 3; ++files) {
    one.book.misses(0, static_cast<height_t>(400 + 50 * (2 - files)));
    one.book.started(0);
    one.book.succeeded(0, 1, 1ms);
    one.book.has(0, 399);
  }
  BOOST_TEST((one.book.missing_tip_above(500) == 1000U));
  one.book.has(0, 400);
  BOOST_TEST(!one.book.missing_tip_above(500));
  for (int files = 0; files < 3; ++files)
    one.book.misses(0, 1001); // never claimed
  one_mirror silent;
  for (int files = 0; files < 3; ++files)
    silent.book.misses(0, 5);
  silent.book.advertises(0, 1000);
  BOOST_TEST(!silent.book.missing_tip_above(500));
  BOOST_TEST(!one.book.missing_tip_above(500));
}

BOOST_AUTO_TEST_CASE(a_mirror_without_its_first_block_has_no_tip) {
  one_mirror one;
  one.book.lacks(0, 10); // it has said nothing yet: nothing to take back
  BOOST_TEST(one.book.may_have(0, 10));
  BOOST_TEST(one.book.ends_by(0, 10));
  one.book.advertises(0, 30);
  one.book.lacks(0, 31);
  BOOST_TEST((one.book.highest_tip(1) == 30U));
  one.book.lacks(0, 0);
  BOOST_TEST(!one.book.highest_tip(1));
  BOOST_TEST(!one.book.may_have(0, 0));
}

// Goal: good blocks from before do not end the wait for a mirror that fails now.
BOOST_AUTO_TEST_CASE(a_vindicated_mirror_that_fails_still_waits) {
  one_mirror one;
  one.book.set_back(0, start, "its bytes came to nothing", one.random);
  one.book.started(0);
  one.book.failed(0, start, "timed out", std::nullopt, one.random);
  one.book.vindicated(0, start);
  BOOST_TEST((one.status().health == mirror_health::failing));
  BOOST_TEST(one.status().retry_in_ms > 0);
}

BOOST_AUTO_TEST_CASE(of_agreeing_files_the_longest_counts) {
  const plain_chain chain{50};
  const auto bodies = bodies_of(chain, {20, 40, 45});
  BOOST_TEST(agreed_body(bodies, 3) == &bodies[0]);
  BOOST_TEST(agreed_body(bodies, 2) == &bodies[1]);
  BOOST_TEST(agreed_body(bodies, 1) == &bodies[2]);
  BOOST_TEST(agreed_body(bodies, 4) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_too_short_to_count_its_blocks_claims_none) {
  BOOST_TEST(claimed_blocks(body_of({1, 2, 3})->bytes) == 0u);
  BOOST_TEST(claimed_blocks(body_of({2, 0, 0, 0, 0, 0, 0, 0})->bytes) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
