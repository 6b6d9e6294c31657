// A host's own test of its node: one thread, virtual time, no network and no disk.
#include <blockferry/tests/support/test_node.hpp>

#include <cstdlib>
#include <iostream>

using namespace blockferry;
using namespace std::chrono_literals;

namespace {

void expect(bool holds, const char* what) {
  if (!holds) {
    std::cerr << "not so: " << what << "\n";
    std::exit(1);
  }
  std::cout << "ok: " << what << "\n";
}

} // namespace

int main() {
  testing::test_ferry ferry{170}; // blocks at a mirror that does as it is told
  ferry.cdn->next_answer(0, 50, testing::failing(errc::cdn_timed_out));
  const auto node = ferry.start();
  ferry.world.advance(30s);
  expect(node->ended() && ferry.cdn->requests_for(0, 50) == 2,
         "a file that fails is fetched again by itself");
  expect(node->drain().clean && ferry.disk->blocks.size() == 170, "the store is whole and clean");
  expect(ferry.disk->broken_promise().empty(), "every block follows the one before");
}
