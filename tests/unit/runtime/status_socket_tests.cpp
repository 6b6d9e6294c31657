#include "runtime/status_socket.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

/// A folder that is gone at the end of the test; `deep`: its path is far longer than an address.
class temporary_folder {
public:
  explicit temporary_folder(bool deep = false) {
    auto name = (std::filesystem::temp_directory_path() / "status-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = path_ = name;
    for (int i = 0; deep && i < 10; ++i)
      path_ /= std::string(100, 'd');
    std::filesystem::create_directories(path_);
  }
  ~temporary_folder() { std::filesystem::remove_all(root_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path root_;
  std::filesystem::path path_;
};

std::string answer_of(const std::filesystem::path& folder) {
  const int client = connect_status_socket(folder);
  if (client < 0)
    return "no connection";
  std::string out;
  char buffer[256];
  for (;;) {
    pollfd wait{client, POLLIN, 0};
    if (::poll(&wait, 1, 10'000) != 1)
      break;
    const auto count = ::read(client, buffer, sizeof buffer);
    if (count <= 0)
      break;
    out.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(client);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_socket_tests)

BOOST_AUTO_TEST_CASE(each_connection_gets_one_answer_and_the_end) {
  const temporary_folder folder;
  int asked = 0;
  const auto server = status_server::start(
      folder.path(), [&] { return "{\"n\":" + std::to_string(++asked) + "}"; });
  BOOST_REQUIRE(server.has_value());
  BOOST_TEST(answer_of(folder.path()) == "{\"n\":1}");
  BOOST_TEST(answer_of(folder.path()) == "{\"n\":2}");
}

BOOST_AUTO_TEST_CASE(only_its_owner_may_ask) {
  const temporary_folder folder;
  const auto server = status_server::start(folder.path(), [] { return std::string{"{}"}; });
  BOOST_REQUIRE(server.has_value());
  struct stat facts {};
  BOOST_REQUIRE(::stat((folder.path() / status_socket_name).c_str(), &facts) == 0);
  BOOST_TEST((facts.st_mode & 0777) == 0600);
}

BOOST_AUTO_TEST_CASE(a_path_longer_than_an_address_works) {
  const temporary_folder folder{true};
  const auto server = status_server::start(folder.path(), [] { return std::string{"{}"}; });
  BOOST_REQUIRE_MESSAGE(server.has_value(), "a path of " << folder.path().string().size());
  BOOST_TEST(answer_of(folder.path()) == "{}");
}

BOOST_AUTO_TEST_CASE(a_dead_nodes_socket_is_replaced_and_the_end_leaves_no_name) {
  const temporary_folder folder;
  {
    const auto first = status_server::start(folder.path(), [] { return std::string{"1"}; });
    BOOST_REQUIRE(first.has_value());
    std::filesystem::rename(folder.path() / status_socket_name, folder.path() / "kept");
  }
  std::filesystem::rename(folder.path() / "kept", folder.path() / status_socket_name);
  BOOST_TEST(answer_of(folder.path()) == "no connection");
  {
    const auto second = status_server::start(folder.path(), [] { return std::string{"2"}; });
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(answer_of(folder.path()) == "2");
  }
  BOOST_TEST(!std::filesystem::exists(folder.path() / status_socket_name));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_holds_up_nobody) {
  const temporary_folder folder;
  const auto server = status_server::start(folder.path(), [] { return std::string(10'000, 'x'); });
  BOOST_REQUIRE(server.has_value());
  const int silent = connect_status_socket(folder.path());
  BOOST_REQUIRE(silent >= 0);
  BOOST_TEST(answer_of(folder.path()).size() == 10'000);
  ::close(silent);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
