#include "runtime/process/log.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

struct log_folder {
  log_folder() {
    auto name = (std::filesystem::temp_directory_path() / "log-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~log_folder() { std::filesystem::remove_all(path); }
  log_folder(const log_folder&) = delete;
  log_folder& operator=(const log_folder&) = delete;
  [[nodiscard]] std::string text(const char* name) const {
    std::ostringstream out;
    out << std::ifstream{path / name}.rdbuf();
    return out.str();
  }
  std::filesystem::path path;
};

} // namespace

BOOST_AUTO_TEST_SUITE(log_tests)

BOOST_AUTO_TEST_CASE(what_a_peer_says_cannot_forge_a_line_or_steer_a_terminal) {
  const log_folder folder;
  const int file = ::open((folder.path / "err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  error_stream err{file};
  auto log = program_log::open(err, "info", (folder.path / "log").string());
  BOOST_REQUIRE(log.has_value());
  log->logger()->info("BF999 a\nb\x1b[31m\x7f {}", std::string(10'000, 'x'));
  for (const char* name : {"err", "log"}) {
    const auto text = folder.text(name);
    BOOST_TEST(text.find('\n') == text.size() - 1, name);
    BOOST_TEST(text.find("BF999 a\\x0ab\\x1b[31m\\x7f xxx") != std::string::npos,
               text.substr(0, 80));
    BOOST_TEST(text.size() < 5'000);
  }
  ::close(file);
}

BOOST_AUTO_TEST_CASE(levels_below_the_chosen_one_are_silent) {
  const log_folder folder;
  const int file = ::open((folder.path / "err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  error_stream err{file};
  auto log = program_log::open(err, "warning", "");
  log->logger()->info("BF998 quiet");
  log->logger()->warn("BF999 loud");
  const auto text = folder.text("err");
  BOOST_TEST(text.find("BF998") == std::string::npos);
  BOOST_TEST(text.find("warning BF999 loud") != std::string::npos);
  ::close(file);
}

BOOST_AUTO_TEST_CASE(a_file_that_was_moved_away_is_opened_anew) {
  const log_folder folder;
  error_stream err{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  auto log = program_log::open(err, "info", (folder.path / "log").string());
  log->logger()->info("BF001 before");
  std::filesystem::rename(folder.path / "log", folder.path / "old");
  log->logger()->info("BF002 still in the old one");
  log->reopen();
  log->logger()->info("BF003 after");
  BOOST_TEST(folder.text("old").find("BF002") != std::string::npos);
  BOOST_TEST(folder.text("log").find("BF003") != std::string::npos);
  BOOST_TEST(folder.text("old").find("BF003") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_again_leaves_the_old_one) {
  const log_folder folder;
  error_stream err{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  auto log = program_log::open(err, "info", (folder.path / "log").string());
  std::filesystem::rename(folder.path / "log", folder.path / "old");
  std::filesystem::create_directory(folder.path / "log");
  log->reopen();
  log->logger()->info("BF003 after");
  BOOST_TEST(folder.text("old").find("BF003") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_at_all_is_an_error) {
  error_stream err{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  BOOST_TEST(!program_log::open(err, "info", "/proc/nowhere/log").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
