#include "runtime/commands/progress.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

using blockferry::runtime::progress;
using namespace std::chrono_literals;

namespace {

constexpr progress::clock::time_point begin{};

} // namespace

BOOST_AUTO_TEST_SUITE(progress_tests)

BOOST_AUTO_TEST_CASE(without_a_terminal_there_is_a_line_every_10_s) {
  std::ostringstream err;
  {
    progress shown{err, "verify", 1000, false, begin};
    shown.at(10, begin + 9999ms);
    BOOST_TEST(err.str() == "");
    shown.at(250, begin + 10s);
    shown.at(300, begin + 19s);
    BOOST_TEST(err.str() == "verify: 250 of 1000 blocks (25 %), 25 blocks/s, 30 s left\n");
    err.str("");
    shown.at(1000, begin + 20s);
  }
  BOOST_TEST(err.str() == "verify: 1000 of 1000 blocks (100 %), 50 blocks/s, 0 s left\n");
}

BOOST_AUTO_TEST_CASE(on_a_terminal_one_line_is_drawn_anew_and_ended) {
  std::ostringstream err;
  {
    progress shown{err, "export", 100, true, begin};
    shown.at(1, begin + 499ms);
    shown.at(10, begin + 1s);
    shown.at(11, begin + 1499ms);
    shown.at(50, begin + 2s);
  }
  BOOST_TEST(err.str() == "\r\033[Kexport: 10 of 100 blocks (10 %), 10 blocks/s, 9 s left"
                          "\r\033[Kexport: 50 of 100 blocks (50 %), 25 blocks/s, 2 s left\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_called_unknown) {
  std::ostringstream err;
  progress without_end{err, "verify", 0, false, begin};
  without_end.at(70, begin + 10s);
  BOOST_TEST(err.str() == "verify: 70, 7 blocks/s, time left unknown\n");
  err.str("");
  progress at_once{err, "verify", 100, false, begin};
  at_once.at(0, begin + 10s);
  BOOST_TEST(err.str() == "verify: 0 of 100 blocks (0 %), 0 blocks/s, time left unknown\n");
}

BOOST_AUTO_TEST_CASE(a_quick_command_says_nothing) {
  std::ostringstream err;
  {
    progress live{err, "verify", 100, true, begin};
    live.at(100, begin + 10ms);
    progress plain{err, "verify", 100}; // no terminal: a stream of its own
    plain.at(100);
  }
  BOOST_TEST(err.str() == "");
}

BOOST_AUTO_TEST_SUITE_END()
