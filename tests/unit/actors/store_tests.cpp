#include "actors/verify_worker.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/plain_chain.hpp"

#include <atomic>
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <unistd.h>

using namespace blockferry;
using namespace blockferry::testing;

// The same cases over both stores: what the writer may expect of its port.
BOOST_AUTO_TEST_SUITE(store_tests)

namespace {

const plain_chain& blocks() {
  static const plain_chain out{200};
  return out;
}

/// What a store is, with or without a pin.
storage::store_identity identity(std::optional<height_t> pin) {
  storage::store_identity out;
  out.network = "plain";
  out.genesis = blocks().hash_of(0);
  if (pin) {
    out.start_height = *pin;
    out.start_hash = blocks().hash_of(*pin);
  }
  return out;
}

class memory_place {
public:
  explicit memory_place(std::optional<height_t> pin = {})
      : disk_(pin ? make_disk(*pin, blocks().hash_of(*pin)) : make_disk()) {}
  auto open() { return open_memory_store(disk_); }

private:
  std::shared_ptr<memory_disk> disk_;
};

class sqlite_place {
public:
  explicit sqlite_place(std::optional<height_t> pin = {}) {
    static std::atomic<int> number{0};
    options_.folder =
        std::filesystem::temp_directory_path() /
        ("blockferry_store_tests_" + std::to_string(::getpid()) + "_" + std::to_string(++number));
    options_.identity = identity(pin);
    options_.disk_reserve_bytes = 0;
  }
  ~sqlite_place() {
    std::error_code ignored;
    std::filesystem::remove_all(options_.folder, ignored);
  }
  sqlite_place(const sqlite_place&) = delete;
  sqlite_place& operator=(const sqlite_place&) = delete;
  auto open() { return storage::open_store(options_); }

private:
  storage::store_options options_;
};

/// Blocks `first` to `last`, all of one file, verified on top of `before`.
verified_bundle verified(chain::chain_state& before, height_t first, height_t last,
                         std::optional<known_part> known = {}) {
  const plain_rules rules{blocks().hash_of(0)};
  const height_t start = first / blocks_per_file * blocks_per_file;
  check_request request;
  request.bytes =
      payload{std::make_shared<const chain::byte_buffer>(blocks().file(start, last + 1ULL))};
  request.file_start = start;
  request.wanted = {first, last - first + 1};
  request.known = known;
  auto checked = check_file(rules, request, {});
  BOOST_REQUIRE(!checked.refused);
  const auto records = rules.check_history(before, checked.blocks, {});
  for (std::size_t i = 0; i < records->size(); ++i)
    checked.blocks.blocks[i].record = (*records)[i];
  verified_bundle out;
  out.file_start = start;
  out.range = request.wanted;
  out.taken_from = known ? known->taken.first : first;
  out.file_blocks = checked.blocks.file_blocks;
  out.bytes = request.bytes;
  out.source = {"file:///a", 0, 5};
  out.file_sha256 = checked.file_sha256;
  out.blocks_sha256 = checked.blocks_sha256;
  out.blocks = checked.blocks.blocks;
  out.after = *rules.extend(before, checked.blocks);
  before = out.after;
  return out;
}

std::optional<known_part> commit(storage::store& store,
                                 const std::vector<verified_bundle>& bundles) {
  std::vector<const verified_bundle*> group;
  for (const auto& one : bundles)
    group.push_back(&one);
  auto done = store.commit(group);
  BOOST_REQUIRE_MESSAGE(done, done.error().message);
  return *done;
}

using places = boost::mpl::list<memory_place, sqlite_place>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fresh_store_begins_before_genesis, Place, places) {
  Place place;
  const auto store = place.open();
  BOOST_REQUIRE(store);
  const auto& resume = (*store)->resume();
  BOOST_TEST(resume.state.next_height == 0u);
  BOOST_TEST(!resume.state.last);
  BOOST_TEST(!resume.known);
  BOOST_TEST(!resume.last_receipt);
  BOOST_TEST(resume.identity.network == "plain");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_committed_is_there_after_reopening, Place, places) {
  Place place;
  chain::chain_state state;
  {
    auto store = place.open();
    std::vector<verified_bundle> group;
    group.push_back(verified(state, 0, 49));
    group.push_back(verified(state, 50, 99));
    BOOST_TEST(!commit(**store, group));
    BOOST_TEST(!commit(**store, {verified(state, 100, 149)}));
  }
  auto store = place.open();
  BOOST_REQUIRE(store);
  BOOST_TEST(((*store)->resume().state == state));
  BOOST_TEST((*store)->resume().state.last->height == 149u);
  BOOST_TEST(!(*store)->resume().known);
  BOOST_TEST(!(*store)->resume().clean);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_file_in_part_is_known_until_it_is_whole, Place, places) {
  Place place;
  chain::chain_state state;
  std::optional<known_part> known;
  {
    auto store = place.open();
    known = commit(**store, {verified(state, 0, 29)});
    BOOST_TEST_REQUIRE(known.has_value());
    BOOST_TEST((known->taken == height_range{0, 30}));
    BOOST_TEST(known->file_blocks == 30u);
  }
  {
    auto store = place.open();
    BOOST_TEST(((*store)->resume().known == known));
    known = commit(**store, {verified(state, 30, 39, known)});
    BOOST_TEST((known->taken == height_range{0, 40}));
  }
  {
    auto store = place.open();
    BOOST_TEST(((*store)->resume().known == known));
    BOOST_TEST(!commit(**store, {verified(state, 40, 49, known)}));
  }
  auto store = place.open();
  BOOST_TEST(!(*store)->resume().known);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receipt_is_kept_with_the_duration_of_its_commit, Place, places) {
  Place place;
  chain::chain_state state;
  drain_receipt receipt;
  receipt.reason = drain_reason::signal;
  receipt.detail = "SIGTERM";
  receipt.error = failure{errc::cdn_tls, "why"};
  {
    auto store = place.open();
    commit(**store, {verified(state, 0, 49)});
    receipt.durable = state.last;
    const auto kept =
        (*store)->mark_clean({}, receipt, [](drain_receipt& last) { last.duration_ms = 77; });
    BOOST_REQUIRE(kept);
    BOOST_TEST(kept->clean);
    BOOST_TEST(kept->duration_ms == 77);
    receipt = *kept;
  }
  {
    auto store = place.open();
    BOOST_TEST((*store)->resume().clean);
    BOOST_TEST_REQUIRE((*store)->resume().last_receipt.has_value());
    BOOST_TEST((*(*store)->resume().last_receipt == receipt));
    commit(**store, {verified(state, 50, 99)});
  }
  auto store = place.open();
  BOOST_TEST(!(*store)->resume().clean);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_open_store_is_locked, Place, places) {
  Place place;
  auto store = place.open();
  const auto second = place.open();
  BOOST_REQUIRE(!second);
  BOOST_TEST((second.error().code == errc::store_locked));
  store->reset();
  BOOST_TEST(place.open().has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pinned_store_begins_at_its_pin, Place, places) {
  Place place{77};
  chain::chain_state state;
  {
    auto store = place.open();
    state = (*store)->resume().state;
    BOOST_TEST(state.next_height == 77u);
    BOOST_TEST((state.pinned == blocks().hash_of(77)));
    BOOST_TEST(!commit(**store, {verified(state, 77, 99)}));
  }
  auto store = place.open();
  BOOST_REQUIRE(store);
  BOOST_TEST(((*store)->resume().state == state));
  BOOST_TEST((*store)->resume().identity.start_height == 77u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_start_resumes_from_every_prefix, Place, places) {
  Place place;
  chain::chain_state state;
  std::optional<known_part> known;
  for (height_t height = 0; height <= 103; ++height) {
    auto store = place.open();
    BOOST_REQUIRE(store);
    BOOST_TEST(((*store)->resume().state.next_height == height));
    BOOST_TEST((height == 0 || (*store)->resume().state == state));
    BOOST_TEST(((*store)->resume().known == known));
    known = commit(**store, {verified(state, height, height, known)});
    BOOST_TEST(known.has_value() == ((height + 1) % blocks_per_file != 0));
  }
}

// Goal: P1 whatever the caller does, and P3: after an error nothing is written any more.
BOOST_AUTO_TEST_CASE_TEMPLATE(blocks_that_do_not_follow_are_refused_and_the_error_stays, Place,
                              places) {
  const std::vector<void (*)(verified_bundle&)> wrongs{
      [](verified_bundle& b) { b.range.first += 1; },
      [](verified_bundle& b) { b.range.count -= 1; },
      [](verified_bundle& b) { b.blocks[3].height += 1; },
      [](verified_bundle& b) { b.blocks.back().offset = b.bytes.size() + 1; },
      [](verified_bundle& b) { b.blocks.back().size = 0xffffffff; },
      [](verified_bundle& b) { b.after.next_height += 1; },
      [](verified_bundle& b) { b.after.last.reset(); },
      [](verified_bundle& b) { b.after.last->block_hash.bytes[0] ^= 1; },
      [](verified_bundle& b) { b.blocks.clear(), b.range.count = 0; },
  };
  Place place;
  chain::chain_state state;
  commit(**place.open(), {verified(state, 0, 49)});
  const auto before = state;
  const auto next = verified(state, 50, 99);
  const std::vector<const verified_bundle*> good{&next};
  for (std::size_t i = 0; i <= wrongs.size(); ++i) {
    auto store = place.open();
    BOOST_REQUIRE(store);
    BOOST_TEST(((*store)->resume().state == before));
    auto bad = next;
    if (i < wrongs.size())
      wrongs[i](bad);
    const std::vector<const verified_bundle*> group{&bad};
    const auto first = (*store)->commit(i < wrongs.size() ? group : decltype(group){});
    BOOST_REQUIRE_MESSAGE(!first, "wrong " << i);
    BOOST_TEST((first.error().code == errc::store_io));
    const auto second = (*store)->commit(good);
    BOOST_REQUIRE(!second);
    BOOST_TEST((second.error() == first.error()));
    const auto marked =
        (*store)->mark_clean(good, {}, [](drain_receipt&) { BOOST_FAIL("not reached"); });
    BOOST_REQUIRE(!marked);
    BOOST_TEST((marked.error() == first.error()));
  }
  BOOST_TEST(!(*place.open())->resume().clean);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_transaction_commits_with_the_receipt_or_not_at_all, Place,
                              places) {
  Place place;
  chain::chain_state state;
  auto first = verified(state, 0, 49);
  const auto second = verified(state, 50, 99);
  const std::vector<const verified_bundle*> gap{&second}, both{&first, &second};
  {
    auto store = place.open();
    const auto refused = (*store)->mark_clean(gap, {}, [](drain_receipt&) {});
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == errc::store_io));
  }
  {
    auto store = place.open();
    BOOST_TEST((*store)->resume().state.next_height == 0u);
    BOOST_TEST(!(*store)->resume().last_receipt);
    BOOST_REQUIRE((*store)->mark_clean(both, {}, [](drain_receipt&) {}));
  }
  auto store = place.open();
  BOOST_TEST(((*store)->resume().state == state));
  BOOST_TEST((*store)->resume().clean);
}

BOOST_AUTO_TEST_SUITE_END()
