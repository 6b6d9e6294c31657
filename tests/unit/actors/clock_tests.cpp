#include "tests/support/test_node.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

using namespace blockferry;
using namespace blockferry::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clock_tests)

namespace {

/// A transport on a clock that does not stand still while a message is handled: each look at
/// latest.json but the first takes a while to begin, and then hangs.
class slow_to_begin final : public transport {
public:
  slow_to_begin(std::shared_ptr<transport> real, caf::detail::test_actor_clock& clock)
      : real_(std::move(real)), clock_(&clock) {}

  void connect(std::function<void(transfer_result)> deliver) override {
    real_->connect(std::move(deliver));
  }
  void start(const transfer_request& request) override {
    if (request.file_start || std::exchange(first_look_, false))
      real_->start(request);
    else
      clock_->current_time += patience{}.backoff_first;
  }
  void cancel(transfer_id id) override { real_->cancel(id); }

private:
  std::shared_ptr<transport> real_;
  caf::detail::test_actor_clock* clock_;
  bool first_look_ = true;
};

} // namespace

// Goal: a wait that ends while a message is handled is not forgotten.  Method: while a file waits
// for its mirror, a look at latest.json begins that hangs, so that no other message follows.
BOOST_AUTO_TEST_CASE(a_wait_that_ends_within_a_message_is_seen) {
  for (std::uint64_t seed = 1; seed <= 64; ++seed) {
    test_ferry ferry{50};
    ferry.options.follow = true;
    ferry.options.wait.poll_interval = ferry.options.wait.backoff_first / 2;
    ferry.cdn->next_answer(0, 0, failing(errc::cdn_unreachable));
    auto store = open_memory_store(ferry.disk);
    BOOST_REQUIRE(store.has_value());
    test_node node{ferry.world,
                   {ferry.options,
                    std::make_shared<slow_to_begin>(ferry.cdn, ferry.world.scheduler().clock()),
                    std::move(*store), ferry.rules, seed}};
    ferry.world.advance(2s);
    BOOST_TEST(ferry.disk->blocks.size() == 50u, "seed " << seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
