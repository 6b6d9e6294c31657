// The downloader's plain classes by themselves, where a whole node seldom leads them.
#include "actors/mirror_book.hpp"

#include "actors/compare.hpp"
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

BOOST_AUTO_TEST_CASE(a_mirror_that_says_less_keeps_its_tip) {
  one_mirror one;
  one.book.advertises(0, 100);
  one.book.advertises(0, 60);
  BOOST_TEST((one.book.highest_tip(1) == 100U));
  BOOST_TEST((one.status().tip == 60U)); // what it said last is shown all the same
}

BOOST_AUTO_TEST_CASE(a_mirror_whose_latest_json_fails_is_failing_and_its_failures_count) {
  one_mirror one;
  one.book.polled(0, "no answer");
  one.book.polled(0, "no answer");
  BOOST_TEST((one.status().health == mirror_health::failing));
  BOOST_TEST(one.status().failures_in_a_row == 2u);
  one.book.polled(0, "");
  BOOST_TEST((one.status().health == mirror_health::good));
  BOOST_TEST(one.status().failures_in_a_row == 0u);
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
    missing.book.misses(0);
  missing.book.advertises(0, 60);
  BOOST_TEST((missing.book.highest_tip(1) == 60U));
}

BOOST_AUTO_TEST_CASE(a_doubted_tip_is_a_missing_one) {
  one_mirror one;
  BOOST_TEST(!one.book.missing_tip_above(0));
  one.book.advertises(0, 1000);
  BOOST_TEST(!one.book.missing_tip_above(500));
  for (int files = 0; files < 3; ++files)
    one.book.misses(0);
  BOOST_TEST((one.book.missing_tip_above(500) == 1000U));
  BOOST_TEST(!one.book.missing_tip_above(1000));
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
