#pragma once

#include "storage/create_store.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/kit/bundle_maker.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

namespace blockferry::test {

/// A folder that goes with the test.
class temporary_folder {
public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

/// A store in a folder of its own, as the tests use it.
struct store_fixture {
  store_fixture();

  /// Opens it; fails the test if that is refused.
  [[nodiscard]] std::unique_ptr<storage::store> open() const;
  /// The class with which opening is refused; fails the test if it is not.
  [[nodiscard]] failure refused() const;
  /// Commits so many whole files, one a group, and closes.
  void fill(std::uint32_t files);
  /// Runs SQL on the closed store, as damage or as a look.
  void execute(const char* sql) const;
  [[nodiscard]] std::string text_of(const char* query) const;

  temporary_folder temporary;
  storage::store_options options;
  std::filesystem::path database;
  kit::bundle_maker maker{{}};
};

/// Commits one bundle; fails the test if that fails.
std::optional<known_part> commit(storage::store& store, const verified_bundle& bundle);

/// Every name in a folder with its bytes, mode and time of change.
struct file_facts {
  std::string bytes;
  unsigned mode = 0;
  std::int64_t changed_ns = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const file_facts&, const file_facts&) = default;
};
using folder_facts = std::map<std::string, file_facts>;
[[nodiscard]] folder_facts facts_of(const std::filesystem::path& folder);

/// Fails the test unless `operation` leaves every byte and name in the folder as it was.
template <class Operation>
void changes_nothing(const std::filesystem::path& folder, Operation operation) {
  const folder_facts before = facts_of(folder);
  operation();
  const folder_facts after = facts_of(folder);
  BOOST_TEST(before.size() == after.size());
  for (const auto& [name, facts] : after)
    BOOST_TEST((before.contains(name) && before.at(name) == facts), name);
}

} // namespace blockferry::test
