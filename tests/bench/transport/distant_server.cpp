#include "tests/bench/transport/distant_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <map>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace blockferry::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t piece_bytes = 256U << 10;
constexpr int turn_ms = 2;

struct answer {
  clock::time_point begins;
  std::string head;
  std::uint64_t sent = 0; ///< of head and body
};

struct peer {
  std::string asked;
  bool busy = false;
  answer now;
};

} // namespace

distant_server::distant_server(std::uint64_t file_bytes, std::chrono::milliseconds round_trip,
                               std::uint64_t bytes_per_second)
    : file_bytes_(file_bytes), round_trip_(round_trip), bytes_per_second_(bytes_per_second),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, general, size) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, general, &size) != 0)
    throw std::runtime_error("cannot listen on loopback");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

distant_server::~distant_server() {
  ends_ = true;
  thread_.join();
  ::close(listener_);
}

void distant_server::run() {
  const std::string body(piece_bytes, 'b');
  std::map<int, peer> peers;
  while (!ends_) {
    std::vector<pollfd> wanted{{listener_, POLLIN, 0}};
    for (const auto& [number, one] : peers)
      wanted.push_back({number, POLLIN, 0});
    ::poll(wanted.data(), wanted.size(), turn_ms);
    if (wanted[0].revents != 0) {
      const int made = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      // As every server does: or the end of a file waits for a delayed acknowledgement, 40 ms.
      const int on = 1;
      ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      peers[made];
      ++connections_;
    }
    const auto now = clock::now();
    for (std::size_t i = 1; i < wanted.size(); ++i) {
      peer& one = peers[wanted[i].fd];
      if (wanted[i].revents != 0) {
        char bytes[4096];
        const auto got = ::recv(wanted[i].fd, bytes, sizeof bytes, 0);
        if (got <= 0) {
          ::close(wanted[i].fd);
          peers.erase(wanted[i].fd);
          continue;
        }
        one.asked.append(bytes, static_cast<std::size_t>(got));
      }
      if (const auto end = one.asked.find("\r\n\r\n"); !one.busy && end != std::string::npos) {
        one.asked.erase(0, end + 4);
        one.busy = true;
        one.now = {now + round_trip_,
                   "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(file_bytes_) + "\r\n\r\n",
                   0};
      }
      if (!one.busy || now < one.now.begins)
        continue;
      // What the line may have carried by now; sockets that are full take the rest at a later turn.
      const double seconds = std::chrono::duration<double>(now - one.now.begins).count();
      const std::uint64_t whole = one.now.head.size() + file_bytes_;
      const auto due = std::min(
          whole, one.now.head.size() +
                     static_cast<std::uint64_t>(seconds * static_cast<double>(bytes_per_second_)));
      while (one.now.sent < due) {
        const bool in_head = one.now.sent < one.now.head.size();
        const char* from = in_head ? one.now.head.data() + one.now.sent : body.data();
        const auto most = in_head ? one.now.head.size() - one.now.sent
                                  : std::min<std::uint64_t>(body.size(), due - one.now.sent);
        const auto put = ::send(wanted[i].fd, from, most, MSG_NOSIGNAL);
        if (put <= 0)
          break;
        one.now.sent += static_cast<std::uint64_t>(put);
      }
      one.busy = one.now.sent < whole;
    }
  }
  for (const auto& [number, one] : peers)
    ::close(number);
}

} // namespace blockferry::bench
