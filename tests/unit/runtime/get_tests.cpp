#include "chain/name.hpp"
#include "runtime/commands/commands.hpp"
#include "storage/create_store.hpp"
#include "storage/sqlite.hpp"
#include "tests/unit/runtime/made_store.hpp"
#include "tests/unit/says.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace blockferry;
using runtime::exit_code;
using form = runtime::get_options::form;

const test::made_chain& chain_of_70() {
  static const auto made = test::make_chain(70, 3000);
  return made;
}

struct answer {
  exit_code code = exit_code::other;
  std::string out;
  std::string err;
};

answer get(const std::filesystem::path& folder, const std::string& block, form as = form::summary) {
  test::spoken said;
  const auto code = runtime::run_get({folder, block, as}, {said.out, said.err});
  return {code, said.out.str(), said.err.str()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(get_tests)

BOOST_AUTO_TEST_CASE(a_block_is_found_by_height_and_by_hash_in_each_form) {
  const test::own_folder at;
  test::sync(at.path(), chain_of_70(), {.last = 60});
  for (const height_t height : {height_t{0}, height_t{49}, height_t{50}, height_t{60}}) {
    const auto name = chain::block_name(chain_of_70().hash_of(height));
    for (const auto& wanted : {std::to_string(height), name}) {
      const auto summary = get(at.path(), wanted);
      BOOST_TEST((summary.code == exit_code::done), summary.err);
      BOOST_TEST(test::says(summary.out, name));
      const auto raw = get(at.path(), wanted, form::raw);
      const auto& bytes = chain_of_70().blocks[height];
      BOOST_TEST((raw.out == std::string(bytes.begin(), bytes.end())));
      const auto json = nlohmann::json::parse(get(at.path(), wanted, form::json).out);
      BOOST_TEST(json["block_hash"] == name);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_block_that_is_not_there_ends_with_1_and_says_what_is) {
  const test::own_folder at;
  test::sync(at.path(), chain_of_70(), {.last = 60});
  for (const auto& wanted : {std::string{"61"}, chain::block_name(chain_of_70().hash_of(61))}) {
    const auto said = get(at.path(), wanted);
    BOOST_TEST((said.code == exit_code::other));
    BOOST_TEST(said.out == "");
    BOOST_TEST(test::says(said.err, "heights 0 to 60"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_neither_height_nor_hash_is_a_usage_error) {
  const test::own_folder at;
  test::sync(at.path(), chain_of_70(), {.last = 60});
  for (const auto* wanted : {"", "-1", "1x", "4294967296", "ab1", "sr1qqq"})
    BOOST_TEST((get(at.path(), wanted).code == exit_code::usage), wanted);
  BOOST_TEST((get(at.path() / "nowhere", "1").code == exit_code::usage));
}

BOOST_AUTO_TEST_CASE(a_block_that_has_no_json_ends_with_1_and_is_given_raw) {
  auto chain = test::make_chain(70, 3000);
  chain.blocks[7].push_back(0); // at level header no body is read
  const test::own_folder at;
  test::sync(at.path(), chain, {.last = 60});
  const auto said = get(at.path(), "7", form::json);
  BOOST_TEST((said.code == exit_code::other), said.err);
  BOOST_TEST(said.out == "");
  BOOST_TEST(test::says(said.err, "cannot be shown as JSON"));
  BOOST_TEST((get(at.path(), "7", form::raw).code == exit_code::done));
}

BOOST_AUTO_TEST_CASE(a_block_that_is_not_as_it_was_fetched_is_never_given_out) {
  const test::own_folder at;
  test::sync(at.path(), chain_of_70(), {.last = 60});
  auto database = storage::connection::open((at.path() / storage::database_name).string(),
                                            storage::open_mode::read_write);
  BOOST_REQUIRE(database);
  BOOST_REQUIRE(database->run("UPDATE blocks SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) "
                              "|| x'ee' AS BLOB) WHERE height = 7"));
  const auto said = get(at.path(), "7", form::raw);
  BOOST_TEST((said.code == exit_code::data_refused));
  BOOST_TEST(said.out == "");
  BOOST_TEST((get(at.path(), "55", form::raw).code == exit_code::done));
}

BOOST_AUTO_TEST_SUITE_END()
