#pragma once

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace blockferry::runtime {

/// A port on loopback where a connection is never answered: its queue is full, so that the kernel
/// drops what else knocks, as a firewall would.
class full_listener {
public:
  full_listener() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const general = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, general, size) != 0 || ::listen(listener_, 0) != 0 ||
        ::getsockname(listener_, general, &size) != 0)
      throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
    for (int& one : waiting_) {
      one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      [[maybe_unused]] const int begun = ::connect(one, general, size);
    }
  }
  ~full_listener() {
    for (const int one : waiting_)
      ::close(one);
    ::close(listener_);
  }
  full_listener(const full_listener&) = delete;
  full_listener& operator=(const full_listener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::array<int, 4> waiting_{};
};

} // namespace blockferry::runtime
