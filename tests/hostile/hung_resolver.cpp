#include "tests/hostile/hung_resolver.hpp"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>
#include <vector>

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

/// Tells whoever preloaded this, and cannot call `hung_lookups`, by a file.
void tell_that_one_hangs() {
  if (const char* path = std::getenv("HUNG_LOOKUP_FILE"); path != nullptr)
    if (std::FILE* file = std::fopen(path, "w"); file != nullptr)
      std::fclose(file);
}

int hang() {
  std::unique_lock lock{all().mutex};
  tell_that_one_hangs();
  ++all().hung;
  all().changed.notify_all();
  const std::uint64_t before = all().releases;
  all().changed.wait_for(lock, patience, [before] { return all().releases != before; });
  --all().hung;
  all().changed.notify_all();
  return EAI_AGAIN;
}

using resolver = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
using connector = int (*)(int, const sockaddr*, socklen_t);

/// Addresses of the public Internet as address rules see it (AS112, RFC 7535), which `connect`
/// below keeps on this machine: the first is loopback, and nobody answers at the others.
constexpr std::uint32_t outer_network = 0xc01fc400; // 192.31.196.0/24
constexpr std::uint32_t outer_mask = 0xffffff00;
constexpr const char* outer_address = "192.31.196.1";
constexpr const char* dead_address = "192.31.196.2";
constexpr const char* inner_address = "127.0.0.1";
constexpr std::size_t crowd = 1'000;

/// Whether a name is looked up for the first time.
bool is_first_lookup(const std::string& name) {
  static auto& seen = *new std::set<std::string>;
  const std::lock_guard lock{all().mutex};
  return seen.insert(name).second;
}

/// What a made-up name leads to; empty for a name that is left to the resolver.
std::vector<std::string> addresses_of(const std::string& name) {
  const auto under = [&name](std::string_view domain) { return name.ends_with(domain); };
  if (under(".inner.test"))
    return {inner_address};
  if (under(".flips.test"))
    return {is_first_lookup(name) ? outer_address : inner_address};
  if (under(".halfway.test"))
    return {dead_address, inner_address};
  if (under(".crowd.test"))
    return std::vector<std::string>(crowd, dead_address);
  return {};
}

/// One list of all answers; freeaddrinfo(3) frees it member by member.
int look_up_all(resolver real, const std::vector<std::string>& addresses, const char* service,
                const addrinfo* hints, addrinfo** answers) {
  *answers = nullptr;
  addrinfo** end = answers;
  for (const auto& one : addresses) {
    if (const int code = real(one.c_str(), service, hints, end); code != 0) {
      freeaddrinfo(std::exchange(*answers, nullptr));
      return code;
    }
    while (*end != nullptr)
      end = &(*end)->ai_next;
  }
  return 0;
}

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
  using namespace blockferry::hostile;
  static const auto real = reinterpret_cast<resolver>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string name = node == nullptr ? "" : node;
  if (name.ends_with(".hangs.test"))
    return hang();
  if (name.ends_with(".nowhere.test"))
    return EAI_NONAME;
  const auto addresses = addresses_of(name);
  return addresses.empty() ? real(node, service, hints, answers)
                           : look_up_all(real, addresses, service, hints, answers);
}

/// Leads no packet of a test to the public addresses that its names lead to.
extern "C" [[gnu::visibility("default")]] int connect(int descriptor, const sockaddr* address,
                                                      socklen_t size) {
  using namespace blockferry::hostile;
  static const auto real = reinterpret_cast<connector>(dlsym(RTLD_NEXT, "connect"));
  sockaddr_in to{};
  if (address == nullptr || address->sa_family != AF_INET || size < sizeof to)
    return real(descriptor, address, size);
  std::memcpy(&to, address, sizeof to);
  const std::uint32_t host = ntohl(to.sin_addr.s_addr);
  if ((host & outer_mask) != outer_network)
    return real(descriptor, address, size);
  if (host != outer_network + 1) {
    errno = ECONNREFUSED;
    return -1;
  }
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return real(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}
