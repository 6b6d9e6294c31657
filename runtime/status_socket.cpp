#include "runtime/status_socket.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr int backlog = 16;

/// Closes on every way out.
class descriptor {
public:
  explicit descriptor(int value) noexcept : value_(value) {}
  descriptor(descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  descriptor& operator=(descriptor&&) = delete;
  ~descriptor() {
    if (value_ >= 0)
      ::close(value_);
  }
  [[nodiscard]] int get() const noexcept { return value_; }
  [[nodiscard]] int release() noexcept { return std::exchange(value_, -1); }

private:
  int value_;
};

/// A socket's address holds 107 bytes, a path may have 4,095: the folder's descriptor stands for
/// it.
sockaddr_un address_in(int folder) noexcept {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::snprintf(out.sun_path, sizeof out.sun_path, "/proc/self/fd/%d/%s", folder,
                status_socket_name);
  return out;
}

int open_folder(const std::filesystem::path& folder) noexcept {
  return ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

class unix_status_server final : public status_server {
public:
  unix_status_server(descriptor folder, descriptor listener, descriptor stop,
                     std::function<std::string()> answer)
      : folder_(std::move(folder)), listener_(std::move(listener)), stop_(std::move(stop)),
        answer_(std::move(answer)), thread_([this] { serve(); }) {}
  ~unix_status_server() override {
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
    ::unlinkat(folder_.get(), status_socket_name, 0);
  }

private:
  void serve() {
    for (;;) {
      pollfd waits[] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
      ::poll(waits, 2, -1);
      if (waits[1].revents != 0)
        return;
      if (waits[0].revents == 0)
        continue;
      const descriptor client{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (client.get() < 0)
        continue;
      const std::string text = answer_();
      // It fits the socket's buffer: a client that does not read gets no wait.
      static_cast<void>(
          !::send(client.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
    }
  }

  descriptor folder_;
  descriptor listener_;
  descriptor stop_;
  std::function<std::string()> answer_;
  std::thread thread_;
};

} // namespace

tl::expected<std::unique_ptr<status_server>, failure>
status_server::start(const std::filesystem::path& folder, std::function<std::string()> answer) {
  const auto fail = [&](const char* what) {
    return tl::make_unexpected(
        failure{errc::store_io,
                std::string{what} + " in " + folder.string() + ": " + std::strerror(errno)});
  };
  descriptor place{open_folder(folder)};
  if (place.get() < 0)
    return fail("opening the folder of the status socket");
  descriptor listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  descriptor stop{::eventfd(0, EFD_CLOEXEC)};
  if (listener.get() < 0 || stop.get() < 0)
    return fail("making the status socket");
  const sockaddr_un address = address_in(place.get());
  ::unlinkat(place.get(), status_socket_name, 0);
  // Before `bind`, which gives its mode to the name: so it never has another.
  if (::fchmod(listener.get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), backlog) != 0)
    return fail("binding the status socket");
  return std::make_unique<unix_status_server>(std::move(place), std::move(listener),
                                              std::move(stop), std::move(answer));
}

int connect_status_socket(const std::filesystem::path& folder) noexcept {
  const descriptor place{open_folder(folder)};
  if (place.get() < 0)
    return -1;
  descriptor client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const sockaddr_un address = address_in(place.get());
  if (client.get() < 0 ||
      ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return -1;
  return client.release();
}

} // namespace blockferry::runtime
