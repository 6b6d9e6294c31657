#include "store_fixture.hpp"

#include "storage/sqlite.hpp"

#include <fstream>
#include <iterator>
#include <random>
#include <sys/stat.h>

namespace blockferry::test {

using namespace storage;

temporary_folder::temporary_folder() {
  std::random_device random;
  path_ = std::filesystem::temp_directory_path() /
          ("blockferry-" + std::to_string(random()) + std::to_string(random()));
  std::filesystem::create_directories(path_);
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

store_fixture::store_fixture() {
  options.folder = temporary.path() / "store";
  options.identity.network = "made";
  options.identity.network_id = 1;
  options.identity.genesis = maker.hash_at(0);
  database = options.folder / database_name;
}

std::unique_ptr<store> store_fixture::open() const {
  auto out = open_store(options);
  BOOST_REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().message));
  return std::move(*out);
}

failure store_fixture::refused() const {
  auto out = open_store(options);
  BOOST_REQUIRE(!out.has_value());
  BOOST_TEST_MESSAGE(out.error().message);
  return out.error();
}

void store_fixture::fill(std::uint32_t files) {
  const auto store = open();
  for (std::uint32_t i = 0; i < files; ++i)
    commit(*store, maker.next());
}

void store_fixture::execute(const char* sql) const {
  auto on = connection::open(database.string(), open_mode::create);
  BOOST_REQUIRE(on.has_value());
  const auto done = on->run(sql);
  BOOST_REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
}

std::string store_fixture::text_of(const char* query) const {
  auto on = connection::open(database.string(), open_mode::read_only);
  BOOST_REQUIRE(on.has_value());
  const auto out = on->text_of(query);
  BOOST_REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().message));
  return *out;
}

std::optional<known_part> commit(store& store, const verified_bundle& bundle) {
  const std::vector<const verified_bundle*> group{&bundle};
  const auto out = store.commit(group);
  BOOST_REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().message));
  return *out;
}

folder_facts facts_of(const std::filesystem::path& folder) {
  folder_facts out;
  if (!std::filesystem::exists(folder))
    return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat status {};
    BOOST_REQUIRE(::lstat(entry.path().c_str(), &status) == 0);
    std::ifstream file{entry.path(), std::ios::binary};
    out[entry.path().string()] = {
        std::string{std::istreambuf_iterator<char>{file}, {}}, status.st_mode,
        status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_ino};
  }
  return out;
}

} // namespace blockferry::test
