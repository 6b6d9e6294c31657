#include "runtime/transport/buffer_pool.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using namespace blockferry;
using namespace blockferry::runtime;

namespace {

payload filled(buffer_pool& pool, std::size_t bytes) {
  chain::byte_buffer buffer = pool.take(bytes);
  buffer.assign(bytes, 7);
  return pool.share(std::move(buffer));
}

} // namespace

BOOST_AUTO_TEST_SUITE(buffer_pool_tests)

BOOST_AUTO_TEST_CASE(a_buffer_comes_back_with_the_last_copy_and_is_used_again) {
  const auto pool = std::make_shared<buffer_pool>(1U << 20);
  const std::uint8_t* address = nullptr;
  {
    const payload first = filled(*pool, 100'000);
    const payload copy = first; // NOLINT: the copy is what this test is about
    address = first.view().data();
    BOOST_TEST(pool->waiting_bytes() == 0U);
  }
  BOOST_TEST(pool->waiting_bytes() >= 100'000U);
  const payload second = filled(*pool, 101'000);
  BOOST_TEST(second.view().data() == address);
  BOOST_TEST(pool->waiting_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_small_file_never_sits_in_a_large_buffer) {
  const auto pool = std::make_shared<buffer_pool>(8U << 20);
  filled(*pool, 4U << 20);
  const std::uint64_t waiting = pool->waiting_bytes();
  const payload small = filled(*pool, 1'000);
  BOOST_TEST(pool->waiting_bytes() == waiting);
  chain::byte_buffer roomy;
  roomy.reserve(1U << 20);
  roomy.assign(10, 1);
  payload shrunk = pool->share(std::move(roomy));
  shrunk = {};
  BOOST_TEST(pool->waiting_bytes() <= waiting + 8'192);
}

BOOST_AUTO_TEST_CASE(no_more_waits_than_the_pool_may_keep) {
  const auto pool = std::make_shared<buffer_pool>(300'000);
  {
    std::vector<payload> many;
    for (int i = 0; i < 200; ++i)
      many.push_back(filled(*pool, 10'000));
  }
  BOOST_TEST(pool->waiting_bytes() <= 300'000U);
  BOOST_TEST(pool->waiting_bytes() >= 200'000U);
  filled(*pool, 400'000); // larger than the whole pool
  BOOST_TEST(pool->waiting_bytes() <= 300'000U);
}

BOOST_AUTO_TEST_CASE(a_payload_outlives_whoever_made_the_pool) {
  auto pool = std::make_shared<buffer_pool>(1U << 20);
  payload last = filled(*pool, 5'000);
  pool.reset();
  BOOST_TEST(last.size() == 5'000U);
  std::thread elsewhere{[moved = std::move(last)]() mutable { moved = {}; }};
  elsewhere.join();
}

BOOST_AUTO_TEST_SUITE_END()
