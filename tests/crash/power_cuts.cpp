// power_cuts: real power cuts of a file system under the real store; see README.md beside this
// file.
#include "storage/integrity.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/kit/bundle_maker.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <random>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace blockferry;

/// EXT4_IOC_SHUTDOWN, which XFS has too (fs/ext4/ext4.h): from then on nothing reaches the disk.
constexpr unsigned long shutdown_request = 0x8004587d;
constexpr std::uint32_t without_log_flush = 2;

struct options {
  std::string program = "power_cuts"; ///< as it was called
  std::uint64_t seed = 1;
  unsigned cuts = 20;
  std::string file_system = "ext4";
  std::filesystem::path folder;
};

bool shell(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// An image file with a file system, mounted through a loop device; gone with its object.
class loop_disk {
public:
  explicit loop_disk(const options& given)
      : image_(given.folder / "power.img"), mount_(given.folder / "power"),
        type_(given.file_system) {
    std::filesystem::create_directories(mount_);
    ready_ = shell("truncate -s 600M " + image_.string()) &&
             shell("mkfs." + type_ + (type_ == "ext4" ? " -q -F " : " -q -f ") + image_.string()) &&
             mount();
  }
  ~loop_disk() {
    unmount();
    std::error_code ignored;
    std::filesystem::remove(image_, ignored);
    std::filesystem::remove(mount_, ignored);
  }
  loop_disk(const loop_disk&) = delete;
  loop_disk& operator=(const loop_disk&) = delete;

  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return mount_; }
  [[nodiscard]] bool mount() {
    return shell("mount -t " + type_ + " -o loop " + image_.string() + " " + mount_.string());
  }
  bool unmount() { return shell("umount " + mount_.string()); }
  [[nodiscard]] bool cut() const {
    const int descriptor = ::open(mount_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    std::uint32_t how = without_log_flush;
    const bool done = descriptor >= 0 && ::ioctl(descriptor, shutdown_request, &how) == 0;
    ::close(descriptor);
    return done;
  }

private:
  std::filesystem::path image_;
  std::filesystem::path mount_;
  std::string type_;
  bool ready_ = false;
};

constexpr std::uint32_t files_a_group_max = 3;

storage::store_options store_of(const std::filesystem::path& folder) {
  storage::store_options out;
  out.folder = folder;
  out.identity.network = "made";
  return out;
}

/// Commits until it is killed, and says each height that was acknowledged.
[[noreturn]] void carry(const std::filesystem::path& folder, std::uint64_t seed, int say) {
  auto store = storage::open_store(store_of(folder));
  if (!store)
    ::_exit(1);
  kit::bundle_maker chain{{.block_bytes = 2000}};
  chain.resume((*store)->resume().state, (*store)->resume().known);
  std::mt19937_64 random{seed};
  for (;;) {
    std::vector<verified_bundle> group;
    for (std::uint64_t files = 1 + random() % files_a_group_max; files > 0; --files)
      group.push_back(chain.next());
    std::vector<const verified_bundle*> pointers;
    for (const auto& one : group)
      pointers.push_back(&one);
    if (!(*store)->commit(pointers))
      ::_exit(2);
    const height_t next = chain.state().next_height;
    if (::write(say, &next, sizeof next) != sizeof next)
      ::_exit(3);
  }
}

/// What is wrong with what the power cut left; none if nothing is.
std::optional<std::string> violation(const std::filesystem::path& folder, height_t acknowledged) {
  auto options = store_of(folder);
  {
    auto store = storage::open_store(options);
    if (!store)
      return "the store does not open: " + store.error().message;
    const height_t next = (*store)->resume().state.next_height;
    if (next < acknowledged || next > acknowledged + files_a_group_max * blocks_per_file)
      return "acknowledged up to " + std::to_string(acknowledged) + ", there up to " +
             std::to_string(next);
    acknowledged = next;
  }
  auto check = storage::offline_check::open(folder);
  if (!check)
    return check.error().message;
  for (const auto& done : {check->check_file(), check->check_records()})
    if (!done)
      return done.error().message;
  auto reader = storage::reader::open(folder);
  if (!reader)
    return reader.error().message;
  const kit::bundle_maker chain{{.block_bytes = 2000}};
  for (height_t height = 0; height < acknowledged; ++height) {
    const auto block = reader->block_at(height);
    if (!block || !*block || (*block)->bytes != chain.block_at(height) ||
        (*block)->block_hash != chain.hash_at(height))
      return "block " + std::to_string(height) + " is not the one that was committed";
  }
  return std::nullopt;
}

/// One cut: after some acknowledgements and a moment more, anywhere between two of them.
std::optional<std::string> cut_once(loop_disk& disk, const std::filesystem::path& folder,
                                    height_t& acknowledged, std::mt19937_64& random) {
  int ends[2] = {};
  if (::pipe(ends) != 0)
    return "no pipe";
  const auto seed = random();
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    carry(folder, seed, ends[1]);
  }
  ::close(ends[1]);
  height_t said = 0;
  const auto hear = [&] {
    const bool more = ::read(ends[0], &said, sizeof said) == sizeof said;
    if (more)
      acknowledged = said;
    return more;
  };
  for (std::uint64_t wait = random() % 6; wait > 0 && hear(); --wait)
    continue;
  for (std::uint64_t spin = random() % 3'000'000; spin > 0; --spin) // up to some milliseconds
    asm volatile("");
  const bool cut = disk.cut();
  ::kill(child, SIGKILL);
  while (hear()) // what it said before the cut
    continue;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  if (!cut)
    return "the file system could not be shut down";
  if (!disk.unmount() || !disk.mount())
    return "the file system could not be mounted again";
  return violation(folder, acknowledged);
}

int run(const options& given) {
  loop_disk disk{given};
  if (!disk.ready()) {
    std::cout << "SKIPPED: no " << given.file_system
              << " on a loop device here (needs root, losetup, mkfs." << given.file_system << ")\n";
    return 0;
  }
  std::mt19937_64 random{given.seed};
  unsigned violations = 0;
  height_t acknowledged = 0;
  std::uint64_t blocks = 0;
  std::filesystem::path folder;
  for (unsigned cut = 0; cut < given.cuts; ++cut) {
    // A first start is cut as well, again and again; a long store is begun anew.
    if (cut == 0 || acknowledged > 2000 || random() % 5 == 0) {
      blocks += acknowledged;
      acknowledged = 0;
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
      folder = disk.path() / ("store" + std::to_string(cut));
    }
    if (const auto wrong = cut_once(disk, folder, acknowledged, random)) {
      ++violations;
      std::cout << "VIOLATION cut " << cut << " of seed " << given.seed << ": " << *wrong
                << "\n  replay (the moments are the machine's): " << given.program << " --seed "
                << given.seed << " --file-system " << given.file_system << " --cuts " << cut + 1
                << "\n";
      acknowledged = 0;
      folder = disk.path() / ("after" + std::to_string(cut));
    }
  }
  std::cout << given.cuts << " power cuts on " << given.file_system << ", " << blocks + acknowledged
            << " blocks acknowledged, " << violations << " violations, seed " << given.seed << "\n";
  return violations == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Cuts the power of a file system under a store that commits."};
  options given;
  given.program = words[0];
  given.folder =
      std::filesystem::temp_directory_path() / ("blockferry-power-" + std::to_string(::getpid()));
  app.add_option("--seed", given.seed, "of sizes and moments");
  app.add_option("--cuts", given.cuts, "how many");
  app.add_option("--file-system", given.file_system, "ext4 or xfs");
  app.add_option("--folder", given.folder, "for the image and its mount point");
  CLI11_PARSE(app, count, words);
  const int code = run(given);
  std::error_code ignored;
  std::filesystem::remove(given.folder, ignored);
  return code;
}
