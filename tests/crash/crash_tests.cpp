#include "tests/crash/fault_sweep.hpp"
#include "tests/crash/read_faults.hpp"
#include "tests/crash/recovery_faults.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace blockferry;
using namespace blockferry::crash;

namespace {

void expect_none(const image_tally& found) {
  BOOST_TEST(found.images > 0U);
  using namespace boost::unit_test;
  for (const auto& one : found.violations)
    BOOST_ERROR(one << "\n  replay: " << framework::master_test_suite().argv[0]
                    << " --run_test=" << framework::current_test_case().full_name());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_power_cut_at_any_operation_leaves_a_store_that_goes_on) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(1)};
  expect_none(try_images(calm, 1, 240));
}

BOOST_AUTO_TEST_CASE(a_second_power_cut_in_the_recovery_is_no_worse) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(2)};
  expect_none(try_images_in_recovery(calm, 2, 120));
}

BOOST_AUTO_TEST_CASE(a_fault_at_an_operation_ends_the_writer_and_harms_nothing) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(3)};
  expect_none(sweep_faults(calm, 5, 41));
  expect_none(sweep_failed_syncs(calm));
}

BOOST_AUTO_TEST_CASE(a_read_that_fails_is_no_damage_and_does_none) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(5)};
  expect_none(sweep_writers_reads(calm, 1, 5));
  expect_none(sweep_failed_reads(calm, 3, 7));
}

BOOST_AUTO_TEST_CASE(a_fault_in_the_recovery_from_a_power_cut_is_told_and_loses_nothing) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(7)};
  expect_none(sweep_faults_in_recovery(calm, 5, 1, 7));
}

BOOST_AUTO_TEST_CASE(a_raise_that_is_cut_off_is_ended_by_another) {
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(6)};
  expect_none(sweep_raise(calm, 2, 7));
}

// Goal: the tests can tell. Each of these loses or breaks something, and must be caught.
BOOST_AUTO_TEST_CASE(careless_stores_are_caught) {
  const std::vector<std::pair<const char*, store_opener>> controls{
      {"a sync that does nothing", store_on_lying_disk()},
      {"synchronous=OFF", careless_store("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF")},
      {"synchronous=NORMAL",
       careless_store("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL")},
  };
  for (const auto& [name, open] : controls) {
    const lock_folder folder;
    const calm_run calm{folder.path(), small_plan(4), open};
    const auto found = try_images(calm, 4, 96);
    BOOST_TEST(!found.violations.empty(), name << " was not caught");
    BOOST_TEST_MESSAGE(name << ": " << found.violations.size() << " violations in " << found.images
                            << " images; the first: "
                            << (found.violations.empty() ? "" : found.violations.front()));
  }
  // With the durability of the real store, the same store is right.
  const lock_folder folder;
  const calm_run calm{folder.path(), small_plan(4),
                      careless_store("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL")};
  expect_none(try_images(calm, 4, 96));
}

BOOST_AUTO_TEST_CASE(every_damage_is_what_it_says) {
  const operation made{operation::kind::create, "a"};
  const operation first{operation::kind::write, "a", {}, 0, bytes(1000, 1)};
  const operation synced{operation::kind::sync, "a"};
  const operation named{operation::kind::sync_folder, "."};
  const operation second{operation::kind::write, "a", {}, 0, bytes(1024, 2)};
  disk_model model{{}};
  random_source random{1};
  model.apply(made);
  model.apply(first);
  model.apply(synced);
  BOOST_TEST(model.after_power_cut(damage::names_lost, random).empty());
  model.apply(named);
  BOOST_TEST((model.after_power_cut(damage::nothing, random).at("a") == bytes(1000, 1)));
  model.apply(second);
  BOOST_TEST((model.after_power_cut(damage::nothing, random).at("a") == bytes(1000, 1)));
  BOOST_TEST((model.after_power_cut(damage::everything, random).at("a") == bytes(1024, 2)));
  std::set<std::string> seen;
  for (int i = 0; i < 400; ++i) {
    const auto left = model.after_power_cut(damage::random_sectors, random).at("a");
    seen.insert(std::to_string(left[0]) + std::to_string(left[512]));
    const auto wild = model.after_power_cut(damage::garbage, random).at("a");
    seen.insert(wild[0] > 2 ? "garbage" : "");
    const auto torn = model.after_power_cut(damage::torn_sector, random).at("a");
    seen.insert(torn[0] == 2 && torn[511] == 1 ? "torn" : "");
  }
  for (const char* one : {"11", "12", "21", "22", "garbage", "torn"})
    BOOST_TEST(seen.contains(one), one);
  // A sync that failed leaves behind what no later sync brings to the medium.
  model.apply({operation::kind::lost_sync, "a"});
  model.apply(synced);
  BOOST_TEST((model.after_power_cut(damage::everything, random).at("a") == bytes(1000, 1)));
  BOOST_TEST((model.current().at("a") == bytes(1024, 2)));
}
