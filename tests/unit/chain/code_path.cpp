#include "chain/math/cpu_path.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>

namespace {

/// Says on which code path the tests run, and that it is not the one asked for where that is so.
struct path_report {
  path_report() {
    using namespace blockferry::chain;
    std::cout << "code path " << to_string(active_cpu_path()) << '\n';
  }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(path_report);
