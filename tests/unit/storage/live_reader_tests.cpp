#include "store_fixture.hpp"

#include "storage/sqlite.hpp"
#include "storage/transaction.hpp"

#include <csignal>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace blockferry;
using namespace blockferry::storage;
using blockferry::test::commit;
using blockferry::test::store_fixture;

namespace {

/// Reads as fast as it can until it is killed, and says so if it finds anything but a whole prefix.
[[noreturn]] void read_for_ever(const store_fixture& fixture, int ready) {
  auto live = reader::open(fixture.options.folder);
  if (!live)
    ::_exit(2);
  height_t before = 0;
  for (bool first = true;; first = false) {
    const auto state = live->state();
    if (!state || state->state.next_height < before)
      ::_exit(3);
    before = state->state.next_height;
    if (before > 0) {
      const auto tip = live->block_at(before - 1);
      const auto by_hash = live->block_of(fixture.maker.hash_at(before - 1));
      if (!tip || !*tip || (*tip)->bytes != fixture.maker.block_at(before - 1) || !by_hash ||
          !*by_hash)
        ::_exit(4);
    }
    if (first && ::write(ready, "r", 1) != 1)
      ::_exit(5);
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_reader_tests, store_fixture)

// Goal: SQLITE_BUSY on COMMIT is no storage error: COMMIT is repeated until the reader is gone.
BOOST_AUTO_TEST_CASE(a_commit_waits_for_a_reader_and_succeeds) {
  fill(1);
  auto writer = connection::open(database.string(), open_mode::read_write);
  BOOST_REQUIRE(writer.has_value());
  auto open_transaction = transaction::begin(*writer);
  BOOST_REQUIRE(open_transaction.has_value());
  BOOST_REQUIRE(writer->run("UPDATE receipt SET detail = ''; DELETE FROM bundles"));
  auto slow = connection::open(database.string(), open_mode::read_only);
  BOOST_REQUIRE(slow->run("BEGIN; SELECT count(*) FROM blocks").has_value());
  // Gives up at every second call, so that COMMIT itself returns SQLITE_BUSY, and ends the reader
  // at the fifth.
  struct patience {
    connection& reading;
    int calls = 0;
  } counted{*slow};
  const auto handler = [](void* context, int) {
    auto& by = *static_cast<patience*>(context);
    if (++by.calls == 5)
      BOOST_REQUIRE(by.reading.run("COMMIT").has_value());
    return by.calls % 2;
  };
  sqlite3_busy_handler(writer->get(), handler, &counted);
  BOOST_TEST(open_transaction->commit().has_value());
  BOOST_TEST(counted.calls >= 5);
  BOOST_TEST(text_of("SELECT count(*) FROM bundles") == "0");
}

BOOST_AUTO_TEST_CASE(readers_in_a_loop_beside_a_writer_see_whole_prefixes_and_hold_nothing_up) {
  fill(1);
  std::array<int, 2> ready{};
  BOOST_REQUIRE(::pipe(ready.data()) == 0);
  std::array<pid_t, 2> readers{};
  for (auto& pid : readers)
    if (pid = ::fork(); pid == 0)
      read_for_ever(*this, ready[1]);
  char byte = 0;
  for (std::size_t i = 0; i < readers.size(); ++i)
    BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  {
    const auto store = open();
    for (int i = 0; i < 60; ++i)
      commit(*store, maker.next());
  }
  for (const auto pid : readers) {
    ::kill(pid, SIGKILL);
    int status = 0;
    BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
    BOOST_TEST(WIFSIGNALED(status), "a reader found something wrong: " << WEXITSTATUS(status));
  }
  ::close(ready[0]);
  ::close(ready[1]);
  BOOST_TEST((reader::open(options.folder)->state()->state == maker.state()));
}

// Goal: after a SIGKILL in the middle of commits, readers work at once, with no node between.
BOOST_AUTO_TEST_CASE(readers_work_after_a_killed_writer) {
  fill(1);
  for (int round = 0; round < 20; ++round) {
    std::array<int, 2> committed{};
    BOOST_REQUIRE(::pipe(committed.data()) == 0);
    const pid_t writer = ::fork();
    if (writer == 0) {
      const auto store = open_store(options);
      if (!store)
        ::_exit(2);
      maker.resume((*store)->resume().state, (*store)->resume().known);
      for (;;) {
        const auto bundle = maker.next();
        const std::vector<const verified_bundle*> group{&bundle};
        if (!(*store)->commit(group) || ::write(committed[1], "c", 1) != 1)
          ::_exit(3);
      }
    }
    ::close(committed[1]);
    char byte = 0;
    height_t acknowledged = 0;
    for (int i = 0; i <= round % 3; ++i)
      acknowledged += ::read(committed[0], &byte, 1) == 1 ? 50U : 0U;
    ::kill(writer, SIGKILL);
    while (::read(committed[0], &byte, 1) == 1) // those it still got to say
      acknowledged += 50;
    ::close(committed[0]);
    int status = 0;
    BOOST_REQUIRE(::waitpid(writer, &status, 0) == writer);
    BOOST_TEST(WIFSIGNALED(status));
    auto live = reader::open(options.folder);
    BOOST_REQUIRE_MESSAGE(live.has_value(), (live ? "" : live.error().message));
    const auto state = live->state();
    BOOST_REQUIRE(state.has_value());
    const height_t before = maker.state().next_height;
    BOOST_TEST(state->state.next_height >= before + acknowledged);
    BOOST_TEST(state->state.next_height <= before + acknowledged + 50);
    maker.resume(state->state, std::nullopt);
    const auto tip = live->block_at(state->state.next_height - 1);
    BOOST_REQUIRE((tip.has_value() && tip->has_value()));
    BOOST_TEST(((*tip)->bytes == maker.block_at(state->state.next_height - 1)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
