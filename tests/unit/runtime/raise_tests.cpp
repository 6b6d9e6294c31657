#include "chain/start_file.hpp"
#include "runtime/commands/commands.hpp"
#include "storage/create_store.hpp"
#include "storage/integrity.hpp"
#include "storage/reader.hpp"
#include "storage/record_raise.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/unit/runtime/made_store.hpp"

#include <boost/test/unit_test.hpp>
#include <tuple>

namespace {

using namespace blockferry;
using runtime::exit_code;
using test::own_folder;

const test::made_chain& chain_of_620() {
  static const auto made = test::make_chain(620);
  return made;
}

exit_code raise(const std::filesystem::path& folder, std::optional<chain::level> level = {},
                std::stop_token stop = {}) {
  test::spoken said;
  runtime::verify_options options;
  options.store = folder;
  options.raise_to = level;
  options.workers = 2;
  const auto code = runtime::run_verify(options, {said.out, said.err}, std::move(stop));
  BOOST_TEST_MESSAGE(said.out.str() << said.err.str());
  return code;
}

/// Everything that a sync leaves of a chain, but for times and URLs.
struct left_behind {
  chain::hash content;
  storage::state_row row;
  chain::chain_state state;
};

left_behind left_in(const std::filesystem::path& folder) {
  left_behind out;
  {
    auto store = storage::reader::open(folder);
    BOOST_REQUIRE(store);
    out.row = store->state().value();
    out.state = store->whole_state().value();
  }
  auto check = storage::offline_check::open(folder);
  BOOST_REQUIRE(check);
  out.content = check->content_digest().value();
  return out;
}

/// What a statement says of the file of a store at rest.
std::string text_of(const std::filesystem::path& folder, const char* query) {
  const auto file = (folder / storage::database_name).string();
  auto database = storage::connection::open(file, storage::open_mode::read_only, {});
  BOOST_REQUIRE(database);
  return database->text_of(query).value();
}

bool is_being_raised(const std::filesystem::path& folder) {
  return text_of(folder, "SELECT count(*) FROM raising") == "1";
}

void check_same(const left_behind& one, const left_behind& other) {
  BOOST_TEST((one.content == other.content));
  BOOST_TEST((one.state == other.state));
  BOOST_TEST((one.row.covered == other.row.covered));
  BOOST_TEST((one.row.unmade == other.row.unmade));
  BOOST_TEST(one.row.block_count == other.row.block_count);
  BOOST_TEST(one.row.clean == other.row.clean);
}

} // namespace

BOOST_AUTO_TEST_SUITE(raise_tests)

// Goal: verify --level L leaves exactly what sync --verify L leaves.
BOOST_AUTO_TEST_CASE(raising_leaves_what_a_sync_at_that_level_leaves) {
  for (const auto& [start, last] : {std::pair{0U, 619U}, {0U, 119U}, {130U, 619U}}) {
    const own_folder raised, synced;
    const auto pin = start == 0 ? std::nullopt : std::optional{chain_of_620().hash_of(start)};
    test::sync(raised.path(), chain_of_620(),
               {.floor = chain::level::link, .last = last, .start = start, .start_hash = pin});
    test::sync(synced.path(), chain_of_620(),
               {.floor = chain::level::header, .last = last, .start = start, .start_hash = pin});
    BOOST_TEST((raise(raised.path(), chain::level::header) == exit_code::done));
    check_same(left_in(raised.path()), left_in(synced.path()));
    BOOST_TEST((raise(raised.path()) == exit_code::done));
    // And the next sync goes on at the higher floor.
    if (last == 119)
      test::sync(raised.path(), chain_of_620(), {.floor = chain::level::header, .last = 200});
  }
}

// The same with bodies, committees and certificates, from each level to each higher one.
BOOST_AUTO_TEST_CASE(raising_follows_the_committees_as_a_sync_does) {
  static const auto chain = test::make_quorum_chain(70);
  using enum chain::level;
  for (const auto& [from, to, start] : {std::tuple{link, consensus, 0U},
                                        {header, consensus, 0U},
                                        {header, content, 0U},
                                        {consensus, content, 0U},
                                        {header, consensus, 20U}}) {
    const own_folder raised, synced;
    const auto pin = start == 0 ? std::nullopt : std::optional{chain.hash_of(start)};
    test::sync(raised.path(), chain,
               {.floor = from, .last = 59, .start = start, .start_hash = pin});
    test::sync(synced.path(), chain, {.floor = to, .last = 59, .start = start, .start_hash = pin});
    BOOST_TEST((raise(synced.path()) == exit_code::done));
    BOOST_TEST((raise(raised.path(), to) == exit_code::done));
    const auto as_synced = left_in(synced.path());
    check_same(left_in(raised.path()), as_synced);
    // A start has nothing to replay.
    BOOST_TEST(text_of(raised.path(), "SELECT next_height FROM stake_snapshot") == "60");
    BOOST_TEST(!as_synced.state.followed.empty());
    BOOST_TEST((raise(raised.path()) == exit_code::done));
    test::sync(raised.path(), chain, {.floor = to, .last = 69});
    test::sync(synced.path(), chain, {.floor = to, .last = 69});
    check_same(left_in(raised.path()), left_in(synced.path()));
  }
}

// Goal: a start file carries the committees; nothing is left unmade but genesis.
BOOST_AUTO_TEST_CASE(a_start_from_a_recent_height_follows_the_committees_on) {
  static const auto chain = test::make_quorum_chain(70);
  const own_folder full, recent, files;
  test::sync(full.path(), chain, {.floor = chain::level::consensus, .last = 40});
  test::spoken said;
  BOOST_REQUIRE((runtime::run_export({full.path(), {}, files.path() / "s"}, {said.out, said.err},
                                     {}) == exit_code::done));
  auto begin = chain::decode_start_file(kit::read_file(files.path() / "s"));
  BOOST_REQUIRE(begin);
  test::sync(full.path(), chain, {.floor = chain::level::consensus, .last = 69});
  test::sync(recent.path(), chain, {.floor = chain::level::consensus, .last = 69, .begin = *begin});
  BOOST_TEST((raise(recent.path()) == exit_code::done));
  const auto one = left_in(full.path());
  const auto other = left_in(recent.path());
  BOOST_TEST((other.state.followed == one.state.followed));
  auto unmade = one.row.unmade;
  unmade.add(chain::check::genesis);
  BOOST_TEST((other.row.unmade == unmade));
}

BOOST_AUTO_TEST_CASE(raising_what_is_there_already_changes_nothing) {
  const own_folder at;
  test::sync(at.path(), chain_of_620(), {.floor = chain::level::header, .last = 619});
  const auto before = left_in(at.path());
  BOOST_TEST((raise(at.path(), chain::level::header) == exit_code::done));
  BOOST_TEST((raise(at.path(), chain::level::link) == exit_code::done));
  check_same(left_in(at.path()), before);
}

BOOST_AUTO_TEST_CASE(raising_a_store_of_mixed_levels_lowers_none) {
  const own_folder mixed, synced;
  test::sync(mixed.path(), chain_of_620(), {.floor = chain::level::header, .last = 75});
  test::sync(mixed.path(), chain_of_620(), {.floor = chain::level::link, .last = 610});
  test::sync(mixed.path(), chain_of_620(), {.floor = chain::level::link, .last = 619});
  test::sync(synced.path(), chain_of_620(), {.floor = chain::level::header, .last = 619});
  BOOST_TEST((raise(mixed.path(), chain::level::link) == exit_code::done));
  BOOST_TEST((raise(mixed.path(), chain::level::header) == exit_code::done));
  check_same(left_in(mixed.path()), left_in(synced.path()));
}

// Goal: a raise that is cut off leaves a whole store, for `verify`, for a node, and for a raise.
// Method: every record as a raise would leave it, without its end: the state says less than all.
BOOST_AUTO_TEST_CASE(a_raise_that_was_cut_off_can_be_gone_on_with) {
  const own_folder cut, synced;
  test::sync(cut.path(), chain_of_620(), {.floor = chain::level::link, .last = 619});
  test::sync(synced.path(), chain_of_620(), {.floor = chain::level::header, .last = 619});
  {
    auto from = storage::reader::open(synced.path());
    auto raise = storage::record_raise::open(cut.path());
    BOOST_REQUIRE((from && raise));
    std::vector<storage::raised_record> records;
    for (height_t height = 0; height < 620; ++height)
      records.push_back({height, from->block_at(height).value()->record, {}});
    BOOST_REQUIRE(raise->add(std::move(records)));
    BOOST_REQUIRE(raise->add({})); // commits the group before
  }
  BOOST_TEST(is_being_raised(cut.path()));
  BOOST_TEST((raise(cut.path()) == exit_code::done));
  BOOST_TEST((raise(cut.path(), chain::level::header) == exit_code::done));
  BOOST_TEST(!is_being_raised(cut.path()));
  check_same(left_in(cut.path()), left_in(synced.path()));
  BOOST_TEST((raise(cut.path()) == exit_code::done));
}

BOOST_AUTO_TEST_CASE(an_interrupted_raise_ends_with_130_and_raises_nothing_wrong) {
  const own_folder at;
  test::sync(at.path(), chain_of_620(), {.floor = chain::level::link, .last = 119});
  std::stop_source stop;
  stop.request_stop();
  BOOST_TEST((raise(at.path(), chain::level::header, stop.get_token()) == exit_code::interrupted));
  BOOST_TEST((raise(at.path()) == exit_code::done));
}

// A body that `link` let pass and `header` does not.
BOOST_AUTO_TEST_CASE(a_block_that_does_not_reach_the_level_is_named_and_the_rest_stays) {
  auto forged = chain_of_620();
  forged.blocks[119][200] ^= 1; // a root in the header of the last block: only its hash says so
  const own_folder at;
  test::sync(at.path(), forged, {.floor = chain::level::link, .last = 119});
  BOOST_TEST((raise(at.path()) == exit_code::done));
  const auto before = left_in(at.path());
  test::spoken said;
  runtime::verify_options options;
  options.store = at.path();
  options.raise_to = chain::level::header;
  BOOST_TEST((runtime::run_verify(options, {said.out, said.err}, {}) == exit_code::data_refused));
  BOOST_TEST(said.err.str().find("block 119 does not reach the level 'header'") !=
             std::string::npos);
  BOOST_TEST(said.err.str().find("Restore") == std::string::npos);
  check_same(left_in(at.path()), before);
}

BOOST_AUTO_TEST_SUITE_END()
