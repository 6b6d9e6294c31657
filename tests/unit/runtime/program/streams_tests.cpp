#include "runtime/process/streams.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

/// A pipe that can be filled and emptied.
struct test_pipe {
  test_pipe() { BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0); }
  ~test_pipe() {
    close_reader();
    ::close(ends[1]);
  }
  test_pipe(const test_pipe&) = delete;
  test_pipe& operator=(const test_pipe&) = delete;
  void close_reader() {
    if (ends[0] >= 0)
      ::close(ends[0]);
    ends[0] = -1;
  }
  /// Leaves no room at all.
  void fill() {
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    const std::string block(4096, '.');
    while (::write(ends[1], block.data(), block.size()) > 0)
      filled += block.size();
    ::fcntl(ends[1], F_SETFL, 0);
  }
  std::string read_all() {
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    std::string out;
    char buffer[4096];
    for (;;) {
      const auto count = ::read(ends[0], buffer, sizeof buffer);
      if (count <= 0)
        return out;
      out.append(buffer, static_cast<std::size_t>(count));
    }
  }
  int ends[2] = {-1, -1};
  std::size_t filled = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(streams_tests)

BOOST_AUTO_TEST_CASE(lines_wait_for_a_reader_and_news_that_is_old_by_then_does_not) {
  test_pipe pipe;
  line_writer out{pipe.ends[1]};
  out.add("first", false);
  BOOST_TEST(out.waits_for() == -1);
  pipe.fill();
  out.add("second", false);
  out.add("droppable", true);
  out.add("third", false);
  BOOST_TEST(out.waits_for() == pipe.ends[1]);
  const auto before = pipe.read_all();
  BOOST_TEST(before.starts_with("first\n"));
  BOOST_TEST(out.finish(std::chrono::seconds{10}));
  BOOST_TEST(pipe.read_all() == "second\nthird\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_never_comes_is_not_waited_for) {
  test_pipe pipe;
  pipe.fill();
  line_writer out{pipe.ends[1]};
  out.add("lost", false);
  BOOST_TEST(!out.finish(std::chrono::milliseconds{1}));
}

BOOST_AUTO_TEST_CASE(what_waits_is_bounded) {
  test_pipe pipe;
  pipe.fill();
  line_writer out{pipe.ends[1]};
  const std::string line(100'000, 'x');
  for (int i = 0; i < 100; ++i)
    out.add(line, false);
  pipe.read_all();
  std::string all;
  for (int i = 0; i < 1000 && out.waits_for() >= 0; ++i) {
    out.flush();
    all += pipe.read_all();
  }
  BOOST_TEST(all.size() <= (1U << 20));
  BOOST_TEST(all.size() % (line.size() + 1) == 0);       // whole lines
  BOOST_TEST(!out.finish(std::chrono::milliseconds{1})); // and it says that some were lost
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_gone_ends_the_output_and_nothing_else) {
  // SIGPIPE is ignored in the program; here the descriptor is simply not writable.
  const int read_only = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  line_writer out{read_only};
  out.add("x", false);
  BOOST_TEST(out.failed());
  BOOST_TEST(!out.finish(std::chrono::milliseconds{1}));
  ::close(read_only);
}

BOOST_AUTO_TEST_CASE(log_lines_that_cannot_be_written_are_dropped_and_counted) {
  test_pipe pipe;
  error_stream err{pipe.ends[1]};
  BOOST_TEST(!err.is_terminal());
  err.live("not on a pipe");
  err.lines("one\n");
  BOOST_TEST(pipe.read_all() == "one\n");
  pipe.fill();
  err.lines("two\n");
  BOOST_TEST(err.dropped() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
