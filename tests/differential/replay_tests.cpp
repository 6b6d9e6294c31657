// Mutants of real blocks: our verdicts against those of the reference checker, which were made once
// by make_verdicts.py and lie in verdicts.txt.
//
//   replay_tests [-- STRIDE]      every how many-th mutant, default 1
#include "chain/transactions/content_checks.hpp"
#include "data_folder.hpp"
#include "judge.hpp"
#include "read_block.hpp"
#include "verdicts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

namespace blockferry::differential {
namespace {

const std::string folder = BLOCKFERRY_SOURCE_DIR "/tests/differential";

/// Every how many-th mutant is judged: an argument, `replay_tests -- 5`.
std::size_t stride() {
  const auto& arguments = boost::unit_test::framework::master_test_suite();
  const auto asked = arguments.argc > 1 ? std::strtoull(arguments.argv[1], nullptr, 10) : 1;
  return std::max<std::size_t>(asked, 1);
}

/// How our verdict stands to the checker's.
enum class relation : std::uint8_t { same, unmade, stricter, different };

struct comparison {
  relation found = relation::same;
  std::string why;
};

comparison different(std::string why) {
  return {relation::different, std::move(why)};
}

/// What the specification says of an accepted deployment's writes (2.5), and the checker does not.
bool is_of_writes(chain::check which, const std::string& detail) {
  return which == chain::check::deployments && detail.starts_with("writes of the deployment");
}

/// Of a block that the checker reads.  Where it refuses: our check is among its, or each of its is
/// one that we record as not made (no balances, no index of earlier blocks).
comparison compare_read(const verdict& theirs, const judgement& ours) {
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
  // The specification wants signers to be members (7.2); the checker only leaves their stakes out.
  if (ours.failure && (ours.failure->which == chain::check::membership ||
                       is_of_writes(ours.failure->which, ours.failure->detail)))
    return {relation::stricter, {}};
  if (ours.failure)
    return different("refused by " + std::string{to_string(ours.failure->which)} + " (" +
                     ours.failure->detail + "), the checker says" + codes);
  if (all_unmade)
    return {theirs.codes.empty() ? relation::same : relation::unmade, {}};
  return different("accepted, refused by the checker:" + codes);
}

comparison compare(const verdict& theirs, const judgement& ours) {
  switch (theirs.said) {
  case verdict::kind::unknown:
    return {};
  case verdict::kind::malformed:
    return ours.failure ? comparison{} : different("accepted, malformed for the checker");
  case verdict::kind::accepted:
  case verdict::kind::refused:
    return compare_read(theirs, ours);
  }
  return {};
}

struct tally {
  std::size_t judged = 0, accepted = 0, malformed = 0, unknown = 0, unmade = 0, stricter = 0;
  std::map<std::string, std::size_t> by_check;
};

void replay(const judged_chain& chain, const block_verdicts& block, tally& count) {
  for (std::size_t i = 0; i < block.mutants.size(); i += stride()) {
    const verdict& theirs = block.mutants[i];
    const auto made = chain.mutate(block.height, theirs.seed);
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
    count.stricter += found == relation::stricter ? 1U : 0U;
    BOOST_CHECK_MESSAGE(found != relation::different,
                        block.chain << ' ' << block.height << ", seed " << theirs.seed << " ("
                                    << made.how << "): " << why);
  }
}

/// Codes of the checker that ids and the checks of level `content` answer by themselves.
bool is_of_transactions(const std::string& code) {
  constexpr std::string_view codes[] = {"ids", "txr", "val", "fee", "dep", "dup", "fin"};
  return std::ranges::find(codes, code) != std::end(codes);
}

/// Ids, root and level `content` alone, whatever else of the block is wrong: what breaks first.
struct transactions_verdict {
  std::optional<chain::broken_rule> broken;
  bool root_unmade = false;
};

transactions_verdict judge_transactions(const chain::network& net, const read_block& read) {
  const chain::transactions_area* const area = &read.transactions;
  const auto ids = chain::compute_ids({&area, 1});
  if (auto broken = chain::check_ids(*area, ids.front(), read.front.transactions_root))
    return {std::move(broken), false};
  const chain::content_block block{&read.front, &read.head, area, &ids.front(), read.aborted};
  auto verdict = chain::check_content(net, {&block, 1}).front();
  return {std::move(verdict.broken), verdict.record.unmade.has(chain::check::finalize_root)};
}

/// Deep checks whose mutants seldom pass the checks before them: each is compared by itself.
void replay_transactions(const judged_chain& chain, const block_verdicts& block,
                         std::map<std::string, std::size_t>& broken) {
  for (std::size_t i = 0; i < block.mutants.size(); i += stride()) {
    const verdict& theirs = block.mutants[i];
    if (theirs.said == verdict::kind::malformed || theirs.said == verdict::kind::unknown)
      continue;
    const auto made = chain.mutate(block.height, theirs.seed);
    const auto read = differential::read(made.bytes);
    BOOST_REQUIRE(read.has_value());
    if (read->front.header.height != block.height)
      continue; // the checker says no more of it
    const auto ours = judge_transactions(chain.net(), *read);
    chain::check_set allowed;
    bool refused = false;
    for (const auto& code : theirs.codes)
      if (is_of_transactions(code)) {
        allowed = allowed | checks_of_code(code);
        refused = refused || !(code == "fin" && ours.root_unmade);
      }
    if (ours.broken)
      ++broken[std::string{to_string(ours.broken->which)}];
    const bool of_writes = ours.broken && is_of_writes(ours.broken->which, ours.broken->detail);
    BOOST_CHECK_MESSAGE(of_writes || (ours.broken ? allowed.has(ours.broken->which) : !refused),
                        block.chain << ' ' << block.height << ", seed " << theirs.seed << " ("
                                    << made.how << "): we say "
                                    << (ours.broken ? to_string(ours.broken->which) : "none"));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(replay_tests)

BOOST_AUTO_TEST_CASE(every_mutant_gets_the_verdict_of_the_reference_checker) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  std::map<std::string, judged_chain> chains;
  tally count;
  for (const auto& block : read_verdicts(folder + "/verdicts.txt")) {
    auto& chain = chains.try_emplace(block.chain, data_folder, block.chain).first->second;
    chain.advance_to(block.height);
    replay(chain, block, count);
  }
  std::cout << count.judged << " mutants: " << count.accepted << " accepted by us, "
            << count.malformed << " malformed, " << count.unknown
            << " without a verdict of the checker, " << count.unmade
            << " refused by it alone, by checks that we record as not made, " << count.stricter
            << " refused by us alone, by membership\n";
  for (const auto& [name, times] : count.by_check)
    std::cout << "  " << name << ' ' << times << '\n';
  BOOST_TEST(count.judged > 0U);
}

BOOST_AUTO_TEST_CASE(the_checks_of_transactions_agree_by_themselves) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  std::map<std::string, judged_chain> chains;
  std::map<std::string, std::size_t> broken;
  for (const auto& block : read_verdicts(folder + "/verdicts.txt")) {
    auto& chain = chains.try_emplace(block.chain, data_folder, block.chain).first->second;
    replay_transactions(chain, block, broken);
  }
  for (const auto& [name, times] : broken)
    std::cout << "  " << name << ' ' << times << '\n';
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::differential
