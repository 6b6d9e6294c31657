#include "runtime/commands/commands.hpp"
#include "storage/create_store.hpp"
#include "storage/integrity.hpp"
#include "tests/unit/runtime/made_store.hpp"
#include "tests/unit/says.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <random>
#include <unistd.h>

namespace {

using namespace blockferry;
using runtime::exit_code;
using test::own_folder;

const test::made_chain& chain_of_230() {
  static const auto made = test::make_chain(230);
  return made;
}

struct verdict {
  exit_code code = exit_code::other;
  std::string out;
  std::string err;
};

verdict verify(const std::filesystem::path& folder, runtime::verify_options options = {},
               std::stop_token stop = {}) {
  options.store = folder;
  options.workers = 2;
  test::spoken said;
  const auto code = run_verify(options, {said.out, said.err}, std::move(stop));
  return {code, said.out.str(), said.err.str()};
}

/// Runs SQL on a store at rest, as damage does.
void alter(const std::filesystem::path& folder, const std::string& sql) {
  auto database = storage::connection::open((folder / storage::database_name).string(),
                                            storage::open_mode::read_write);
  BOOST_REQUIRE_MESSAGE(database, database.error().message);
  const auto done = database->run(sql.c_str());
  BOOST_REQUIRE_MESSAGE(done, done.error().message);
}

void flip(const std::filesystem::path& file, std::uint64_t offset, unsigned bit) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekg(static_cast<std::streamoff>(offset));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.put(static_cast<char>(byte ^ (1 << bit)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(verify_tests)

BOOST_AUTO_TEST_CASE(a_whole_store_passes_at_every_level_it_was_synced_at) {
  for (const auto floor : {chain::level::link, chain::level::header}) {
    const own_folder at;
    test::sync(at.path(), chain_of_230(), {.floor = floor, .last = 229});
    const auto before = test::folder_digest(at.path());
    const auto said = verify(at.path());
    BOOST_TEST((said.code == exit_code::done), said.err);
    BOOST_TEST(test::says(said.out, "230 blocks, heights 0 to 229"));
    BOOST_TEST(test::says(said.out, std::string{chain::to_string(floor)}));
    BOOST_TEST(test::folder_digest(at.path()) == before);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_store_passes) {
  const own_folder at;
  BOOST_CHECK_THROW(
      test::sync(
          at.path(), chain_of_230(),
          {.floor = chain::level::header, .last = 49, .start = 1, .start_hash = chain::hash{}}),
      std::runtime_error);
  const auto said = verify(at.path());
  BOOST_TEST((said.code == exit_code::done), said.err);
  BOOST_TEST(test::says(said.out, "no block yet"));
}

BOOST_AUTO_TEST_CASE(a_store_that_was_synced_in_steps_and_cut_passes) {
  const own_folder at;
  for (const height_t last : {height_t{17}, height_t{49}, height_t{120}, height_t{121}})
    test::sync(at.path(), chain_of_230(), {.floor = chain::level::header, .last = last});
  BOOST_TEST((verify(at.path()).code == exit_code::done));
}

BOOST_AUTO_TEST_CASE(a_store_from_a_pinned_height_passes) {
  const own_folder at;
  test::sync(at.path(), chain_of_230(),
             {.last = 229, .start = 130, .start_hash = chain_of_230().hash_of(130)});
  const auto said = verify(at.path());
  BOOST_TEST((said.code == exit_code::done), said.err);
  BOOST_TEST(test::says(said.out, "100 blocks, heights 130 to 229"));
}

BOOST_AUTO_TEST_CASE(a_store_below_and_above_a_level_passes) {
  const own_folder at;
  test::sync(at.path(), chain_of_230(), {.floor = chain::level::header, .last = 75});
  test::sync(at.path(), chain_of_230(), {.floor = chain::level::link, .last = 160});
  const auto said = verify(at.path());
  BOOST_TEST((said.code == exit_code::done), said.err);
  BOOST_TEST(test::says(said.out, "level link"));
}

BOOST_AUTO_TEST_CASE(a_range_checks_its_heights_alone) {
  const own_folder at;
  test::sync(at.path(), chain_of_230(), {.last = 229});
  for (const auto& [from, to] : {std::pair{0U, 10U}, {60U, 60U}, {100U, 229U}, {49U, 51U}}) {
    const auto said = verify(at.path(), {.from = from, .to = to});
    BOOST_TEST((said.code == exit_code::done), said.err);
    BOOST_TEST(test::says(said.out, std::to_string(to - from + 1) + " blocks"));
  }
  alter(at.path(), "UPDATE blocks SET timestamp = timestamp + 1 WHERE height = 77");
  BOOST_TEST((verify(at.path(), {.from = 78, .to = 90}).code == exit_code::done));
  BOOST_TEST((verify(at.path(), {.from = 77, .to = 90}).code == exit_code::data_refused));
  BOOST_TEST((verify(at.path(), {.from = 90, .to = 80}).code == exit_code::usage));
  BOOST_TEST((verify(at.path(), {.from = 90, .to = 230}).code == exit_code::usage));
  for (const height_t beyond : {230U, 231U, 2000U}) { // no block is missing: it was never there
    const auto said = verify(at.path(), {.from = beyond});
    BOOST_TEST((said.code == exit_code::usage), beyond);
    BOOST_TEST(test::says(said.err, "ends before 230"), said.err);
    BOOST_TEST(said.out == "");
  }
}

// Each guard by the one damage that only it sees.
BOOST_AUTO_TEST_CASE(each_part_of_a_store_is_checked_against_the_others) {
  const own_folder sound;
  test::sync(sound.path(), chain_of_230(), {.last = 229});
  for (const auto& [sql, expected] : {
           std::pair{"UPDATE blocks SET timestamp = 5 WHERE height = 77", "block 77 "},
           {"UPDATE blocks SET hash = zeroblob(32) WHERE height = 78", "block 78 "},
           {"UPDATE blocks SET made = made | (1 << 20) WHERE height = 79", "block 79 "},
           {"UPDATE blocks SET made = made | (1 << 62) WHERE height = 80", "block 80 "},
           {"UPDATE blocks SET made = made - 1 WHERE height = 81", "every block has"},
           {"UPDATE blocks SET unmade = 1 WHERE height = 82", "block 82 "},
           {"UPDATE blocks SET unmade = 1 << 60 WHERE height = 82", "some block lacks"},
           {"UPDATE blocks SET stakes = x'00' WHERE height = 83", "block 83 "},
           {"DELETE FROM blocks WHERE height = 84", "block 84 "},
           {"DELETE FROM blocks WHERE height = 229", "block 229 "},
           {"DELETE FROM bundles WHERE file_start = 100", "block 100 "},
           {"DELETE FROM bundles WHERE file_start = 200", "covers block 200"},
           {"UPDATE bundles SET file_sha256 = zeroblob(32) WHERE file_start = 50", "block 50 "},
           {"UPDATE bundles SET blocks_sha256 = zeroblob(32) WHERE file_start = 200", "block 200 "},
           {"UPDATE bundles SET file_bytes = 5 WHERE file_start = 50", "block 50 "},
           {"UPDATE hash_recent SET prefixes = zeroblob(length(prefixes))", "hash index"},
           {"DELETE FROM hash_recent", "hash index"},
           {"INSERT INTO hash_sealed VALUES (5, zeroblob(12))", "sealed rows"},
           {"UPDATE chain_state SET block_count = 229", "230"},
           {"UPDATE chain_state SET covered = -1", "every block has"},
           {"UPDATE chain_state SET encoded = zeroblob(10)", "block 230"},
           {"UPDATE identity SET network = 'mode'", "'mode'"},
           {"UPDATE network SET toml = 'name = 5'", "network's text"},
           {"UPDATE identity SET genesis = zeroblob(32)", "genesis"},
       }) {
    const own_folder at;
    std::filesystem::copy(sound.path(), at.path(), std::filesystem::copy_options::recursive);
    alter(at.path(), sql);
    const auto said = verify(at.path());
    BOOST_TEST((said.code == exit_code::data_refused), sql << ": " << said.err);
    BOOST_TEST(test::says(said.err, expected), sql << ": " << said.err);
  }
}

// Goal: peaks, metadata and tip in the state row are recomputed, not believed.
BOOST_AUTO_TEST_CASE(a_chain_state_that_the_blocks_do_not_give_is_found) {
  const own_folder at;
  const own_folder other;
  test::sync(at.path(), chain_of_230(), {.floor = chain::level::header, .last = 229});
  test::sync(other.path(), chain_of_230(), {.floor = chain::level::link, .last = 229});
  auto database = storage::connection::open((other.path() / storage::database_name).string(),
                                            storage::open_mode::read_only);
  const auto encoded = database->text_of("SELECT hex(encoded) FROM chain_state");
  BOOST_REQUIRE(encoded);
  alter(at.path(), "UPDATE chain_state SET encoded = x'" + *encoded + "'");
  const auto said = verify(at.path());
  BOOST_TEST((said.code == exit_code::data_refused));
  BOOST_TEST(test::says(said.err, "hashes before are known"), said.err);
}

BOOST_AUTO_TEST_CASE(a_live_store_is_refused_with_its_holder) {
  const own_folder at;
  test::sync(at.path(), chain_of_230(), {.last = 49});
  auto lock = storage::store_lock::acquire(at.path());
  BOOST_REQUIRE(lock);
  lock->name_holder();
  const auto said = verify(at.path());
  BOOST_TEST((said.code == exit_code::store_locked));
  BOOST_TEST(test::says(said.err, "process " + std::to_string(::getpid())));
}

BOOST_AUTO_TEST_CASE(an_interruption_ends_with_130) {
  const own_folder at;
  test::sync(at.path(), chain_of_230(), {.last = 229});
  std::stop_source stop;
  stop.request_stop();
  const auto said = verify(at.path(), {}, stop.get_token());
  BOOST_TEST((said.code == exit_code::interrupted));
  BOOST_TEST(test::says(said.err, "interrupted"));
}

BOOST_AUTO_TEST_CASE(what_is_no_store_of_ours_is_refused_untouched) {
  const own_folder at;
  BOOST_TEST((verify(at.path()).code == exit_code::usage));
  const auto file = at.path() / storage::database_name;
  std::ofstream{file} << "short";
  BOOST_TEST((verify(at.path()).code == exit_code::data_refused));
  std::filesystem::remove(file);
  test::sync(at.path(), chain_of_230(), {.last = 49});
  for (const auto& [pragma, expected] : {std::pair{"PRAGMA user_version = 99", exit_code::usage},
                                         {"PRAGMA application_id = 5", exit_code::usage}}) {
    alter(at.path(), pragma);
    const auto before = test::folder_digest(at.path());
    BOOST_TEST((verify(at.path()).code == expected));
    BOOST_TEST(test::folder_digest(at.path()) == before);
  }
}

// Goal: no flipped bit goes unseen, but those in space that holds nothing and in what is not the
// chain's: times, URLs, the receipt, the store's id.
// Method: flips by seed all over the file; whatever `verify` passes must still hold every block.
BOOST_AUTO_TEST_CASE(flipped_bits_are_found_and_never_written_over) {
  const own_folder at;
  test::sync(at.path(), chain_of_230(), {.last = 229});
  const auto file = at.path() / storage::database_name;
  const auto size = std::filesystem::file_size(file);
  const char* given = std::getenv("BLOCKFERRY_SEED");
  const auto seed = given == nullptr ? 11 : std::strtoull(given, nullptr, 10);
  std::mt19937_64 random{seed};
  const auto digest = [&] {
    auto check = storage::offline_check::open(at.path());
    return check ? check->content_digest() : storage::result<chain::hash>{tl::unexpect, failure{}};
  };
  const auto sound = digest();
  BOOST_REQUIRE(sound);
  unsigned found = 0;
  constexpr unsigned flips = 150;
  for (unsigned i = 0; i < flips; ++i) {
    const auto offset = random() % size;
    const auto bit = static_cast<unsigned>(random() % 8);
    flip(file, offset, bit);
    const auto before = test::folder_digest(at.path());
    const auto said = verify(at.path());
    BOOST_TEST(test::folder_digest(at.path()) == before);
    const std::string where =
        "BLOCKFERRY_SEED=" + std::to_string(seed) + ", offset " + std::to_string(offset);
    if (said.code == exit_code::done) {
      const auto now = digest();
      BOOST_TEST((now && *now == *sound), where);
    } else {
      BOOST_TEST((said.code == exit_code::data_refused || said.code == exit_code::usage),
                 where << ": " << said.err);
      ++found;
    }
    flip(file, offset, bit);
  }
  BOOST_TEST(found > flips / 3);
  BOOST_TEST((verify(at.path()).code == exit_code::done));
}

BOOST_AUTO_TEST_SUITE_END()
