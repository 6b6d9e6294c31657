#include "tests/hostile/hung_resolver.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <dlfcn.h>
#include <mutex>
#include <netdb.h>
#include <string_view>

namespace blockferry::hostile {
namespace {

struct lookups {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t hung = 0;
  std::uint64_t releases = 0;
};

/// Never destroyed: a look-up may outlive `main`.
lookups& all() {
  static auto& one = *new lookups;
  return one;
}

constexpr std::chrono::seconds patience{60};

int hang() {
  std::unique_lock lock{all().mutex};
  ++all().hung;
  all().changed.notify_all();
  const std::uint64_t before = all().releases;
  all().changed.wait_for(lock, patience, [before] { return all().releases != before; });
  --all().hung;
  all().changed.notify_all();
  return EAI_AGAIN;
}

using resolver = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

} // namespace

std::size_t hung_lookups() {
  const std::lock_guard lock{all().mutex};
  return all().hung;
}

bool wait_for_hung_lookups(std::size_t count) {
  std::unique_lock lock{all().mutex};
  return all().changed.wait_for(lock, std::chrono::seconds{10},
                                [count] { return all().hung >= count; });
}

void release_lookups() {
  std::unique_lock lock{all().mutex};
  ++all().releases;
  all().changed.notify_all();
  all().changed.wait(lock, [] { return all().hung == 0; });
}

} // namespace blockferry::hostile

extern "C" [[gnu::visibility("default")]] int
getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** answers) {
  static const auto real =
      reinterpret_cast<blockferry::hostile::resolver>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string_view name = node == nullptr ? "" : node;
  if (name.ends_with(".hangs.test"))
    return blockferry::hostile::hang();
  if (name.ends_with(".nowhere.test"))
    return EAI_NONAME;
  return real(name.ends_with(".inner.test") ? "127.0.0.1" : node, service, hints, answers);
}
