#include "tests/unit/runtime/transport/scripted_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <map>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace blockferry::runtime {

scripted_server::scripted_server(std::function<std::string(const std::string&)> answer)
    : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen on loopback");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

scripted_server::~scripted_server() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
  thread_.join();
  ::close(listener_);
  ::close(wake_);
}

std::string scripted_server::url(const std::string& host) const {
  return "http://" + host + ":" + std::to_string(port_);
}

std::vector<std::string> scripted_server::heads() const {
  const std::lock_guard lock{mutex_};
  return heads_;
}

std::size_t scripted_server::connections() const {
  const std::lock_guard lock{mutex_};
  return connections_;
}

void scripted_server::run() {
  std::map<int, std::string> open; // what came on each connection and is no whole head yet
  for (;;) {
    std::vector<pollfd> wanted{{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    for (const auto& [number, text] : open)
      wanted.push_back({number, POLLIN, 0});
    ::poll(wanted.data(), wanted.size(), -1);
    if (wanted[1].revents != 0)
      break;
    if (wanted[0].revents != 0) {
      open[::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)];
      const std::lock_guard lock{mutex_};
      ++connections_;
    }
    for (std::size_t i = 2; i < wanted.size(); ++i) {
      if (wanted[i].revents == 0)
        continue;
      char piece[4096];
      const auto got = ::recv(wanted[i].fd, piece, sizeof piece, 0);
      std::string& text = open[wanted[i].fd];
      bool keep = got > 0;
      if (keep)
        text.append(piece, static_cast<std::size_t>(got));
      if (const auto end = text.find("\r\n\r\n"); keep && end != std::string::npos) {
        std::string head = text.substr(0, end + 2);
        text.erase(0, end + 4);
        std::ranges::transform(head, head.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        {
          const std::lock_guard lock{mutex_};
          heads_.push_back(head);
        }
        const std::string bytes = answer_(head);
        keep = !bytes.empty() && ::send(wanted[i].fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                                     static_cast<ssize_t>(bytes.size());
      }
      if (!keep) {
        ::close(wanted[i].fd);
        open.erase(wanted[i].fd);
      }
    }
  }
  for (const auto& [number, text] : open)
    ::close(number);
}

std::string ok_answer(std::string_view body, std::string_view more_headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string{more_headers} + "\r\n" + std::string{body};
}

} // namespace blockferry::runtime
