#include "store_fixture.hpp"

#include "storage/store_lock.hpp"

#include <csignal>
#include <dlfcn.h>
#include <fstream>
#include <functional>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace blockferry;
using namespace blockferry::storage;
using blockferry::test::temporary_folder;

namespace {

/// Happens once, between the opening of the lock's file and its locking.
std::function<void()> before_flock;

} // namespace

/// Takes the place of the C library's, for the tests of this program.
extern "C" int flock(int descriptor, int operation) noexcept {
  static const auto real = reinterpret_cast<int (*)(int, int)>(::dlsym(RTLD_NEXT, "flock"));
  if (const auto first = std::exchange(before_flock, nullptr))
    first();
  return real(descriptor, operation);
}

BOOST_AUTO_TEST_SUITE(store_lock_tests)

BOOST_AUTO_TEST_CASE(one_holder_at_a_time_who_is_named) {
  const temporary_folder folder;
  BOOST_TEST(lock_holder(folder.path()).empty());
  {
    auto lock = store_lock::acquire(folder.path());
    BOOST_REQUIRE(lock.has_value());
    lock->name_holder();
    const auto other = store_lock::acquire(folder.path());
    BOOST_REQUIRE(!other.has_value());
    BOOST_TEST((other.error().code == errc::store_locked));
    const std::string name = "process " + std::to_string(::getpid()) + " on ";
    BOOST_TEST(other.error().message.find(name) != std::string::npos);
    BOOST_TEST(lock_holder(folder.path()).starts_with(name));
  }
  BOOST_TEST(lock_holder(folder.path()).empty());
  BOOST_TEST(store_lock::acquire(folder.path()).has_value());
}

BOOST_AUTO_TEST_CASE(a_lock_that_named_no_holder_leaves_no_file) {
  const temporary_folder folder;
  BOOST_TEST(store_lock::acquire(folder.path()).has_value());
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(an_outdated_name_is_not_told) {
  const temporary_folder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    auto lock = store_lock::acquire(folder.path());
    if (lock)
      lock->name_holder();
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(std::filesystem::file_size(folder.path() / "lock") > 0U);
  const auto lock = store_lock::acquire(folder.path()); // it died with its process
  BOOST_REQUIRE(lock.has_value());
  BOOST_TEST(lock_holder(folder.path()).find(std::to_string(child)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_is_no_lock_file) {
  const temporary_folder folder;
  std::ofstream{folder.path() / "precious"} << "text";
  std::filesystem::create_symlink(folder.path() / "precious", folder.path() / "lock");
  BOOST_TEST(!store_lock::acquire(folder.path()).has_value());
}

// Goal: a refused start removes the lock file that it made; who has opened it in that moment locks
// a file without a name, which excludes nobody.
BOOST_AUTO_TEST_CASE(a_lock_file_that_goes_before_it_is_locked_is_made_again) {
  const temporary_folder folder;
  std::optional<store_lock> refused;
  refused.emplace(store_lock::acquire(folder.path()).value());
  before_flock = [&] { refused.reset(); };
  const auto lock = store_lock::acquire(folder.path());
  BOOST_REQUIRE(lock.has_value());
  BOOST_REQUIRE(!refused);
  BOOST_TEST(std::filesystem::exists(folder.path() / "lock"));
  BOOST_TEST(!store_lock::acquire(folder.path()).has_value());
}

// Goal: a refused start removes the lock file that it made; who waits at that moment must not end
// up with a lock on a file that has no name.
BOOST_AUTO_TEST_CASE(holders_exclude_each_other_while_the_file_comes_and_goes) {
  const temporary_folder folder;
  constexpr int rounds = 300;
  constexpr int children = 3;
  const auto inside = folder.path() / "inside";
  std::array<pid_t, children> pids{};
  for (auto& pid : pids) {
    pid = ::fork();
    if (pid != 0)
      continue;
    bool alone = true;
    for (int i = 0; i < rounds; ++i)
      if (const auto lock = store_lock::acquire(folder.path())) {
        alone = alone && ::mkdir(inside.c_str(), 0700) == 0;
        alone = ::rmdir(inside.c_str()) == 0 && alone;
      }
    ::_exit(alone ? 0 : 1);
  }
  for (const auto pid : pids) {
    int status = 0;
    BOOST_TEST(::waitpid(pid, &status, 0) == pid);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  }
}

BOOST_AUTO_TEST_SUITE_END()
