#include "store_fixture.hpp"

#include "storage/integrity.hpp"
#include "storage/sqlite.hpp"
#include "tests/unit/says.hpp"

#include <fstream>
#include <iomanip>
#include <sstream>
#include <unistd.h>

using namespace blockferry;
using namespace blockferry::storage;
using blockferry::test::changes_nothing;
using blockferry::test::commit;
using blockferry::test::says;
using blockferry::test::store_fixture;

namespace {

/// A copy of a store as it stands in the middle of a commit, journal included: what a SIGKILL
/// leaves.
void kill_in_the_middle_of_a_commit(store_fixture& fixture) {
  const auto live = fixture.options.folder;
  const auto killed = fixture.temporary.path() / "killed";
  auto writer = connection::open(fixture.database.string(), open_mode::read_write);
  BOOST_REQUIRE(writer.has_value());
  // A cache of two pages makes SQLite write, so sync the journal, long before COMMIT.
  BOOST_REQUIRE(writer->run("PRAGMA journal_mode=TRUNCATE; PRAGMA cache_size=2; BEGIN IMMEDIATE; "
                            "CREATE TABLE torn(x); UPDATE blocks SET timestamp = 0; UPDATE bundles "
                            "SET url = 'torn'; DELETE FROM hash_recent"));
  std::filesystem::copy(live, killed);
  BOOST_REQUIRE(writer->run("ROLLBACK"));
  fixture.options.folder = killed;
  fixture.database = killed / database_name;
  BOOST_REQUIRE(std::filesystem::file_size(fixture.database.string() + "-journal") > 0);
}

std::string blank(std::string bytes, std::size_t from, std::size_t to) {
  for (; from < to; ++from)
    bytes[from] = 0;
  return bytes;
}

void overwrite(const std::filesystem::path& path, std::uint64_t at, const std::string& bytes) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
}

/// While it lives, this thread's process is a user who owns nothing, if it may become one; one who
/// is not root has no rights but those that the modes give.
class without_rights {
public:
  without_rights() { BOOST_REQUIRE(::geteuid() != 0 || ::seteuid(65534) == 0); }
  ~without_rights() { BOOST_TEST((::getuid() != 0 || ::seteuid(0) == 0)); }
  without_rights(const without_rights&) = delete;
  without_rights& operator=(const without_rights&) = delete;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refused_start_tests, store_fixture)

BOOST_AUTO_TEST_CASE(a_foreign_database_is_refused_untouched) {
  std::filesystem::create_directories(options.folder);
  execute("CREATE TABLE other(x); INSERT INTO other VALUES (1)");
  changes_nothing(options.folder, [&] {
    BOOST_TEST((refused().code == errc::store_foreign));
    BOOST_TEST((reader::open(options.folder).error().code == errc::store_foreign));
    BOOST_TEST((offline_check::open(options.folder).error().code == errc::store_foreign));
  });
}

BOOST_AUTO_TEST_CASE(a_newer_store_is_refused_untouched) {
  fill(1);
  execute("PRAGMA user_version = 2");
  changes_nothing(options.folder, [&] { BOOST_TEST((refused().code == errc::store_newer)); });
}

BOOST_AUTO_TEST_CASE(another_network_is_refused_untouched) {
  fill(1);
  changes_nothing(options.folder, [&] {
    for (int field = 0; field < 3; ++field) {
      const auto saved = options.identity;
      if (field == 0)
        options.identity.network = "other";
      else if (field == 1)
        options.identity.network_id = 2;
      else
        options.identity.genesis->bytes[0] ^= 1;
      BOOST_TEST((refused().code == errc::store_other_network));
      options.identity = saved;
    }
  });
}

BOOST_AUTO_TEST_CASE(another_start_is_refused_untouched_but_no_start_given_goes_on) {
  maker = kit::bundle_maker{{.start = 50}};
  options.identity.start_height = 50;
  options.identity.start_hash = maker.hash_at(50);
  fill(1);
  const auto given = options.identity;
  changes_nothing(options.folder, [&] {
    options.identity.start_hash = maker.hash_at(51);
    BOOST_TEST((refused().code == errc::store_other_start));
    options.identity.start_height = 51;
    BOOST_TEST((refused().code == errc::store_other_start));
    // A start file says where a store begins as well.
    options.identity.start_hash.reset();
    options.begin = chain::state_before_pinned(51, maker.hash_at(51));
    BOOST_TEST((refused().code == errc::store_other_start));
    // Named for the bug: --start 0 went on with whatever there was.
    options.begin.reset();
    options.identity.start_height = 0;
    options.from_genesis = true;
    BOOST_TEST((refused().code == errc::store_other_start));
  });
  options.from_genesis = false;
  BOOST_TEST(open()->resume().state.next_height == 100U);
}

BOOST_AUTO_TEST_CASE(a_floor_above_the_records_is_refused_and_changes_nothing) {
  fill(1);
  std::filesystem::remove(options.folder / "lock"); // nor is a lock file left that was not there
  options.floor = chain::level::consensus;
  changes_nothing(options.folder, [&] { BOOST_TEST((refused().code == errc::store_below_floor)); });
  options.floor = chain::level::link;
  BOOST_TEST(open()->resume().state.next_height == 50U);
}

BOOST_AUTO_TEST_CASE(a_floor_is_held_by_every_block_not_by_the_last) {
  {
    const auto store = open();
    auto weak = maker.next();
    weak.blocks[17].record = {chain::checks_of(chain::level::link), {}};
    commit(*store, weak);
    commit(*store, maker.next());
  }
  BOOST_TEST((refused().code == errc::store_below_floor));
}

BOOST_AUTO_TEST_CASE(what_a_floor_excuses_does_not_refuse_a_start) {
  maker = kit::bundle_maker{
      {.record = {chain::checks_of(chain::level::consensus) - chain::excusable_checks(),
                  chain::excusable_checks()}}};
  fill(1);
  options.floor = chain::level::consensus;
  BOOST_TEST(open()->resume().state.next_height == 50U);
}

BOOST_AUTO_TEST_CASE(a_held_store_is_refused_untouched_and_the_holder_named) {
  fill(1);
  const auto holder = open();
  changes_nothing(options.folder, [&] {
    const auto why = refused();
    BOOST_TEST((why.code == errc::store_locked));
    BOOST_TEST(why.message.find("process " + std::to_string(::getpid())) != std::string::npos);
    BOOST_TEST((offline_check::open(options.folder).error().code == errc::store_locked));
  });
  commit(*holder, maker.next()); // which goes on unharmed
}

// Goal: damage is told, not touched, by whoever opens the store.
BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_untouched) {
  fill(3);
  const auto sound = test::facts_of(options.folder).at(database.string()).bytes;
  const std::vector<std::pair<const char*, std::function<std::string(std::string)>>> damages{
      {"empty", [](std::string) { return std::string{}; }},
      {"99 bytes", [](std::string bytes) { return bytes.substr(0, 99); }},
      {"one page", [](std::string bytes) { return bytes.substr(0, 16384); }},
      {"a byte short", [](std::string bytes) { return bytes.substr(0, bytes.size() - 1); }},
      {"zeros", [](std::string bytes) { return std::string(bytes.size(), '\0'); }},
      {"no magic",
       [](std::string bytes) {
         bytes[0] = 's';
         return bytes;
       }},
      {"a schema of zeros", [](std::string bytes) { return blank(std::move(bytes), 100, 16384); }},
      {"an identity of zeros",
       [](std::string bytes) { return blank(std::move(bytes), 16384, 2 * 16384); }}};
  for (const auto& [name, damage] : damages) {
    std::ofstream{database, std::ios::binary | std::ios::trunc} << damage(sound);
    changes_nothing(options.folder, [&, what = name] {
      BOOST_TEST((refused().code == errc::store_damaged), what);
    });
    BOOST_TEST((reader::open(options.folder).error().code == errc::store_damaged), name);
    auto check = offline_check::open(options.folder);
    BOOST_TEST((!check || !check->check_file()), name);
  }
}

BOOST_AUTO_TEST_CASE(records_that_contradict_each_other_are_damage) {
  for (const char* damage :
       {"DELETE FROM blocks WHERE height = 99", "UPDATE blocks SET height = 120 WHERE height = 99",
        "UPDATE blocks SET hash = zeroblob(32) WHERE height = 99", "DELETE FROM chain_state",
        "UPDATE chain_state SET block_count = 99", "UPDATE chain_state SET tip_height = 98",
        "UPDATE chain_state SET tip_hash = NULL", "UPDATE chain_state SET encoded = x'00'",
        "DELETE FROM identity", "DROP TABLE identity", "DROP TABLE blocks"}) {
    store_fixture fixture;
    fixture.fill(2);
    fixture.execute(damage);
    changes_nothing(fixture.options.folder,
                    [&] { BOOST_TEST((fixture.refused().code == errc::store_damaged), damage); });
  }
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_the_database_is_refused_untouched) {
  fill(1);
  const auto aside = options.folder / "aside";
  std::filesystem::rename(database, aside);
  std::filesystem::create_symlink(aside, database);
  changes_nothing(options.folder, [&] { BOOST_TEST((refused().code == errc::invalid_argument)); });
  std::filesystem::remove(database);
  std::filesystem::create_hard_link(aside, database);
  changes_nothing(options.folder, [&] {
    BOOST_TEST((refused().code == errc::invalid_argument));
    BOOST_TEST((reader::open(options.folder).error().code == errc::invalid_argument));
  });
  std::filesystem::remove(aside);
  BOOST_TEST(open()->resume().state.next_height == 50U);
}

BOOST_AUTO_TEST_CASE(a_store_that_was_killed_recovers_at_the_next_start) {
  fill(3);
  kill_in_the_middle_of_a_commit(*this);
  BOOST_TEST((open()->resume().state == maker.state()));
  BOOST_TEST(text_of("SELECT count(*) FROM blocks WHERE timestamp = 0") == "0");
  BOOST_TEST(text_of("PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(a_reader_lets_a_killed_store_recover) {
  fill(3);
  kill_in_the_middle_of_a_commit(*this);
  auto live = reader::open(options.folder);
  BOOST_REQUIRE_MESSAGE(live.has_value(), (live ? "" : live.error().message));
  BOOST_TEST((live->state()->state == maker.state()));
  BOOST_TEST(live->block_of(maker.hash_at(149)).value().has_value());
}

// Named for the bug: SQLite played the journal of another store back, and 200 blocks were gone.
BOOST_AUTO_TEST_CASE(a_journal_of_another_state_is_not_played_back) {
  fill(3);
  const auto own = std::pair{options.folder, database};
  kill_in_the_middle_of_a_commit(*this);
  const auto foreign = database.string() + "-journal";
  std::tie(options.folder, database) = own;
  fill(2);
  std::filesystem::copy_file(foreign, database.string() + "-journal",
                             std::filesystem::copy_options::overwrite_existing);
  changes_nothing(options.folder, [&] {
    BOOST_TEST((refused().code == errc::store_damaged));
    BOOST_TEST((reader::open(options.folder).error().code == errc::store_damaged));
    BOOST_TEST((offline_check::open(options.folder).error().code == errc::store_damaged));
  });
  std::filesystem::remove(database.string() + "-journal");
  BOOST_TEST((open()->resume().state == maker.state()));
}

// Named for the bug: where both stores had changed as often, 100 acknowledged blocks were gone, and
// `verify` passed.
BOOST_AUTO_TEST_CASE(a_journal_of_another_store_that_changed_as_often_is_not_played_back) {
  fill(3);
  const auto beside = database.string() + "-journal";
  const auto is_refused = [&] {
    changes_nothing(options.folder, [&] { BOOST_TEST((refused().code == errc::store_damaged)); });
  };
  for (const std::uint32_t files : {3U, 2U, 0U}) {
    store_fixture other;
    other.fill(files);
    kill_in_the_middle_of_a_commit(other);
    std::filesystem::copy_file(other.database.string() + "-journal", beside,
                               std::filesystem::copy_options::overwrite_existing);
    is_refused();
  }
  overwrite(beside, 8, std::string(4, '\0')); // no records yet, but recovery would cut the file
  is_refused();
}

// Goal: what a power cut tore in the first page is recovery's to mend, no reason to refuse.
BOOST_AUTO_TEST_CASE(a_torn_first_page_beside_a_journal_is_recovered) {
  fill(3);
  kill_in_the_middle_of_a_commit(*this);
  overwrite(database, 0, std::string(4096, 'x'));
  BOOST_TEST((open()->resume().state == maker.state()));
  BOOST_TEST(text_of("PRAGMA integrity_check") == "ok");
}

// Goal: another network, a foreign file and a newer schema are found without recovery.
BOOST_AUTO_TEST_CASE(a_killed_store_of_another_kind_is_refused_without_recovery) {
  fill(3);
  kill_in_the_middle_of_a_commit(*this);
  options.identity.network = "other";
  changes_nothing(options.folder,
                  [&] { BOOST_TEST((refused().code == errc::store_other_network)); });
}

BOOST_AUTO_TEST_CASE(a_killed_foreign_database_is_refused_without_recovery) {
  std::filesystem::create_directories(options.folder);
  execute("PRAGMA application_id = 99; CREATE TABLE blocks(timestamp); CREATE TABLE bundles(url); "
          "CREATE TABLE hash_recent(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
          "FROM n WHERE i < 9999) INSERT INTO blocks SELECT i FROM n");
  kill_in_the_middle_of_a_commit(*this);
  overwrite(database, 68, "bfry"); // torn: the journal holds what it was
  changes_nothing(options.folder, [&] { BOOST_TEST((refused().code == errc::store_foreign)); });
}

BOOST_AUTO_TEST_CASE(a_journal_whose_database_is_missing_makes_no_new_store) {
  fill(3);
  kill_in_the_middle_of_a_commit(*this);
  std::filesystem::remove(database);
  changes_nothing(options.folder, [&] { BOOST_TEST((refused().code == errc::store_damaged)); });
  std::filesystem::resize_file(database.string() + "-journal", 0); // of a commit that ended
  BOOST_TEST(open()->resume().state.next_height == 0U);
}

BOOST_AUTO_TEST_CASE(what_a_killed_first_start_left_is_replaced) {
  std::filesystem::create_directories(options.folder);
  std::ofstream{database.string() + ".new"} << "half a store";
  BOOST_TEST(open()->resume().state.next_height == 0U);
  BOOST_TEST(!std::filesystem::exists(database.string() + ".new"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_or_written_is_an_error_of_its_own) {
  std::ofstream{temporary.path() / "file"} << "no folder";
  options.folder = temporary.path() / "file" / "store";
  const auto why = refused();
  BOOST_TEST((why.code == errc::store_io));
  BOOST_TEST(why.message.find("file") != std::string::npos);
  options.folder = "/proc/blockferry";
  BOOST_TEST(says(refused().message, "name another folder with --store"), refused().message);
}

// Named for the bug: a user without rights was told to see to the disk.
BOOST_AUTO_TEST_CASE(a_user_without_rights_is_told_of_rights) {
  fill(1);
  const auto refused_to_all = [&] {
    const without_rights nobody;
    for (const auto& why : {refused(), reader::open(options.folder).error()}) {
      BOOST_TEST((why.code == errc::store_io));
      BOOST_TEST(says(why.message, "This user may not do that there"), why.message);
      BOOST_TEST(!says(why.message, "see to the disk"), why.message);
    }
  };
  using std::filesystem::perms;
  std::filesystem::permissions(temporary.path(), perms::none);
  refused_to_all();
  std::filesystem::permissions(temporary.path(), perms::owner_all | perms::others_exec);
  std::filesystem::permissions(options.folder, perms::none);
  refused_to_all();
  // A folder and a database that others may read, with another user's lock.
  std::filesystem::permissions(options.folder,
                               perms::owner_all | perms::others_read | perms::others_exec);
  std::filesystem::permissions(database, perms::owner_read | perms::others_read);
  std::filesystem::permissions(options.folder / "lock", perms::owner_read);
  const without_rights nobody;
  BOOST_TEST(says(refused().message, "This user may not do that there"), refused().message);
}

// Named for the mutant that nobody saw: the tip row, the last block and the count of blocks agree,
// and the next height is one too far.
BOOST_AUTO_TEST_CASE(a_state_that_skips_a_height_is_damage) {
  fill(1);
  auto state = open()->resume().state;
  ++state.next_height;
  std::ostringstream sql;
  sql << "UPDATE chain_state SET block_count = block_count + 1, encoded = X'" << std::hex
      << std::setfill('0');
  for (const auto byte : chain::encode(state))
    sql << std::setw(2) << unsigned{byte};
  sql << "'";
  execute(sql.str().c_str());
  BOOST_TEST((refused().code == errc::store_damaged));
  BOOST_TEST(says(refused().message, "disagree on whether there is a tip"), refused().message);
}

BOOST_AUTO_TEST_SUITE_END()
