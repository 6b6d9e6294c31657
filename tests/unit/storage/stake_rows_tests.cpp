#include "../chain/stake/stake_vectors.hpp"

#include "chain/stake/stake_codec.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/stake_rows.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace blockferry;
using namespace blockferry::storage;
using chain::stake::followed;
using chain::stake::following;

namespace {

const std::vector<test::vector_block>& blocks() {
  static const auto read =
      test::read_stake_vectors(BLOCKFERRY_SOURCE_DIR "/tests/unit/chain/stake/staking_vectors.txt");
  return read;
}

chain::hash made_hash(height_t height) {
  chain::hash made;
  for (std::size_t i = 0; i < 4; ++i)
    made.bytes[i] = static_cast<std::uint8_t>((height + 1) >> (8 * i));
  return made;
}

/// Files of the vector chain with made-up block bytes, and the state after each.
class chain_of_bundles {
public:
  chain_of_bundles(std::size_t block_bytes, bool follow)
      : block_bytes_(block_bytes), follow_(follow) {}

  [[nodiscard]] verified_bundle next() {
    verified_bundle out;
    out.file_start = state.next_height;
    out.taken_from = out.file_start;
    out.file_blocks = blocks_per_file;
    out.range = {out.file_start, blocks_per_file};
    out.bytes = payload{std::make_shared<chain::byte_buffer>(block_bytes_ * blocks_per_file)};
    for (std::uint32_t i = 0; i < blocks_per_file; ++i) {
      const height_t height = out.file_start + i;
      chain::block_facts& block = out.blocks.emplace_back();
      block.height = height;
      block.block_hash = made_hash(height);
      block.offset = i * block_bytes_;
      block.size = static_cast<std::uint32_t>(block_bytes_);
      const auto& stakes = blocks()[height].stakes;
      if (follow_) {
        block.stakes = chain::stake::encode(stakes);
        stake_bytes += block.stakes.size();
        known_.add(height, stakes);
      }
    }
    state.next_height += blocks_per_file;
    state.last = chain::tip{state.next_height - 1, made_hash(state.next_height - 1)};
    state.history_known = false;
    state.followed = follow_ ? followed{known_} : followed{};
    out.after = state;
    return out;
  }
  void follow_from_here(following from) {
    follow_ = true;
    known_ = std::move(from);
  }

  chain::chain_state state;
  std::uint64_t stake_bytes = 0;

private:
  std::size_t block_bytes_;
  bool follow_;
  following known_;
};

struct temporary_folder {
  std::filesystem::path path;
  temporary_folder() {
    std::random_device random;
    path = std::filesystem::temp_directory_path() /
           ("blockferry-stakes-" + std::to_string(random()) + std::to_string(random()));
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

store_options options_for(const temporary_folder& folder) {
  store_options options;
  options.folder = folder.path;
  options.identity.network = "made";
  options.floor = chain::level::none;
  return options;
}

void commit(const store_options& options, const verified_bundle& bundle) {
  auto store = open_store(options);
  BOOST_REQUIRE(store.has_value());
  const std::vector<const verified_bundle*> group{&bundle};
  const auto done = (*store)->commit(group);
  BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
}

chain::chain_state resumed(const store_options& options) {
  auto store = open_store(options);
  BOOST_REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().message));
  return (*store)->resume().state;
}

std::uint64_t number_of(const temporary_folder& folder, const char* query) {
  auto database = connection::open((folder.path / "blocks.sqlite").string(), open_mode::read_only);
  BOOST_REQUIRE(database.has_value());
  return std::stoull(database->text_of(query).value());
}

constexpr const char* snapshot_height = "SELECT coalesce(max(next_height), 0) FROM stake_snapshot";

} // namespace

BOOST_AUTO_TEST_SUITE(stake_rows_tests)

// Goal: after each commit a start finds the same committees, from a snapshot and the rows after it.
BOOST_AUTO_TEST_CASE(every_start_resumes_with_the_committees_of_the_last_commit) {
  const temporary_folder folder;
  const store_options options = options_for(folder);
  chain_of_bundles chain{5'000, true};
  std::uint64_t snapshots = 0, last_snapshot = 0;
  for (int file = 0; file < 10; ++file) {
    commit(options, chain.next());
    BOOST_TEST((resumed(options) == chain.state));
    auto live = reader::open(folder.path);
    BOOST_REQUIRE(live.has_value());
    BOOST_TEST((live->whole_state().value() == chain.state));
    const std::uint64_t now = number_of(folder, snapshot_height);
    snapshots += now != last_snapshot ? 1U : 0U;
    last_snapshot = now;
  }
  BOOST_TEST(snapshots >= 3U);
  BOOST_TEST(snapshots <= 8U);
}

// Goal: the committees cost at most 5 % of what is written, and the rows after a snapshot are
// bounded.
BOOST_AUTO_TEST_CASE(snapshots_come_when_they_cost_little_enough) {
  const std::uint64_t snapshot = 450'000;
  stake_progress since;
  std::uint64_t written_snapshots = 0, blocks_bytes = 0, stake_bytes = 0, most_since = 0;
  for (int block = 0; block < 50'000; ++block) {
    since.block_bytes += 37'000;
    since.stake_bytes += 700;
    blocks_bytes += 37'000;
    stake_bytes += 700;
    if (snapshot_due(since, snapshot)) {
      most_since = std::max(most_since, since.block_bytes);
      written_snapshots += snapshot;
      since = {};
    }
  }
  BOOST_TEST(written_snapshots > 0U);
  BOOST_TEST((written_snapshots + stake_bytes) * 20 <= blocks_bytes);
  BOOST_TEST(most_since <= 128 * snapshot + 37'000);
  // Where what is kept beside the blocks alone costs 5 %, snapshots still come.
  BOOST_TEST(snapshot_due({128 * snapshot, 128 * snapshot / 10}, snapshot));
  BOOST_TEST(!snapshot_due({127 * snapshot, 128 * snapshot / 10}, snapshot));
}

BOOST_AUTO_TEST_CASE(a_chain_that_is_not_followed_keeps_and_reads_nothing) {
  const temporary_folder folder;
  const store_options options = options_for(folder);
  chain_of_bundles chain{500, false};
  commit(options, chain.next());
  commit(options, chain.next());
  BOOST_TEST(resumed(options).followed.empty());
  BOOST_TEST(number_of(folder, "SELECT count(*) FROM blocks WHERE stakes IS NOT NULL") == 0U);
  BOOST_TEST(number_of(folder, snapshot_height) == 0U);
  // Where following begins in the middle, a snapshot marks the place.
  chain.follow_from_here(chain::stake::following_from_the_middle());
  commit(options, chain.next());
  BOOST_TEST((resumed(options) == chain.state));
  BOOST_TEST(number_of(folder, snapshot_height) == 150U);
}

BOOST_AUTO_TEST_CASE(a_store_that_begins_at_a_pin_follows_from_there) {
  chain_of_bundles chain{50, false}; // too little for a snapshot
  static_cast<void>(chain.next());
  const temporary_folder folder;
  store_options options = options_for(folder);
  options.identity.start_height = chain.state.start_height = chain.state.next_height;
  options.identity.start_hash = made_hash(chain.state.next_height);
  chain.follow_from_here(chain::stake::following_from_the_middle());
  commit(options, chain.next());
  BOOST_TEST((resumed(options) == chain.state));
  BOOST_TEST(number_of(folder, snapshot_height) == 0U); // the rows since the pin say it
}

BOOST_AUTO_TEST_CASE(a_store_that_begins_with_a_start_file_has_its_committees) {
  chain_of_bundles chain{500, true};
  for (int file = 0; file < 2; ++file)
    static_cast<void>(chain.next());
  const temporary_folder folder;
  store_options options = options_for(folder);
  chain.state.start_height = 100;
  options.identity.start_height = 100;
  options.begin = chain.state;
  BOOST_TEST((resumed(options) == chain.state));
  BOOST_TEST((resumed(options) == chain.state)); // as stored, too
  commit(options, chain.next());
  BOOST_TEST((resumed(options) == chain.state));
  BOOST_TEST(!chain.state.followed.empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_snapshot_or_row_is_a_damaged_store) {
  for (const char* damage :
       {"UPDATE stake_snapshot SET encoded = substr(encoded, 2)",
        "UPDATE blocks SET stakes = substr(stakes, 2) WHERE height = (SELECT max(height) FROM "
        "blocks)",
        "UPDATE stake_snapshot SET next_height = next_height - 1",
        "DELETE FROM blocks WHERE height = (SELECT max(height) FROM blocks) - 1"}) {
    const temporary_folder folder;
    const store_options options = options_for(folder);
    chain_of_bundles chain{2'000, true};
    // Until a start needs both a snapshot and rows after it.
    for (std::uint64_t at = 0; at == 0 || at == chain.state.next_height;
         at = number_of(folder, snapshot_height))
      commit(options, chain.next());
    {
      auto database =
          connection::open((folder.path / "blocks.sqlite").string(), open_mode::read_write);
      BOOST_REQUIRE(database.has_value());
      BOOST_REQUIRE(database->run(damage).has_value());
    }
    const auto opened = open_store(options);
    BOOST_TEST(!opened.has_value(), damage);
    if (!opened)
      BOOST_TEST((opened.error().code == errc::store_damaged));
  }
}

BOOST_AUTO_TEST_SUITE_END()
