#include "tests/schedule/exhaust.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::schedule {
namespace {

constexpr std::uint64_t schedules_max = 2'500;

exploration explore(const plan& what, bool merge, const std::vector<std::uint32_t>& beginning) {
  return exhaust(what, {merge, beginning, merge ? schedules_max : 2 * schedules_max},
                 [](const outcome& run) {
                   BOOST_TEST_ERROR(run.violation);
                   return false;
                 });
}

/// The shortest beginning of a schedule behind which there are few enough to take each by itself.
std::vector<std::uint32_t> beginning_of(const plan& what, std::vector<std::uint32_t> choices) {
  auto out = choices;
  while (!choices.empty()) {
    choices.pop_back();
    if (!explore(what, true, choices).to_the_end)
      break;
    out = choices;
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exhaust_suite)

BOOST_AUTO_TEST_CASE(schedules_that_meet_in_a_state_have_the_same_ends_and_as_many_of_them) {
  for (const auto& small : configurations())
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      BOOST_TEST_CONTEXT(small.name << ", seed " << seed) {
        const auto begin = beginning_of(small.of, sail(small.of, *chooser_of(seed)).choices);
        const auto merged = explore(small.of, true, begin);
        const auto each = explore(small.of, false, begin);
        BOOST_TEST(each.to_the_end);
        BOOST_TEST(each.schedules == static_cast<double>(each.runs));
        BOOST_TEST(merged.schedules == each.schedules);
        BOOST_TEST(merged.runs <= each.runs);
        BOOST_TEST((merged.left == each.left));
        BOOST_TEST_MESSAGE(small.name << ", seed " << seed << ": " << each.schedules
                                      << " schedules, " << merged.runs << " of them to see all "
                                      << each.left.size() << " ends");
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::schedule
