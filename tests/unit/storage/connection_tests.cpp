#include "store_fixture.hpp"

#include "storage/open_checks.hpp"
#include "storage/raw_file.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>

using namespace blockferry;
using namespace blockferry::storage;
using blockferry::test::store_fixture;

BOOST_FIXTURE_TEST_SUITE(connection_tests, store_fixture)

BOOST_AUTO_TEST_CASE(errors_are_classed_by_extended_code_and_errno) {
  BOOST_TEST((classify(SQLITE_FULL, 0) == errc::store_full));
  for (const int no_room : {ENOSPC, EDQUOT, EFBIG}) {
    for (const int code : {SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_TRUNCATE,
                           SQLITE_CANTOPEN, SQLITE_IOERR})
      BOOST_TEST((classify(code, no_room) == errc::store_full), code);
    BOOST_TEST((classify(SQLITE_BUSY, no_room) == errc::store_io));
  }
  for (const int code :
       {SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_CANTOPEN, SQLITE_BUSY, SQLITE_NOMEM,
        SQLITE_READONLY, SQLITE_PERM, SQLITE_INTERRUPT, SQLITE_PROTOCOL, SQLITE_LOCKED})
    BOOST_TEST((classify(code, EIO) == errc::store_io), code);
  for (const int code : {SQLITE_CORRUPT, SQLITE_CORRUPT_VTAB, SQLITE_NOTADB, SQLITE_ERROR,
                         SQLITE_CONSTRAINT_CHECK, SQLITE_MISMATCH, SQLITE_TOOBIG})
    BOOST_TEST((classify(code, 0) == errc::store_damaged), code);
}

BOOST_AUTO_TEST_CASE(an_error_names_cause_consequence_and_next_step) {
  const auto full = failure_of(SQLITE_IOERR_WRITE, ENOSPC, "COMMIT");
  BOOST_TEST(full.message == "COMMIT: disk I/O error (SQLite 778, No space left on device). The "
                             "store is whole and ends at the last commit: free some space and "
                             "start again.");
  // Named for the bug: who had reached a limit of file size was told to free space.
  const auto large = failure_of(SQLITE_IOERR_WRITE, EFBIG, "COMMIT");
  BOOST_TEST((large.code == errc::store_full));
  BOOST_TEST(large.message.find("ulimit -f") != std::string::npos);
  BOOST_TEST(large.message.find("free some space") == std::string::npos);
  const auto denied = failure_of(SQLITE_CANTOPEN, EACCES, "opening /a/b", "unable to open");
  BOOST_TEST(denied.message ==
             "opening /a/b: Permission denied. This user may not do that there: see to the owner "
             "and mode of the folder and its files, or name another folder with --store.");
  for (const int error : {EACCES, EPERM, EROFS, ENOENT, ENOTDIR})
    for (const int code : {SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_IOERR_DELETE}) {
      const auto why = failure_of(code, error, "x");
      BOOST_TEST((why.code == errc::store_io));
      BOOST_TEST(why.message.find("name another folder with --store") != std::string::npos);
      BOOST_TEST(why.message.find("disk") == std::string::npos, why.message);
    }
  BOOST_TEST(failure_of(SQLITE_IOERR, EIO, "x").message.find("see to the disk") !=
             std::string::npos);
  BOOST_TEST((failure_of(SQLITE_CORRUPT, EACCES, "x").code == errc::store_damaged));
  BOOST_TEST(failure_of(SQLITE_CORRUPT, ENOSPC, "x").message.find("No space") ==
             std::string::npos); // an errno of something before
}

BOOST_AUTO_TEST_CASE(every_connection_is_hardened) {
  fill(1);
  for (const auto mode : {open_mode::read_write, open_mode::read_only, open_mode::immutable}) {
    auto on = connection::open(database.string(), mode);
    BOOST_REQUIRE(on.has_value());
    for (const auto& [option, expected] :
         {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
          std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
          std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}}) {
      int is = -1;
      sqlite3_db_config(on->get(), option, -1, &is);
      BOOST_TEST(is == expected);
    }
    for (const auto& [limit, most] :
         {std::pair{SQLITE_LIMIT_LENGTH, 80'000'000}, std::pair{SQLITE_LIMIT_SQL_LENGTH, 100'000},
          std::pair{SQLITE_LIMIT_COLUMN, 100}, std::pair{SQLITE_LIMIT_EXPR_DEPTH, 10},
          std::pair{SQLITE_LIMIT_COMPOUND_SELECT, 3}, std::pair{SQLITE_LIMIT_VDBE_OP, 25'000},
          std::pair{SQLITE_LIMIT_ATTACHED, 0}, std::pair{SQLITE_LIMIT_VARIABLE_NUMBER, 50},
          std::pair{SQLITE_LIMIT_TRIGGER_DEPTH, 10}})
      BOOST_TEST(sqlite3_limit(on->get(), limit, -1) == most);
    BOOST_TEST(on->text_of("PRAGMA mmap_size").value() == "0");
    BOOST_TEST(on->text_of("PRAGMA cell_size_check").value() == "1");
    BOOST_TEST(!on->run("ATTACH ':memory:' AS other").has_value());
    BOOST_TEST(!on->text_of("SELECT 1+(1+(1+(1+(1+(1+(1+(1+(1+(1+1)))))))))").has_value());
    BOOST_TEST(on->text_of("SELECT 1+(1+(1+(1+(1+(1+1)))))").has_value());
    // DEFENSIVE: the schema table is out of reach whoever asks.
    BOOST_TEST(!on->run("PRAGMA writable_schema=ON; DELETE FROM sqlite_schema").has_value());
    // The heap's limit is the process's, and so its host's: see storage/README.md.
    BOOST_TEST(on->text_of("PRAGMA hard_heap_limit").value() == "0");
  }
}

BOOST_AUTO_TEST_CASE(the_versions_with_the_wal_reset_bug_are_known) {
  for (const int with :
       {3'007'000, 3'040'001, 3'044'005, 3'045'000, 3'050'006, 3'051'000, 3'051'002})
    BOOST_TEST(has_wal_reset_bug(with), with);
  for (const int without : {3'006'023, 3'044'006, 3'044'999, 3'050'007, 3'051'003, 3'052'000})
    BOOST_TEST(!has_wal_reset_bug(without), without);
  BOOST_TEST(wal_reset_status(3'040'001).starts_with("with the WAL-reset bug, which"));
  BOOST_TEST(wal_reset_status(3'051'003) == "without the WAL-reset bug");
  BOOST_TEST(sqlite_version_number() == SQLITE_VERSION_NUMBER);
}

BOOST_AUTO_TEST_CASE(a_reading_connection_runs_nothing_but_queries) {
  fill(1);
  auto on = connection::open(database.string(), open_mode::read_only);
  BOOST_TEST(on->text_of("SELECT count(*) FROM blocks").value() == "50");
  for (const char* sql : {"DELETE FROM blocks", "CREATE TABLE x(y)", "CREATE TEMP TABLE x(y)",
                          "VACUUM INTO 'elsewhere'", "DROP TABLE blocks"})
    BOOST_TEST(!on->run(sql).has_value(), sql);
}

BOOST_AUTO_TEST_CASE(durability_is_set_and_read_back) {
  fill(1);
  auto on = connection::open(database.string(), open_mode::read_write);
  BOOST_REQUIRE(set_durability(*on).has_value());
  BOOST_TEST(on->text_of("PRAGMA journal_mode").value() == "truncate");
  BOOST_TEST(on->text_of("PRAGMA synchronous").value() == "2");
  // Inside a transaction neither can be changed.
  auto off = connection::open(database.string(), open_mode::read_write);
  BOOST_REQUIRE(off->run("PRAGMA synchronous=OFF; BEGIN; SELECT 1 FROM blocks").has_value());
  BOOST_TEST(!set_durability(*off).has_value());
}

BOOST_AUTO_TEST_CASE(paths_may_hold_any_character) {
  for (const char* name : {"a b", "100%", "what?", "#1", "a%20b", "ä", "a?immutable=1"}) {
    store_fixture fixture;
    fixture.options.folder = fixture.temporary.path() / name;
    fixture.database = fixture.options.folder / database_name;
    fixture.fill(1);
    BOOST_TEST(std::filesystem::exists(fixture.database), name);
    BOOST_TEST(reader::open(fixture.options.folder).has_value(), name);
  }
  store_fixture slashes;
  slashes.options.folder = "//" + (slashes.temporary.path() / "store").string();
  slashes.fill(1);
}

BOOST_AUTO_TEST_CASE(a_statement_tells_what_was_bound_wrongly) {
  fill(1);
  auto on = connection::open(database.string(), open_mode::read_write);
  auto query = statement::prepare(*on, "SELECT ?1");
  BOOST_TEST(!query->bind(2, std::int64_t{1}).step().has_value());
  BOOST_TEST(query->bind(1, std::int64_t{1}).step().value()); // and works again after it
  BOOST_TEST(!statement::prepare(*on, "SELECT nothing FROM nowhere").has_value());
}

// Goal: looking at a store never drops the locks of a node in the same process, as closing any
// other descriptor of the file would.
BOOST_AUTO_TEST_CASE(a_look_at_the_file_keeps_the_locks_of_this_process) {
  fill(1);
  auto writer = connection::open(database.string(), open_mode::read_write);
  BOOST_REQUIRE(writer->run("BEGIN IMMEDIATE").has_value());
  BOOST_TEST(check_before_lock(options.folder, {options.identity}, *options.files).has_value());
  BOOST_REQUIRE(raw_file::open(database.string(), {}).has_value());
  static_cast<void>(reader::open(options.folder));
  // Another process asks for SQLite's RESERVED byte (https://sqlite.org/src, os_unix.c).
  constexpr off_t reserved_byte = 0x40000000 + 1;
  const int descriptor = ::open(database.c_str(), O_RDWR | O_CLOEXEC);
  struct flock wish {};
  wish.l_type = F_WRLCK;
  wish.l_start = reserved_byte;
  wish.l_len = 1;
  // An open file description's lock meets those of processes, this one's included.
  BOOST_TEST(::fcntl(descriptor, F_OFD_GETLK, &wish) == 0);
  BOOST_TEST(wish.l_type == F_WRLCK);
  ::close(descriptor);
}

BOOST_AUTO_TEST_SUITE_END()
