#include "store_fixture.hpp"

#include "storage/integrity.hpp"
#include "storage/sqlite.hpp"

#include <sys/stat.h>

using namespace blockferry;
using namespace blockferry::storage;
using blockferry::test::commit;
using blockferry::test::store_fixture;

namespace {

void check_content(const store_fixture& fixture, height_t first, height_t end) {
  auto live = reader::open(fixture.options.folder);
  BOOST_REQUIRE(live.has_value());
  for (height_t height = first; height < end; ++height) {
    const auto block = live->block_at(height);
    BOOST_REQUIRE((block.has_value() && block->has_value()));
    BOOST_TEST(((*block)->bytes == fixture.maker.block_at(height)));
    BOOST_TEST(((*block)->block_hash == fixture.maker.hash_at(height)));
    const auto by_hash = live->block_of(fixture.maker.hash_at(height));
    BOOST_REQUIRE((by_hash.has_value() && by_hash->has_value()));
    BOOST_TEST((*by_hash)->height == height);
  }
  BOOST_TEST(!live->block_at(end).value().has_value());
  BOOST_TEST(!live->block_of(fixture.maker.hash_at(end)).value().has_value());
  auto check = offline_check::open(fixture.options.folder);
  BOOST_REQUIRE(check.has_value());
  for (const auto& done : {check->check_file(), check->check_records()})
    BOOST_TEST(done.has_value(), (done ? "" : done.error().message));
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sqlite_store_tests, store_fixture)

// Readers judge blocks by the network's text in the store: a checkpoint more must reach them.
BOOST_AUTO_TEST_CASE(a_changed_network_file_is_kept_from_the_next_start_on) {
  const char* const kept = "SELECT toml FROM network";
  options.identity.network_toml = "first";
  fill(1);
  BOOST_TEST(text_of(kept) == "first");
  options.identity.network_toml = "second";
  static_cast<void>(open());
  BOOST_TEST(text_of(kept) == "second");
  options.identity.network_toml.clear(); // of a caller that has none
  static_cast<void>(open());
  BOOST_TEST(text_of(kept) == "second");
}

BOOST_AUTO_TEST_CASE(blocks_come_back_as_they_were_committed) {
  {
    const auto store = open();
    BOOST_TEST(!store->resume().state.last.has_value());
    BOOST_TEST(store->resume().clean);
    const auto a = maker.next(), b = maker.next(), c = maker.next();
    const std::vector<const verified_bundle*> group{&a, &b, &c};
    const auto known = store->commit(group);
    BOOST_REQUIRE(known.has_value());
    BOOST_TEST(!known->has_value()); // the last file is whole
  }
  check_content(*this, 0, 150);
  auto live = reader::open(options.folder);
  BOOST_REQUIRE(live.has_value());
  const auto record = live->bundle_of(99);
  BOOST_REQUIRE((record.has_value() && record->has_value()));
  const auto file = maker.file_at(50, 50);
  BOOST_TEST((*record)->file_start == 50U);
  BOOST_TEST(((*record)->taken == height_range{50, 50}));
  BOOST_TEST((*record)->file_bytes == file.size());
  BOOST_TEST(((*record)->file_sha256 == kit::sha256(file)));
  BOOST_TEST((*record)->url == "https://cdn.example/50");
  BOOST_TEST(!live->bundle_of(150).value().has_value());
}

// Goal: whatever the prefix, a start finds exactly the state and the part of the last file that the
// last commit left, and can go on to the same content.
BOOST_AUTO_TEST_CASE(a_start_resumes_from_every_prefix) {
  std::optional<known_part> known;
  for (height_t end = 1; end <= 103; ++end) {
    const auto store = open();
    BOOST_TEST((store->resume().state == maker.state()));
    BOOST_TEST((store->resume().known == known));
    BOOST_TEST(store->resume().clean == (end == 1));
    kit::bundle_maker resumed{{}};
    resumed.resume(store->resume().state, store->resume().known);
    // The file grows block by block, as at the tip.
    const height_t in_file = (end - 1) % blocks_per_file + 1;
    known = commit(*store, resumed.take(1, in_file));
    static_cast<void>(maker.take(1, in_file));
    if (in_file == blocks_per_file)
      BOOST_TEST(!known.has_value());
    else
      BOOST_TEST((known->taken == height_range{(end - 1) / 50 * 50, in_file}));
  }
  check_content(*this, 0, 103);
}

BOOST_AUTO_TEST_CASE(a_file_that_grew_is_recorded_as_the_newer_copy) {
  {
    const auto store = open();
    const auto known = commit(*store, maker.take(7, 7));
    BOOST_REQUIRE(known.has_value());
    BOOST_TEST((*known == known_part{{0, 7}, 7, maker.blocks_sha256({0, 7})}));
    commit(*store, maker.take(13, 20));
  }
  auto live = reader::open(options.folder);
  const auto record = live->bundle_of(3).value().value();
  BOOST_TEST((record.taken == height_range{0, 20}));
  BOOST_TEST(record.file_blocks == 20U);
  BOOST_TEST((record.file_sha256 == kit::sha256(maker.file_at(0, 20))));
  BOOST_TEST((record.blocks_sha256 == maker.blocks_sha256({0, 20})));
  check_content(*this, 0, 20);
}

BOOST_AUTO_TEST_CASE(a_file_taken_in_part_is_completed_later) {
  maker = kit::bundle_maker{{.start = 30}};
  options.identity.start_height = 30;
  options.identity.start_hash = maker.hash_at(30);
  {
    const auto store = open();
    BOOST_TEST((store->resume().state.pinned == maker.hash_at(30)));
    const auto known = commit(*store, maker.take(10, 50)); // --start 30 --until 39
    BOOST_TEST((known == known_part{{30, 10}, 50, maker.blocks_sha256({30, 10})}));
  }
  {
    const auto store = open();
    BOOST_TEST((store->resume().known->taken == height_range{30, 10}));
    BOOST_TEST(!commit(*store, maker.next()).has_value());
  }
  check_content(*this, 30, 50);
}

// Goal: P1 whatever the caller does.
BOOST_AUTO_TEST_CASE(blocks_that_do_not_follow_are_refused_and_nothing_is_written) {
  const std::vector<void (*)(verified_bundle&)> wrongs{
      [](verified_bundle& b) { b.range.first += 1; },
      [](verified_bundle& b) { b.range.count -= 1; },
      [](verified_bundle& b) { b.blocks[3].height += 1; },
      [](verified_bundle& b) { b.blocks.back().offset = b.bytes.size(); },
      [](verified_bundle& b) { b.blocks.back().size = 0xffffffff; },
      [](verified_bundle& b) { b.after.next_height += 1; },
      [](verified_bundle& b) { b.after.last.reset(); },
      [](verified_bundle& b) { b.after.last->block_hash.bytes[0] ^= 1; },
      [](verified_bundle& b) { b.blocks.clear(), b.range.count = 0; },
  };
  fill(1);
  const auto next = maker.next();
  for (const auto& wrong : wrongs) {
    const auto store = open();
    auto bundle = next;
    wrong(bundle);
    const std::vector<const verified_bundle*> group{&bundle};
    BOOST_TEST(!store->commit(group).has_value());
  }
  BOOST_TEST(!open()->commit({}).has_value());
  check_content(*this, 0, 50);
}

BOOST_AUTO_TEST_CASE(the_first_error_is_sticky) {
  fill(1);
  {
    const auto store = open();
    auto bad = maker.next();
    bad.blocks[49].block_hash = {}; // refused before a transaction
    const std::vector<const verified_bundle*> group{&bad};
    const auto first = store->commit(group);
    BOOST_REQUIRE(!first.has_value());
    kit::bundle_maker again{{}};
    static_cast<void>(again.next());
    const auto good = again.next();
    const std::vector<const verified_bundle*> good_group{&good};
    const auto second = store->commit(good_group);
    BOOST_REQUIRE(!second.has_value());
    BOOST_TEST((second.error() == first.error()));
    const auto marked =
        store->mark_clean({}, {}, [](drain_receipt&) { BOOST_FAIL("not reached"); });
    BOOST_TEST((marked.error() == first.error()));
  }
  check_content(*this, 0, 50);
  BOOST_TEST(!open()->resume().clean);
}

BOOST_AUTO_TEST_CASE(the_receipt_is_in_the_store_once_it_is_marked_clean) {
  drain_receipt receipt;
  receipt.reason = drain_reason::signal;
  receipt.detail = "SIGTERM";
  receipt.blocks_fetched = 99;
  receipt.blocks_verified = 70;
  receipt.blocks_committed = 50;
  receipt.transfers_abandoned = 3;
  receipt.bundles_dropped = 2;
  receipt.started_at_ms = 1'700'000'000'000;
  receipt.error = failure{errc::cdn_timed_out, "slow"};
  {
    const auto store = open();
    commit(*store, maker.next());
    receipt.durable = maker.state().last;
    const auto marked =
        store->mark_clean({}, receipt, [](drain_receipt& last) { last.duration_ms = 17; });
    BOOST_REQUIRE(marked.has_value());
    receipt.clean = true;
    receipt.duration_ms = 17;
    BOOST_TEST((*marked == receipt));
  }
  BOOST_TEST((reader::open(options.folder)->last_receipt().value() == receipt));
  const auto store = open();
  BOOST_TEST(store->resume().clean);
  BOOST_TEST((store->resume().last_receipt == receipt));
  commit(*store, maker.next());
  BOOST_TEST(!reader::open(options.folder)->state()->clean);
}

BOOST_AUTO_TEST_CASE(files_are_readable_for_owner_and_group_alone) {
  const auto before = ::umask(0);
  fill(1);
  const auto store = open();
  commit(*store, maker.next());
  ::umask(before);
  BOOST_TEST(mode_of(options.folder) == 0750U);
  BOOST_TEST(mode_of(database) == 0640U);
  BOOST_TEST(mode_of(options.folder / "lock") == 0640U);
  BOOST_TEST(mode_of(database.string() + "-journal") == 0640U);
}

BOOST_AUTO_TEST_CASE(the_guard_stops_before_the_disk_is_full) {
  struct small_disk final : file_system {
    std::shared_ptr<file_system> real = real_file_system();
    std::uint64_t free = 1ULL << 40;
    [[nodiscard]] std::string vfs() const override { return real->vfs(); }
    [[nodiscard]] result<void> check_names(const std::filesystem::path& path) const override {
      return real->check_names(path);
    }
    [[nodiscard]] result<void> set_mode(const std::filesystem::path& path) override {
      return real->set_mode(path);
    }
    [[nodiscard]] result<void> rename(const std::filesystem::path& from,
                                      const std::filesystem::path& to) override {
      return real->rename(from, to);
    }
    [[nodiscard]] result<void> sync_folder(const std::filesystem::path& folder) override {
      return real->sync_folder(folder);
    }
    [[nodiscard]] std::optional<std::uint64_t>
    free_bytes(const std::filesystem::path&) const override {
      return free;
    }
  };
  const auto disk = std::make_shared<small_disk>();
  options.files = disk;
  {
    const auto store = open();
    commit(*store, maker.next());
    kit::bundle_maker again = maker;
    const auto bundle = again.next();
    // The blocks would fit, but not the index and the journal with them.
    disk->free = options.disk_reserve_bytes + bundle.bytes.size() + (1U << 20);
    const std::vector<const verified_bundle*> group{&bundle};
    const auto full = store->commit(group);
    BOOST_REQUIRE(!full.has_value());
    BOOST_TEST((full.error().code == errc::store_full));
    BOOST_TEST(full.error().message.find("64 MiB that --disk-reserve") != std::string::npos);
    disk->free = 1ULL << 40; // it stays an error all the same: only a new start goes on
    BOOST_TEST((store->commit(group).error() == full.error()));
  }
  check_content(*this, 0, 50);
  commit(*open(), maker.next());
  check_content(*this, 0, 100);
}

BOOST_AUTO_TEST_SUITE_END()
