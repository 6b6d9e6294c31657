#include "store_fixture.hpp"

#include "storage/hash_index.hpp"
#include "storage/schema.hpp"

#include <algorithm>

using namespace blockferry;
using namespace blockferry::storage;
using blockferry::test::store_fixture;

namespace {

struct index_fixture : store_fixture {
  index_fixture() : on(make()) {}
  connection make() {
    std::filesystem::create_directories(options.folder);
    auto out = connection::open(database.string(), open_mode::create);
    BOOST_REQUIRE(out.has_value());
    BOOST_REQUIRE(create_schema(*out, options.identity, chain::state_before_genesis()).has_value());
    BOOST_REQUIRE(out->run("PRAGMA synchronous=OFF").has_value());
    return std::move(*out);
  }
  /// Adds hashes and the blocks they belong to.
  void add(height_t first, std::uint32_t count) {
    std::vector<chain::block_facts> blocks(count);
    BOOST_REQUIRE(on.run("BEGIN").has_value());
    auto insert =
        statement::prepare(on, "INSERT INTO blocks VALUES (?1, ?2, 0, 0, 0, NULL, x'00')");
    for (std::uint32_t i = 0; i < count; ++i) {
      blocks[i].height = first + i;
      blocks[i].block_hash = hash_of(first + i);
      BOOST_REQUIRE(insert->bind(1, std::int64_t{first} + i)
                        .bind(2, byte_view{blocks[i].block_hash.bytes})
                        .run()
                        .has_value());
    }
    const auto done = index_hashes(on, first, blocks);
    BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
    BOOST_REQUIRE(on.run("COMMIT").has_value());
  }
  [[nodiscard]] chain::hash hash_of(height_t height) const {
    auto out = maker.hash_at(height);
    if (same_prefixes)
      std::fill_n(out.bytes.begin(), 8, std::uint8_t{7});
    return out;
  }
  void finds(height_t height) {
    const auto found = candidate_heights(on, hash_of(height));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((std::ranges::count(*found, height) == 1), height);
  }
  [[nodiscard]] std::string count(const char* table) {
    return on.text_of((std::string{"SELECT count(*) FROM "} + table).c_str()).value();
  }
  connection on;
  bool same_prefixes = false; ///< then a bucket must hold a whole segment
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hash_index_tests, index_fixture)

BOOST_AUTO_TEST_CASE(every_height_is_found_before_and_after_sealing) {
  for (height_t first = 0; first < 65'500; first += 50)
    add(first, 50);
  BOOST_TEST(count("hash_sealed") == "0");
  for (const height_t height : {0U, 1U, 1023U, 1024U, 65'499U})
    finds(height);
  BOOST_TEST(candidate_heights(on, maker.hash_at(65'500)).value().empty());
  add(65'500, 50); // over the end of the segment
  BOOST_TEST(count("hash_sealed") == "64");
  BOOST_TEST(count("hash_recent") == "1");
  for (const height_t height : {0U, 1U, 1023U, 1024U, 65'535U, 65'536U, 65'549U})
    finds(height);
  BOOST_TEST(candidate_heights(on, maker.hash_at(65'550)).value().empty());
  const auto sound = check_hash_index(on);
  BOOST_TEST(sound.has_value(), (sound ? "" : sound.error().message));
}

BOOST_AUTO_TEST_CASE(a_store_that_begins_anywhere_is_indexed) {
  for (const height_t start : {1'000'000U, 65'530U, 4'294'900'000U}) {
    index_fixture other;
    other.add(start, 17);
    other.add(start + 17, 1100);
    for (const height_t height : {start, start + 16, start + 17, start + 1116})
      other.finds(height);
    const auto sound = check_hash_index(other.on);
    BOOST_TEST(sound.has_value(), (sound ? "" : sound.error().message));
  }
}

BOOST_AUTO_TEST_CASE(sealed_runs_are_merged_and_every_height_is_still_found) {
  constexpr height_t end = 1'048'576;
  constexpr height_t start = end - 70'000; // in the middle of a sealed run
  add(start, 69'990);
  BOOST_TEST(count("hash_sealed") == "64");
  BOOST_TEST(check_hash_index(on).has_value());
  add(end - 10, 30); // over the end of both runs
  BOOST_TEST(count("hash_sealed") == "1024");
  BOOST_TEST(count("hash_recent") == "1");
  for (const height_t height : {start, start + 5000, end - 65'537, end - 65'536, end - 1, end})
    finds(height);
  BOOST_TEST(candidate_heights(on, maker.hash_at(end + 20)).value().empty());
  BOOST_TEST(on.text_of("SELECT max(length(entries)) < 16000 FROM hash_sealed").value() == "1");
  const auto sound = check_hash_index(on);
  BOOST_TEST(sound.has_value(), (sound ? "" : sound.error().message));
  for (const char* damage :
       {"DELETE FROM hash_sealed WHERE bucket_and_segment = (1 << 48) + (77 << 32)",
        "UPDATE hash_sealed SET entries = zeroblob(12) WHERE bucket_and_segment = 1 << 48",
        "INSERT INTO hash_sealed VALUES (15, zeroblob(12))",
        "DELETE FROM blocks WHERE height = 1000000"}) {
    BOOST_REQUIRE(on.run("SAVEPOINT before").has_value());
    BOOST_REQUIRE(on.run(damage).has_value());
    BOOST_TEST(!check_hash_index(on).has_value(), damage);
    BOOST_REQUIRE(on.run("ROLLBACK TO before; RELEASE before").has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_last_heights_there_can_be_are_indexed) {
  add(4'294'967'200U, 96);
  finds(4'294'967'295U);
  BOOST_TEST(check_hash_index(on).has_value());
}

BOOST_AUTO_TEST_CASE(hashes_that_share_a_prefix_are_all_candidates) {
  same_prefixes = true;
  add(65'000, 536); // the rest of a segment, which is sealed
  add(65'536, 10);
  BOOST_TEST(count("hash_sealed") == "64");
  BOOST_TEST(candidate_heights(on, hash_of(5)).value().size() == 546U);
  const auto sound = check_hash_index(on);
  BOOST_TEST(sound.has_value(), (sound ? "" : sound.error().message));
}

BOOST_AUTO_TEST_CASE(the_check_finds_what_does_not_fit) {
  add(0, 2000);
  BOOST_REQUIRE(check_hash_index(on).has_value());
  for (const char* damage :
       {"UPDATE hash_recent SET prefixes = zeroblob(8192) WHERE first_height = 0",
        "DELETE FROM hash_recent WHERE first_height = 1024",
        "UPDATE hash_recent SET first_height = 5 WHERE first_height = 1024",
        "DELETE FROM blocks WHERE height = 1500",
        "UPDATE blocks SET hash = zeroblob(32) WHERE height = 1500",
        "INSERT INTO hash_sealed VALUES (0, zeroblob(12))"}) {
    BOOST_REQUIRE(on.run("SAVEPOINT before").has_value());
    BOOST_REQUIRE(on.run(damage).has_value());
    const auto found = check_hash_index(on);
    BOOST_TEST(!found.has_value(), damage);
    if (!found)
      BOOST_TEST((found.error().code == errc::store_damaged));
    BOOST_REQUIRE(on.run("ROLLBACK TO before; RELEASE before").has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
