#include "tests/hostile/hostile_server.hpp"

#include "tests/hostile/connection.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <list>
#include <map>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace blockferry::hostile {
namespace {

/// A listening socket on 127.0.0.1.
class listener {
public:
  explicit listener(std::uint16_t port)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const int yes = 1;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(descriptor_, 256) != 0)
      throw std::runtime_error{"cannot listen on 127.0.0.1:" + std::to_string(port)};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~listener() { ::close(descriptor_); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// A new connection, or -1.
  [[nodiscard]] int accept() const {
    return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  }

private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

std::uint64_t mixed(std::uint64_t seed, std::string_view name, std::uint64_t nth) {
  std::uint64_t sum = seed ^ 0xcbf29ce484222325;
  for (const char one : name)
    sum = (sum ^ static_cast<unsigned char>(one)) * 0x100000001b3;
  return sum ^ nth * 0x9e3779b97f4a7c15;
}

bool shakes_hands(tls_fault what) {
  return what != tls_fault::no_tls && what != tls_fault::handshake_stalls &&
         what != tls_fault::handshake_noise && what != tls_fault::handshake_cut &&
         what != tls_fault::plain_http;
}

} // namespace

/// The atomics may be read from any thread; all else belongs to the server's.
class hostile_server::impl {
public:
  impl(file_set files, scenario played, server_options options)
      : files_(std::move(files)), played_(std::move(played)), options_(options),
        listener_(options.port), canary_(0), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (played_.tls != tls_fault::no_tls)
      identity_.emplace(played_.tls);
    if (played_.http2)
      identity_->only_http2();
    warm_up();
    thread_ = std::thread{[this] { run(); }};
  }
  ~impl() {
    stopping_ = true;
    ::eventfd_write(wake_, 1);
    thread_.join();
    connections_.clear();
    ::close(wake_);
  }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] bool with_tls() const { return played_.tls != tls_fault::no_tls; }
  [[nodiscard]] std::string canary_url() const {
    return "http://127.0.0.1:" + std::to_string(canary_.port());
  }
  [[nodiscard]] std::string authority_pem() const {
    return identity_ ? identity_->authority_pem() : std::string{};
  }
  [[nodiscard]] server_counts counts() const {
    return {connected_, requests_, hostile_, canary_visits_, bytes_sent_};
  }
  void heal() { healed_ = true; }

private:
  /// What is packed at its first use would be late by more than a client's time-outs.
  void warm_up() {
    std::mt19937_64 random;
    const request nothing;
    for (const auto& rule : played_.rules)
      if (rule.what->fault == "C7")
        rule.what->make({nothing, files_, {}, nullptr, 0, {}, random});
  }

  void run() {
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE); // OpenSSL writes without MSG_NOSIGNAL
    pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
    while (!stopping_)
      turn();
  }

  void turn() {
    std::vector<pollfd> waits = {
        {wake_, POLLIN, 0}, {listener_.descriptor(), POLLIN, 0}, {canary_.descriptor(), POLLIN, 0}};
    auto now = clock::now();
    auto timeout = std::chrono::milliseconds{1000};
    for (const auto& one : connections_) {
      waits.push_back({one.descriptor(), one.events(), 0});
      if (one.due())
        timeout = std::min(timeout,
                           std::max(std::chrono::ceil<std::chrono::milliseconds>(*one.due() - now),
                                    std::chrono::milliseconds{0}));
    }
    ::poll(waits.data(), waits.size(), static_cast<int>(timeout.count()));
    now = clock::now();
    std::size_t at = 3;
    for (auto& one : connections_)
      serve(one, waits[at++].revents, now);
    connections_.remove_if([](const connection& one) { return one.ended(); });
    if ((waits[1].revents & POLLIN) != 0)
      accept();
    for (int visitor = (waits[2].revents & POLLIN) != 0 ? canary_.accept() : -1; visitor >= 0;
         visitor = canary_.accept()) {
      ++canary_visits_;
      ::close(visitor);
    }
  }

  void serve(connection& one, short events, clock::time_point now) {
    const bool reads = one.played() != connect_play::silent;
    if ((events & POLLIN) != 0 && reads)
      one.read();
    else if ((events & (POLLHUP | POLLERR | POLLRDHUP)) != 0)
      one.close();
    if (one.http2 && one.http2->absorb(one.input))
      one.call_off();
    if (one.http2)
      one.add({send(one.http2->take_replies())});
    while (!one.ended()) {
      bytes_sent_ += one.pump(now);
      if (one.ended() || !one.idle() || !answer_next(one))
        return;
    }
  }

  void accept() {
    for (int descriptor = listener_.accept(); descriptor >= 0; descriptor = listener_.accept()) {
      const auto number = connected_++;
      const bool plays = !healed_ && (played_.connect_times == 0 || number < played_.connect_times);
      const auto how = plays ? played_.on_connect : connect_play::normal;
      const bool shakes = shakes_hands(played_.tls);
      auto& one =
          connections_.emplace_back(descriptor, shakes ? identity_->context() : nullptr, how);
      if (connections_.size() > options_.connections_max)
        one.close();
      one.add(at_connect(how));
      if (played_.http2) {
        one.http2 = std::make_unique<http2_session>();
        const bool plays_frames = plays_now() && number < 2 && played_.frames->open;
        one.add(plays_frames ? played_.frames->open() : answer{send(http2_opening())});
      }
    }
  }

  [[nodiscard]] bool plays_now() const { return !healed_ && played_.frames != nullptr; }

  bool answer_next_stream(connection& one) {
    const auto asked = one.http2->take_request();
    if (!asked)
      return false;
    ++requests_;
    ++one.requests;
    const std::string name{asked->head.file_name()};
    const auto* body = files_.find(name);
    if (plays_now() && played_.frames->make && body != nullptr && asked_before_[name] == 0) {
      ++asked_before_[name];
      ++hostile_;
      one.add(played_.frames->make({asked->stream, *body}));
    } else {
      one.add(as_http2(answer_to(asked->head), asked->stream));
    }
    return true;
  }

  [[nodiscard]] answer at_connect(connect_play how) const {
    if (played_.tls == tls_fault::handshake_noise)
      return {send("this is no TLS\r\n"), hang_up()};
    switch (how) {
    case connect_play::silent:
      return {hang()};
    case connect_play::closes:
      return {hang_up()};
    case connect_play::resets:
      return {reset()};
    case connect_play::speaks_first:
      return {send(head("200 OK", {length_header(5)}) + "early")};
    case connect_play::speaks_noise:
      return {send("\x01\x02\x03 noise without an end of line"), hang_up()};
    case connect_play::normal:
    case connect_play::one_request:
    case connect_play::one_request_close:
      return {};
    }
    return {};
  }

  /// False if no whole request is there.
  bool answer_next(connection& one) {
    if (one.http2)
      return answer_next_stream(one);
    if (played_.tls == tls_fault::handshake_stalls || played_.tls == tls_fault::handshake_cut) {
      if (one.input.empty())
        return false;
      one.add({played_.tls == tls_fault::handshake_cut ? cut() : hang()});
      one.input.clear();
      return true;
    }
    if (played_.tls == tls_fault::plain_http && !one.input.empty() && one.input.front() == 0x16) {
      one.input.clear();
      one.add({send(head("400 Bad Request", {length_header(0)})), hang_up()});
      return true;
    }
    auto asked = take_request(one.input);
    if (!asked)
      return false;
    ++requests_;
    ++one.requests;
    if (one.requests > 1 && !healed_ && one.played() == connect_play::one_request)
      one.add({reset()});
    else if (one.requests > 1 && !healed_ && one.played() == connect_play::one_request_close)
      one.add({hang_up()});
    else
      one.add(answer_to(*asked));
    return true;
  }

  [[nodiscard]] answer answer_to(const request& asked) {
    const std::string name{asked.file_name()};
    const auto nth = asked_before_[name]++;
    std::mt19937_64 random{mixed(options_.seed, name, nth)};
    const ask what{asked, files_, name, files_.find(name), nth, canary_url(), random};
    const auto start = bundle_start(name);
    const auto target = start ? play_target::blocks : play_target::latest;
    for (std::size_t i = 0; i < played_.rules.size() && !healed_; ++i) {
      const auto& rule = played_.rules[i];
      const bool meant = rule.what->target == target && what.content != nullptr &&
                         (!rule.file_start || rule.file_start == start);
      if (!meant || random() % 100 >= rule.percent)
        continue;
      if (auto& played = played_for_[{i, name}]; rule.times == 0 || played < rule.times) {
        ++played;
        ++hostile_;
        if (rule.same)
          random.seed(mixed(options_.seed, name, 0));
        return rule.what->make(what);
      }
    }
    return honest(what);
  }

  const file_set files_;
  const scenario played_;
  const server_options options_;
  listener listener_;
  listener canary_;
  std::optional<tls_identity> identity_;
  int wake_;
  std::list<connection> connections_;
  std::map<std::string, unsigned> asked_before_;
  std::map<std::pair<std::size_t, std::string>, unsigned> played_for_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> healed_{false};
  std::atomic<std::uint64_t> connected_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> hostile_{0};
  std::atomic<std::uint64_t> canary_visits_{0};
  std::atomic<std::uint64_t> bytes_sent_{0};
  std::thread thread_;
};

hostile_server::hostile_server(file_set files, scenario played, server_options options)
    : impl_(std::make_unique<impl>(std::move(files), std::move(played), options)) {}

hostile_server::~hostile_server() = default;

std::string hostile_server::url() const {
  return (impl_->with_tls() ? "https://localhost:" : "http://127.0.0.1:") +
         std::to_string(impl_->port());
}

std::uint16_t hostile_server::port() const {
  return impl_->port();
}

std::string hostile_server::canary_url() const {
  return impl_->canary_url();
}

std::string hostile_server::authority_pem() const {
  return impl_->authority_pem();
}

server_counts hostile_server::counts() const {
  return impl_->counts();
}

void hostile_server::heal() {
  impl_->heal();
}

} // namespace blockferry::hostile
