// Mutants of real blocks: our verdicts against those of the reference checker, which were made once
// by make_verdicts.py and lie in verdicts.txt.
//
//   replay_tests [-- STRIDE]      every how many-th mutant, default 1
#define BOOST_TEST_MODULE differential
#include "judge.hpp"
#include "mutation.hpp"
#include "verdicts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

namespace blockferry::differential {
namespace {

const std::string folder = BLOCKFERRY_SOURCE_DIR "/tests/differential";
const std::filesystem::path data = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo";

/// Every how many-th mutant is judged: an argument, `replay_tests -- 5`.
std::size_t stride() {
  const auto& arguments = boost::unit_test::framework::master_test_suite();
  const auto asked = arguments.argc > 1 ? std::strtoull(arguments.argv[1], nullptr, 10) : 1;
  return std::max<std::size_t>(asked, 1);
}

/// How our verdict stands to the checker's.
enum class relation : std::uint8_t { same, unmade, different };

struct comparison {
  relation found = relation::same;
  std::string why;
};

comparison different(std::string why) {
  return {relation::different, std::move(why)};
}

/// Where the checker refuses: our check is among its, or each of its is one that we record as not
/// made (no balances, no index of earlier blocks).
comparison compare_refused(const verdict& theirs, const judgement& ours) {
  chain::check_set allowed;
  std::string codes;
  bool all_unmade = true;
  for (const auto& code : theirs.codes) {
    const auto checks = checks_of_code(code);
    allowed = allowed | checks;
    codes += " " + code;
    all_unmade = all_unmade && (checks.empty() || !(checks & ours.record.unmade).empty());
  }
  if (ours.failure && allowed.has(ours.failure->which))
    return {};
  if (ours.failure)
    return different("refused by " + std::string{to_string(ours.failure->which)} + " (" +
                     ours.failure->detail + "), the checker says" + codes);
  if (all_unmade)
    return {relation::unmade, {}};
  return different("accepted, refused by the checker:" + codes);
}

comparison compare(const verdict& theirs, const judgement& ours) {
  switch (theirs.said) {
  case verdict::kind::unknown:
    return {};
  case verdict::kind::accepted:
    if (!ours.failure)
      return {};
    return different("refused by " + std::string{to_string(ours.failure->which)} + " (" +
                     ours.failure->detail + "), not by the checker");
  case verdict::kind::malformed:
    return ours.failure ? comparison{} : different("accepted, malformed for the checker");
  case verdict::kind::refused:
    return compare_refused(theirs, ours);
  }
  return {};
}

struct tally {
  std::size_t judged = 0, accepted = 0, malformed = 0, unknown = 0, unmade = 0;
  std::map<std::string, std::size_t> by_check;
};

void replay(const judged_chain& chain, const block_verdicts& block, tally& count) {
  const auto& original = chain.block(block.height);
  const auto& other = chain.block(judged_chain::other_of(block.height));
  for (std::size_t i = 0; i < block.mutants.size(); i += stride()) {
    const verdict& theirs = block.mutants[i];
    const auto made = mutate(original, other, theirs.seed);
    BOOST_REQUIRE_MESSAGE(digest_of(made.bytes) == theirs.digest,
                          "seed " << theirs.seed << " makes another mutant than the one judged");
    const auto ours = chain.judge(made.bytes);
    ++count.judged;
    count.accepted += ours.failure ? 0U : 1U;
    count.malformed += theirs.said == verdict::kind::malformed ? 1U : 0U;
    count.unknown += theirs.said == verdict::kind::unknown ? 1U : 0U;
    if (ours.failure)
      ++count.by_check[std::string{to_string(ours.failure->which)}];
    const auto [found, why] = compare(theirs, ours);
    count.unmade += found == relation::unmade ? 1U : 0U;
    BOOST_CHECK_MESSAGE(found != relation::different,
                        block.chain << ' ' << block.height << ", seed " << theirs.seed << " ("
                                    << made.how << "): " << why);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(replay_tests)

BOOST_AUTO_TEST_CASE(every_mutant_gets_the_verdict_of_the_reference_checker) {
  if (!std::filesystem::exists(data)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data);
    return;
  }
  std::map<std::string, judged_chain> chains;
  tally count;
  for (const auto& block : read_verdicts(folder + "/verdicts.txt")) {
    auto& chain = chains.try_emplace(block.chain, data, block.chain).first->second;
    chain.advance_to(block.height);
    replay(chain, block, count);
  }
  std::cout << count.judged << " mutants: " << count.accepted << " accepted by us, "
            << count.malformed << " malformed, " << count.unknown
            << " without a verdict of the checker, " << count.unmade
            << " refused by it alone, by checks that we record as not made\n";
  for (const auto& [name, times] : count.by_check)
    std::cout << "  " << name << ' ' << times << '\n';
  BOOST_TEST(count.judged > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::differential
