#include "chain/latest.hpp"
#include "chain/start_file.hpp"
#include "runtime/commands/commands.hpp"
#include "storage/create_store.hpp"
#include "storage/reader.hpp"
#include "storage/store_lock.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/unit/runtime/made_store.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace blockferry;
using runtime::exit_code;
using test::own_folder;

const test::made_chain& whole_chain() {
  static const auto made = test::make_chain(230);
  return made;
}

exit_code export_to(const std::filesystem::path& store, const std::filesystem::path& out,
                    const std::filesystem::path& start_file = {}, std::stop_token stop = {}) {
  test::spoken said;
  const auto code =
      runtime::run_export({store, out, start_file}, {said.out, said.err}, std::move(stop));
  BOOST_TEST_MESSAGE(said.out.str() << said.err.str());
  return code;
}

exit_code verified(const std::filesystem::path& store) {
  test::spoken said;
  runtime::verify_options options;
  options.store = store;
  const auto code = runtime::run_verify(options, {said.out, said.err}, {});
  BOOST_TEST_MESSAGE(said.out.str() << said.err.str());
  return code;
}

/// The chain as a CDN's folder has it; heights before `first` are left empty.
test::made_chain chain_in(const std::filesystem::path& cdn, height_t first, height_t end) {
  test::made_chain out{whole_chain().net, std::vector<chain::byte_buffer>(first)};
  for (height_t start = first; start < end; start += 50)
    for (auto& block : kit::blocks_of(kit::read_file(
             cdn / (std::to_string(start) + "." + std::to_string(start + 50) + ".blocks"))))
      out.blocks.push_back(std::move(block));
  return out;
}

chain::chain_state start_state(const std::filesystem::path& file) {
  auto state = chain::decode_start_file(kit::read_file(file));
  BOOST_REQUIRE_MESSAGE(state, state.error());
  return *state;
}

} // namespace

BOOST_AUTO_TEST_SUITE(export_tests)

BOOST_AUTO_TEST_CASE(files_are_those_of_the_cdn_byte_for_byte) {
  const own_folder store;
  const own_folder cdn;
  test::sync(store.path(), whole_chain(), {.last = 229});
  BOOST_TEST((export_to(store.path(), cdn.path() / "new" / "folder") == exit_code::done));
  const auto folder = cdn.path() / "new" / "folder";
  for (height_t start = 0; start < 230; start += 50)
    BOOST_TEST((kit::read_file(folder / (std::to_string(start) + "." + std::to_string(start + 50) +
                                         ".blocks")) == test::file_at(whole_chain(), start)));
  BOOST_TEST(chain::parse_latest(kit::read_file(folder / "latest.json")).value() == 230u);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator{folder}, {}) == 6);
}

// Named for the bug: a start file took the place of the database, or of a device.
BOOST_AUTO_TEST_CASE(a_start_file_takes_no_place_but_that_of_a_file) {
  const own_folder store, other;
  test::sync(store.path(), whole_chain(), {.last = 99});
  const auto digest = test::folder_digest(store.path());
  std::filesystem::create_directory_symlink(store.path(), other.path() / "door");
  for (const auto* name : {"blocks.sqlite", "blocks.sqlite-journal", "lock", "./lock"})
    for (const auto& folder : {store.path(), other.path() / "door"})
      BOOST_TEST((export_to(store.path(), {}, folder / name) == exit_code::usage), name);
  BOOST_TEST((test::folder_digest(store.path()) == digest));
  std::filesystem::create_symlink("/dev/null", other.path() / "link");
  BOOST_TEST((export_to(store.path(), {}, other.path() / "link") == exit_code::storage));
  BOOST_TEST(std::filesystem::is_symlink(other.path() / "link"));
  BOOST_TEST((export_to(store.path(), {}, other.path()) == exit_code::storage));
  for (int times = 0; times < 2; ++times) // a file may be there from before
    BOOST_TEST((export_to(store.path(), {}, other.path() / "lock") == exit_code::done));
}

// Goal: what comes out can be synced from, and comes out again.
BOOST_AUTO_TEST_CASE(export_sync_export_gives_the_same_files) {
  for (const height_t last : {height_t{0}, height_t{49}, height_t{120}, height_t{229}}) {
    const own_folder first, second, cdn, again;
    test::sync(first.path(), whole_chain(), {.last = last});
    BOOST_TEST((export_to(first.path(), cdn.path()) == exit_code::done));
    test::sync(second.path(), chain_in(cdn.path(), 0, last + 1), {.last = last});
    BOOST_TEST((verified(second.path()) == exit_code::done));
    BOOST_TEST((export_to(second.path(), again.path()) == exit_code::done));
    BOOST_TEST(test::folder_digest(again.path()) == test::folder_digest(cdn.path()));
  }
}

// Goal: a built-in network's store, which keeps no file of its own, gives the CDN's bytes back.
BOOST_AUTO_TEST_CASE(mainnets_files_come_out_as_they_went_in) {
  const own_folder store, cdn;
  const auto chain = test::demonstration_chain();
  const auto last = static_cast<height_t>(chain.blocks.size() - 1);
  BOOST_REQUIRE(last >= 1000u);
  test::sync(store.path(), chain, {.last = last});
  BOOST_TEST((verified(store.path()) == exit_code::done));
  BOOST_TEST((export_to(store.path(), cdn.path()) == exit_code::done));
  for (height_t start = 0; start <= last; start += 50) {
    const auto name = std::to_string(start) + "." + std::to_string(start + 50) + ".blocks";
    BOOST_TEST((kit::read_file(cdn.path() / name) ==
                kit::read_file(BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks/" + name)));
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_and_grew_comes_out_as_it_is_recorded) {
  const own_folder store, cdn;
  test::sync(store.path(), whole_chain(), {.last = 70});
  BOOST_TEST((export_to(store.path(), cdn.path()) == exit_code::done));
  BOOST_TEST(kit::blocks_of(kit::read_file(cdn.path() / "50.100.blocks")).size() == 21u);
  BOOST_TEST(chain::parse_latest(kit::read_file(cdn.path() / "latest.json")).value() == 71u);
  test::sync(store.path(), whole_chain(), {.last = 110});
  BOOST_TEST((export_to(store.path(), cdn.path()) == exit_code::done));
  BOOST_TEST((kit::read_file(cdn.path() / "50.100.blocks") == test::file_at(whole_chain(), 50)));
  BOOST_TEST(chain::parse_latest(kit::read_file(cdn.path() / "latest.json")).value() == 111u);
}

// Goal: a start from a recent height makes every check that a sync from genesis makes.
BOOST_AUTO_TEST_CASE(a_start_file_carries_what_the_checks_need) {
  for (const height_t at : {height_t{0}, height_t{49}, height_t{127}, height_t{130}}) {
    const own_folder full, recent, files;
    const auto from_full = files.path() / "full.start";
    test::sync(full.path(), whole_chain(), {.last = at});
    BOOST_TEST((export_to(full.path(), {}, from_full) == exit_code::done));
    const auto begin = start_state(from_full);
    BOOST_TEST(begin.next_height == at + 1);
    test::sync(recent.path(), whole_chain(), {.last = 229, .begin = begin});
    BOOST_TEST((verified(recent.path()) == exit_code::done));
    test::sync(full.path(), whole_chain(), {.last = 229});
    auto one = storage::reader::open(full.path());
    auto other = storage::reader::open(recent.path());
    BOOST_REQUIRE((one && other));
    for (height_t height = at + 1; height < 230; ++height) {
      auto made = one->block_at(height).value()->record.made;
      made.remove(chain::check::genesis); // what genesis the pin descends from is not known
      BOOST_TEST((other->block_at(height).value()->record.made == made));
    }
    // Both give the same start file at the same tip.
    const auto last_of_full = files.path() / "a.start";
    const auto last_of_recent = files.path() / "b.start";
    BOOST_TEST((export_to(full.path(), {}, last_of_full) == exit_code::done));
    BOOST_TEST((export_to(recent.path(), {}, last_of_recent) == exit_code::done));
    BOOST_TEST((kit::read_file(last_of_full) == kit::read_file(last_of_recent)));
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_start_file_is_refused_by_the_first_block) {
  const own_folder full, files;
  test::sync(full.path(), whole_chain(), {.last = 130});
  BOOST_TEST((export_to(full.path(), {}, files.path() / "s") == exit_code::done));
  const auto begin = start_state(files.path() / "s");
  const auto refused = [&](auto change) {
    const own_folder at;
    auto wrong = begin;
    change(wrong);
    try {
      test::sync(at.path(), whole_chain(), {.last = 160, .begin = wrong});
    } catch (const std::runtime_error&) {
      return true;
    }
    return false;
  };
  BOOST_TEST(!refused([](chain::chain_state&) {}));
  BOOST_TEST(refused([](chain::chain_state& one) { one.peaks.back().root.bytes[0] ^= 1; }));
  BOOST_TEST(refused([](chain::chain_state& one) { one.last->block_hash.bytes[0] ^= 1; }));
  BOOST_TEST(refused([](chain::chain_state& one) { one.last_metadata->round += 1000; }));
}

BOOST_AUTO_TEST_CASE(a_store_that_begins_within_a_file_exports_from_the_next_one) {
  const own_folder store, cdn;
  test::sync(store.path(), whole_chain(),
             {.last = 229, .start = 130, .start_hash = whole_chain().hash_of(130)});
  BOOST_TEST((export_to(store.path(), cdn.path()) == exit_code::done));
  BOOST_TEST(!std::filesystem::exists(cdn.path() / "100.150.blocks"));
  BOOST_TEST((kit::read_file(cdn.path() / "150.200.blocks") == test::file_at(whole_chain(), 150)));
  const own_folder again;
  test::sync(again.path(), chain_in(cdn.path(), 150, 230),
             {.last = 229, .start = 150, .start_hash = whole_chain().hash_of(150)});
  BOOST_TEST((verified(again.path()) == exit_code::done));
}

BOOST_AUTO_TEST_CASE(a_live_store_is_exported_too) {
  const own_folder store, cdn;
  test::sync(store.path(), whole_chain(), {.last = 99});
  const auto lock = storage::store_lock::acquire(store.path());
  BOOST_REQUIRE(lock);
  BOOST_TEST((export_to(store.path(), cdn.path(), cdn.path() / "s") == exit_code::done));
  BOOST_TEST(std::filesystem::exists(cdn.path() / "latest.json"));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_with_130_and_leaves_no_unfinished_file) {
  const own_folder store, cdn;
  test::sync(store.path(), whole_chain(), {.last = 229});
  std::stop_source stop;
  stop.request_stop();
  BOOST_TEST((export_to(store.path(), cdn.path(), {}, stop.get_token()) == exit_code::interrupted));
  BOOST_TEST(std::filesystem::is_empty(cdn.path()));
}

BOOST_AUTO_TEST_CASE(damaged_bytes_are_not_exported) {
  const own_folder store, cdn;
  test::sync(store.path(), whole_chain(), {.last = 229});
  auto database = storage::connection::open((store.path() / storage::database_name).string(),
                                            storage::open_mode::read_write);
  BOOST_REQUIRE(database->run("UPDATE blocks SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) "
                              "|| x'ee' AS BLOB) WHERE height = 77"));
  BOOST_TEST((export_to(store.path(), cdn.path()) == exit_code::data_refused));
  BOOST_TEST(!std::filesystem::exists(cdn.path() / "50.100.blocks"));
  BOOST_TEST(!std::filesystem::exists(cdn.path() / "latest.json"));
}

BOOST_AUTO_TEST_CASE(where_there_is_nothing_to_export_it_says_so) {
  const own_folder store, cdn;
  BOOST_CHECK_THROW(test::sync(store.path(), whole_chain(),
                               {.last = 49, .start = 1, .start_hash = chain::hash{}}),
                    std::runtime_error);
  BOOST_TEST((export_to(store.path(), cdn.path()) == exit_code::done));
  BOOST_TEST(std::filesystem::is_empty(cdn.path()));
  BOOST_TEST((export_to(store.path(), {}, cdn.path() / "s") == exit_code::usage));
  BOOST_TEST((export_to(store.path(), {}) == exit_code::usage));
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_a_storage_error) {
  const own_folder store, cdn;
  test::sync(store.path(), whole_chain(), {.last = 49});
  std::filesystem::create_directory(cdn.path() / "s");
  BOOST_TEST((export_to(store.path(), {}, cdn.path() / "s") == exit_code::storage));
  BOOST_TEST(!std::filesystem::exists(cdn.path() / "s.new"));
}

BOOST_AUTO_TEST_SUITE_END()
