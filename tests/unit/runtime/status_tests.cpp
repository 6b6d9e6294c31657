#include "chain/name.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/status_socket.hpp"
#include "storage/create_store.hpp"
#include "storage/sqlite.hpp"
#include "storage/store_lock.hpp"
#include "tests/unit/runtime/made_store.hpp"
#include "tests/unit/says.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace blockferry;
using runtime::exit_code;
using test::own_folder;

const test::made_chain& chain_of_120() {
  static const auto made = test::make_chain(120);
  return made;
}

/// A store that this process holds as a node does.
struct held_store : own_folder {
  held_store() {
    test::sync(path(), chain_of_120(), {.last = 99});
    auto taken = storage::store_lock::acquire(path());
    BOOST_REQUIRE(taken);
    lock.emplace(std::move(*taken));
    lock->name_holder();
  }
  std::optional<storage::store_lock> lock;
};

nlohmann::json status_of(const std::filesystem::path& folder) {
  test::spoken said;
  const auto code = runtime::run_status({folder, true}, {said.out, said.err});
  BOOST_REQUIRE_MESSAGE(code == exit_code::done, said.err.str());
  return nlohmann::json::parse(said.out.str());
}

std::string status_text(const std::filesystem::path& folder) {
  test::spoken said;
  BOOST_TEST((runtime::run_status({folder, false}, {said.out, said.err}) == exit_code::done));
  return said.out.str();
}

/// A writer that is killed within a transaction whose pages are partly in the file.
void kill_a_writer(const std::filesystem::path& folder) {
  const auto child = ::fork();
  if (child == 0) {
    auto database = storage::connection::open((folder / storage::database_name).string(),
                                              storage::open_mode::read_write);
    const auto done = database->run("PRAGMA journal_mode=TRUNCATE; PRAGMA cache_size=1; BEGIN; "
                                    "UPDATE blocks SET timestamp = 5; DELETE FROM bundles");
    ::kill(::getpid(), SIGKILL);
    ::_exit(done ? 0 : 1);
  }
  int how = 0;
  ::waitpid(child, &how, 0);
  BOOST_REQUIRE(WIFSIGNALED(how));
  BOOST_REQUIRE(std::filesystem::file_size(folder / "blocks.sqlite-journal") > 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_tests)

BOOST_AUTO_TEST_CASE(a_store_that_was_never_stopped_is_not_called_stopped_clean) {
  const own_folder at;
  storage::store_options options;
  options.folder = at.path() / "store";
  options.identity.network = "made";
  auto store = storage::open_store(options);
  BOOST_REQUIRE(store);
  BOOST_TEST(test::says(status_text(options.folder), ", no receipt yet"));
  BOOST_REQUIRE((*store)->mark_clean({}, {}, [](drain_receipt&) {}));
  store->reset();
  BOOST_TEST(test::says(status_text(options.folder), "stopped clean"));
}

BOOST_AUTO_TEST_CASE(a_store_at_rest_is_described) {
  const own_folder at;
  test::sync(at.path(), chain_of_120(), {.last = 99});
  const auto said = status_of(at.path());
  BOOST_TEST(said["network"] == "made");
  BOOST_TEST(said["state"] == "stopped");
  BOOST_TEST(said["start_height"] == 0);
  BOOST_TEST(said["height"] == 99);
  BOOST_TEST(said["hash"] == chain::block_name(chain_of_120().hash_of(99)));
  BOOST_TEST(said["level"] == "header");
  BOOST_TEST(said["blocks"] == 100);
  BOOST_TEST(said["clean"] == true);
  BOOST_TEST(said["store_id"].get<std::string>().size() == 32u);
  for (const auto* name : {"fetched", "verified", "committed"})
    BOOST_TEST(said.contains(name));
  BOOST_TEST(said["node"].is_null());
  const auto text = status_text(at.path());
  BOOST_TEST(test::says(text, "heights 0 to 99"));
  BOOST_TEST(test::says(text, "last run      "), text); // a node at rest has no run of its own
  BOOST_TEST(!test::says(text.substr(0, text.find("last receipt")), "this run"), text);
}

BOOST_AUTO_TEST_CASE(checks_that_were_not_made_are_shown) {
  const own_folder at;
  test::sync(at.path(), chain_of_120(),
             {.last = 99, .start = 60, .start_hash = chain_of_120().hash_of(60)});
  const auto said = status_of(at.path());
  BOOST_TEST(said["start_height"] == 60);
  BOOST_TEST(test::says(said["unmade"].dump(), "state_root"));
  BOOST_TEST(test::says(status_text(at.path()), "state_root"));
}

// Named for the gap: the reason why committees are unknown was in the store and shown nowhere.
BOOST_AUTO_TEST_CASE(whether_committees_are_known_and_why_not_is_shown) {
  const auto made = test::make_quorum_chain(12);
  const auto shown = [&](const test::sync_plan& plan) {
    const own_folder at;
    test::sync(at.path(), made, plan);
    return std::pair{status_of(at.path())["committees"], status_text(at.path())};
  };
  auto [said, text] = shown({.floor = chain::level::consensus, .last = 11});
  BOOST_TEST(said["state"] == "followed");
  BOOST_TEST(said["reason"].is_null());
  BOOST_TEST(test::says(text, "committees    followed to the tip\n"), text);

  std::tie(said, text) = shown({.last = 11});
  BOOST_TEST(said["state"] == "not_followed");
  BOOST_TEST(said["reason"].is_null());
  BOOST_TEST(test::says(text, "committees    not followed"), text);

  std::tie(said, text) = shown(
      {.floor = chain::level::consensus, .last = 11, .start = 4, .start_hash = made.hash_of(4)});
  BOOST_TEST(said["state"] == "unknown");
  BOOST_TEST(said["reason"] == "the chain was entered after genesis");
  BOOST_TEST(test::says(text, "committees    unknown: the chain was entered after genesis\n"),
             text);
}

BOOST_AUTO_TEST_CASE(committees_that_cannot_be_read_hide_nothing_else) {
  const own_folder at;
  test::sync(at.path(), test::make_quorum_chain(12),
             {.floor = chain::level::consensus, .last = 11});
  {
    auto database = storage::connection::open((at.path() / storage::database_name).string(),
                                              storage::open_mode::read_write);
    BOOST_REQUIRE(database);
    BOOST_REQUIRE(database->run("UPDATE stake_snapshot SET encoded = x'00'"));
  }
  const auto said = status_of(at.path());
  BOOST_TEST(said["height"] == 11);
  BOOST_TEST(said["committees"]["state"] == "unknown");
  BOOST_TEST(!said["committees"]["reason"].get<std::string>().empty());
}

BOOST_AUTO_TEST_CASE(a_node_that_holds_the_store_is_asked) {
  const held_store at;
  const auto server = runtime::status_server::start(at.path(), [] {
    return std::string{R"({"state":"syncing","fetched":7,"verified":6,"committed":5})"};
  });
  BOOST_REQUIRE(server);
  const auto said = status_of(at.path());
  BOOST_TEST(said["state"] == "syncing");
  BOOST_TEST(said["fetched"] == 7);
  BOOST_TEST(said["verified"] == 6);
  BOOST_TEST(said["committed"] == 5);
  BOOST_TEST(said["node"]["state"] == "syncing");
  BOOST_TEST(said["committees"].is_null()); // their many rows would hold up its commits
  BOOST_TEST(test::says(status_text(at.path()), "committees    not told"));
  BOOST_TEST(
      test::says(said["holder"].get<std::string>(), "process " + std::to_string(::getpid())));
  BOOST_TEST(test::says(status_text(at.path()), "syncing"));
}

// Goal: a node is asked for what would be too much to read beside it; what it says may be anything.
BOOST_AUTO_TEST_CASE(a_live_node_tells_whether_it_knows_the_committees) {
  const held_store at;
  std::string answer;
  const auto server = runtime::status_server::start(at.path(), [&] { return answer; });
  BOOST_REQUIRE(server);
  answer = R"({"committees":{"state":"unknown","reason":"lost at 7"}})";
  BOOST_TEST(status_of(at.path())["committees"]["reason"] == "lost at 7");
  BOOST_TEST(test::says(status_text(at.path()), "committees    unknown: lost at 7\n"));
  answer = R"({"committees":{"state":"followed","reason":null}})";
  BOOST_TEST(test::says(status_text(at.path()), "committees    followed to the tip\n"));
  for (const auto* odd : {R"({"committees":7})", R"({"committees":{}})",
                          R"({"committees":{"state":"unknown","reason":[]}})"}) {
    answer = odd;
    BOOST_TEST(test::says(status_text(at.path()), "committees    "), odd);
  }
}

// Named for the bug: "good, Connection refused".
BOOST_AUTO_TEST_CASE(a_failure_that_is_over_is_told_as_one) {
  const held_store at;
  const auto server = runtime::status_server::start(at.path(), [] {
    return std::string{R"({"mirrors":[{"url":"a","health":"good","reason":"no answer"},)"
                       R"({"url":"b","health":"failing","reason":"status 500"},)"
                       R"({"url":"c","health":"good","reason":""},{"url":"d"}]})"};
  });
  BOOST_REQUIRE(server);
  const auto text = status_text(at.path());
  BOOST_TEST(test::says(text, "a: good; the last failure was: no answer\n"), text);
  BOOST_TEST(test::says(text, "b: failing, status 500\n"), text);
  BOOST_TEST(test::says(text, "c: good\n"), text);
  BOOST_TEST(test::says(text, "d: unknown\n"), text);
}

// Named for the bug: less than 1 MB/s was shown as none at all.
BOOST_AUTO_TEST_CASE(rates_and_the_time_left_are_shown_in_units_that_fit) {
  const held_store at;
  std::string answer;
  const auto server = runtime::status_server::start(at.path(), [&] { return answer; });
  BOOST_REQUIRE(server);
  answer = R"({"state":"syncing","blocks_per_second":25.4,"bytes_per_second":512300,)"
           R"("eta_seconds":3725})";
  auto text = status_text(at.path());
  BOOST_TEST(test::says(text, "speed         25 blocks/s, 512 KB/s\n"), text);
  BOOST_TEST(test::says(text, "time left     1h02m\n"), text);
  answer = R"({"state":"stalled","blocks_per_second":null,"eta_seconds":-1e300,)"
           R"("stalled":{"file_start":50,"url":"http://a/50","message":"no answer"}})";
  text = status_text(at.path());
  BOOST_TEST(test::says(text, "speed         unknown blocks/s, unknown/s\n"), text);
  BOOST_TEST(test::says(text, "time left     unknown\n"), text);
  BOOST_TEST(test::says(text, "stalled       file 50 from http://a/50: no answer\n"), text);
}

BOOST_AUTO_TEST_CASE(a_silent_node_is_shown_as_silent) {
  const held_store at;
  BOOST_TEST(status_of(at.path())["state"] == "silent"); // no socket at all
  const auto server =
      runtime::status_server::start(at.path(), [] { return std::string{"no object"}; });
  BOOST_REQUIRE(server);
  const auto said = status_of(at.path());
  BOOST_TEST(said["state"] == "silent");
  BOOST_TEST(said["fetched"].is_null());
  BOOST_TEST(test::says(status_text(at.path()), "says nothing"));
  BOOST_TEST(test::says(status_text(at.path()), "this run      unknown fetched"));
}

/// What `status` says to a user who is not the node's; `of_another` goes on as one, and only then.
int as_another_user(const std::function<int()>& of_another) {
  const auto child = ::fork();
  if (child == 0) {
    constexpr uid_t nobody = 65534;
    ::_exit(::geteuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0 ? 2 : of_another());
  }
  int how = 0;
  ::waitpid(child, &how, 0);
  return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

// Named for the bug: who may read the store, but not ask the node, was told of a silent node.
BOOST_AUTO_TEST_CASE(a_node_that_this_user_may_not_ask_is_not_called_silent) {
  using std::filesystem::perms;
  const own_folder at;
  const auto store = at.path() / "store";
  test::sync(store, chain_of_120(), {.last = 99});
  auto lock = storage::store_lock::acquire(store);
  BOOST_REQUIRE(lock);
  lock->name_holder();
  const auto server = runtime::status_server::start(store, [] { return std::string{"{}"}; });
  BOOST_REQUIRE(server);
  for (const auto& folder : {at.path(), store})
    std::filesystem::permissions(folder, perms::all);
  for (const auto* name : {"blocks.sqlite", "blocks.sqlite-journal", "lock"})
    if (std::filesystem::exists(store / name))
      std::filesystem::permissions(store / name, perms::all);
  std::filesystem::permissions(store / "status.sock", perms::none); // its owner may not either
  const int seen = as_another_user([&] {
    test::spoken said;
    const auto code = runtime::run_status({store, false}, {said.out, said.err});
    return code == exit_code::done && test::says(said.out.str(), "whose user alone may ask") ? 0
                                                                                             : 1;
  });
  BOOST_TEST(seen == 0);
}

// Named for the bug: a store that another command reads was called that of a silent node.
BOOST_AUTO_TEST_CASE(a_store_that_another_command_holds_is_in_use) {
  const own_folder at;
  test::sync(at.path(), chain_of_120(), {.last = 99});
  std::filesystem::remove(at.path() / "lock"); // it names a node before: this process, which lives
  const auto lock = storage::store_lock::acquire(at.path());
  BOOST_REQUIRE(lock);
  const auto said = status_of(at.path());
  BOOST_TEST(said["state"] == "in_use");
  BOOST_TEST(said["holder"].is_string());
  const auto text = status_text(at.path());
  BOOST_TEST(test::says(text, "state         in use by another command"), text);
  BOOST_TEST(!test::says(text, "silent"));
}

BOOST_AUTO_TEST_CASE(all_reading_commands_work_directly_after_a_kill) {
  const own_folder sound;
  test::sync(sound.path(), chain_of_120(), {.last = 99});
  kill_a_writer(sound.path());
  const auto on_a_copy = [&](auto command) {
    const own_folder at;
    std::filesystem::copy(sound.path(), at.path(), std::filesystem::copy_options::recursive);
    test::spoken said;
    const runtime::exit_code code = command(at.path(), runtime::output_streams{said.out, said.err});
    BOOST_TEST((code == exit_code::done), said.err.str());
    return said.out.str();
  };
  const auto described = on_a_copy([](const auto& at, auto to) {
    return runtime::run_status({at, true}, to);
  });
  BOOST_TEST(test::says(described, "\"height\":99"));
  on_a_copy([](const auto& at, auto to) { return runtime::run_get({at, "55"}, to); });
  on_a_copy([](const auto& at, auto to) {
    runtime::verify_options options;
    options.store = at;
    return runtime::run_verify(options, to, {});
  });
  on_a_copy([](const auto& at, auto to) {
    return runtime::run_export({at, at / "out", at / "s"}, to, {});
  });
}

BOOST_AUTO_TEST_CASE(without_a_store_it_is_a_usage_error) {
  const own_folder at;
  test::spoken said;
  BOOST_TEST((runtime::run_status({at.path(), true}, {said.out, said.err}) == exit_code::usage));
  BOOST_TEST(said.out.str() == "");
  BOOST_TEST(std::filesystem::is_empty(at.path()));
}

BOOST_AUTO_TEST_SUITE_END()
