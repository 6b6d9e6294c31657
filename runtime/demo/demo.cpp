#include "runtime/demo/demo.hpp"

#include "runtime/demo/child_process.hpp"
#include "runtime/demo/demo_blocks.hpp"
#include "runtime/demo/demo_cdn.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace blockferry::runtime {
namespace {

using namespace std::chrono_literals;

/// Long enough that a stop falls between two files, short enough for some ten seconds in all.
constexpr auto cdn_pace = 150ms;
constexpr unsigned files_before_sigterm = 8;
constexpr unsigned files_before_sigkill = 7;

constexpr const char* introduction =
    R"(blockferry demo: what becomes of a store when its node is stopped in the middle of a sync?

The blocks: number 0 is the genesis block of Aleo's mainnet. Numbers 1 to 1059 are empty blocks made by
the chain's own software (snarkVM 4.11.0) and signed by one test key: every hash, root and target in them
is right, but they are not the blocks of the live chain.

)";

/// Counts the CDN's answers in a descriptor that `poll` can wait for.
class answer_counter {
public:
  answer_counter() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {}
  ~answer_counter() { ::close(descriptor_); }
  answer_counter(const answer_counter&) = delete;
  answer_counter& operator=(const answer_counter&) = delete;
  void add() const { static_cast<void>(::eventfd_write(descriptor_, 1)); }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Answers since the last call; waits for one.
  [[nodiscard]] unsigned take() const {
    eventfd_t count = 0;
    static_cast<void>(::eventfd_read(descriptor_, &count));
    return static_cast<unsigned>(count);
  }

private:
  int descriptor_;
};

/// The last part of a signal's story: nobody interrupts.
constexpr int no_signal = 0;

class demonstration {
public:
  demonstration(std::ostream& out, std::filesystem::path folder, std::stop_token stop)
      : out_(out), folder_(std::move(folder)), stop_(std::move(stop)),
        cdn_(demo_blocks(), cdn_pace, [this] { answers_.add(); }) {}

  int run() {
    out_ << "A CDN on " << cdn_.url() << " serves them; now and then it stalls or flips a bit.\n";
    if (!step("1. A first sync, and SIGTERM in the middle of it.", sync_command(), SIGTERM,
              files_before_sigterm, {0, 0}) ||
        !step("2. It resumes where the receipt said, and SIGKILL hits it without a warning.",
              sync_command(), SIGKILL, files_before_sigkill, {0, SIGKILL}) ||
        !step("3. It resumes once more, without a repair step, and reaches the tip.",
              sync_command(), no_signal, 0, {0, 0}) ||
        !step("4. Every block is checked again, and every index and record against the blocks.",
              {"verify", "--store", store_path()}, no_signal, 0, {0, 0}))
      return EXIT_FAILURE;
    const auto counts = cdn_.counts();
    out_ << "\nWhat you saw: one SQLite file that held a gap-free run of verified blocks at every "
            "moment.\n"
         << "SIGTERM ended in a receipt for what is durable, SIGKILL lost nothing that was "
            "acknowledged,\n"
         << "and of the CDN's " << counts.stalled << " stalls and " << counts.lied
         << " lies none reached the store (" << counts.answered << " honest answers).\n";
    return EXIT_SUCCESS;
  }

private:
  [[nodiscard]] std::string store_path() const { return (folder_ / "store").string(); }
  [[nodiscard]] std::string log_path() const { return (folder_ / "log").string(); }
  [[nodiscard]] std::vector<std::string> sync_command() const {
    // Two transfers at once: with more, all files would be there before a signal could fall
    // between.
    return {"sync",    "--network",  "mainnet",       "--cdn", cdn_.url(),
            "--store", store_path(), "--connections", "2"};
  }

  /// Runs one command, interrupted after so many answers of the CDN; true if it ended as promised.
  bool step(const char* title, const std::vector<std::string>& command, int signal,
            unsigned answers_before, child_end promised) {
    out_ << "\n" << title << "\n   $ blockferry";
    for (const auto& word : command)
      out_ << " " << word;
    out_ << std::endl;
    auto child = child_process::start(command, log_path());
    if (!child) {
      out_ << "   cannot run: " << child.error() << "\n";
      return false;
    }
    {
      const std::stop_callback end_child{stop_, [&] { child->send_signal(SIGKILL); }};
      follow(*child, signal, answers_before);
    }
    const auto end = child->wait();
    if (stop_.stop_requested()) {
      out_ << "   (interrupted)\n";
      return false;
    }
    if (end.signal != 0)
      out_ << "   (killed by signal " << end.signal << ")\n";
    if (end.exit_code == promised.exit_code && end.signal == promised.signal)
      return true;
    out_ << "   UNEXPECTED END: exit code " << end.exit_code << ", signal " << end.signal
         << ". Its log:\n"
         << std::ifstream{log_path()}.rdbuf();
    return false;
  }

  /// Passes the child's output on until it closes it, and sends the signal when its time has come.
  void follow(const child_process& child, int signal, unsigned answers_before) {
    unsigned answers = 0;
    bool line_start = true;
    for (;;) {
      pollfd waits[] = {{child.output(), POLLIN, 0}, {answers_.descriptor(), POLLIN, 0}};
      ::poll(waits, 2, -1);
      if ((waits[1].revents & POLLIN) != 0) {
        const auto before = answers;
        answers += answers_.take();
        if (signal != no_signal && before < answers_before && answers >= answers_before) {
          out_ << "   -> " << (signal == SIGTERM ? "SIGTERM" : "SIGKILL") << " after the CDN's "
               << answers << "th answer" << std::endl;
          child.send_signal(signal);
        }
      }
      if ((waits[0].revents & (POLLIN | POLLHUP)) != 0 && !pass_output(child.output(), line_start))
        return;
    }
  }

  /// False at the end of the output.
  bool pass_output(int descriptor, bool& line_start) {
    char buffer[4096];
    const auto count = ::read(descriptor, buffer, sizeof buffer);
    if (count <= 0)
      return false;
    for (const char one : std::string_view{buffer, static_cast<std::size_t>(count)}) {
      if (line_start)
        out_ << "   | ";
      out_ << one;
      line_start = one == '\n';
    }
    out_.flush();
    return true;
  }

  std::ostream& out_;
  std::filesystem::path folder_;
  std::stop_token stop_;
  answer_counter answers_;
  demo_cdn cdn_;
};

} // namespace

int run_demo(std::ostream& out, std::stop_token stop) {
  out << introduction;
  auto name = (std::filesystem::temp_directory_path() / "blockferry-demo-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    out << "cannot make a folder like " << name << "; set TMPDIR to a folder that can be written\n";
    return EXIT_FAILURE;
  }
  const int result = demonstration{out, name, std::move(stop)}.run();
  std::error_code ignored; // a leftover folder below TMPDIR is no failure of the demonstration
  std::filesystem::remove_all(name, ignored);
  return result;
}

} // namespace blockferry::runtime
