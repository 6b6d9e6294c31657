#include "tests/hostile/connection.hpp"

#include "tests/hostile/tls_faults.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace blockferry::hostile {
namespace {

constexpr std::size_t input_bytes_max = 64 * 1024;
/// A connection that repeats bytes lets the others have their turn after so many.
constexpr std::uint64_t turn_bytes = std::uint64_t{1} << 20;

} // namespace

connection::connection(int descriptor, ssl_ctx_st* tls, connect_play played)
    : descriptor_(descriptor), played_(played) {
  if (tls == nullptr)
    return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, descriptor);
  SSL_set_accept_state(tls_);
  SSL_set_mode(tls_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  handshaking_ = true;
}

connection::~connection() {
  close();
}

void connection::close() {
  if (tls_ != nullptr)
    SSL_free(tls_);
  tls_ = nullptr;
  if (descriptor_ >= 0)
    ::close(descriptor_);
  descriptor_ = -1;
}

short connection::events() const noexcept {
  const bool reads = played_ != connect_play::silent && input.size() < input_bytes_max;
  return static_cast<short>((reads ? POLLIN : POLLRDHUP) | (wants_write_ ? POLLOUT : 0));
}

void connection::add(answer steps) {
  for (auto& one : steps)
    steps_.push_back(std::move(one));
}

void connection::call_off() {
  const bool begun = progress_ > 0 && !steps_.empty();
  if (begun && steps_.front().what != step::kind::send)
    return close();
  steps_.resize(begun ? 1 : 0);
  due_.reset();
}

bool connection::shake_hands() {
  const int result = SSL_accept(tls_);
  if (result == 1) {
    handshaking_ = false;
    wants_write_ = false;
    return true;
  }
  const int why = SSL_get_error(tls_, result);
  ERR_clear_error();
  wants_write_ = why == SSL_ERROR_WANT_WRITE;
  if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
    close();
  return false;
}

void connection::read() {
  if (handshaking_ && !shake_hands())
    return;
  std::array<char, 16384> buffer;
  for (;;) {
    const auto count = tls_ != nullptr
                           ? static_cast<ssize_t>(SSL_read(tls_, buffer.data(), buffer.size()))
                           : ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      input.append(buffer.data(), static_cast<std::size_t>(count));
      if (input.size() >= input_bytes_max)
        return;
      continue;
    }
    bool again = errno == EAGAIN || errno == EINTR;
    if (tls_ != nullptr) {
      const int why = SSL_get_error(tls_, static_cast<int>(count));
      again = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
      ERR_clear_error();
    }
    if (count == 0 || !again)
      close();
    return;
  }
}

connection::io connection::write(std::string_view bytes, std::size_t& written) {
  written = 0;
  if (bytes.empty())
    return io::done;
  if (tls_ != nullptr) {
    const auto size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20));
    const int count = SSL_write(tls_, bytes.data(), size);
    if (count > 0) {
      written = static_cast<std::size_t>(count);
      return io::done;
    }
    const int why = SSL_get_error(tls_, count);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? io::again : io::failed;
  }
  const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) {
    written = static_cast<std::size_t>(count);
    return io::done;
  }
  return errno == EAGAIN || errno == EINTR ? io::again : io::failed;
}

bool connection::due_at(clock::time_point now, std::chrono::milliseconds delay) {
  if (!due_)
    due_ = now + delay;
  if (now < *due_)
    return false;
  due_.reset();
  return true;
}

bool connection::advance_drip(step& one, clock::time_point now, std::uint64_t& sent) {
  while (progress_ < one.bytes.size()) {
    if (progress_ > 0 && !due_at(now, one.delay))
      return false;
    std::size_t count = 0;
    const auto end = write(std::string_view{one.bytes}.substr(progress_, one.piece), count);
    if (end == io::failed) {
      close();
      return false;
    }
    progress_ += count;
    sent += count;
    if (count == 0)
      due_ = now + one.delay;
  }
  return true;
}

bool connection::advance_repeat(step& one, std::uint64_t& sent) {
  const auto turn_end = progress_ + turn_bytes;
  while (progress_ < one.total) {
    wants_write_ = true;
    if (progress_ >= turn_end)
      return false;
    std::size_t count = 0;
    const auto end = write(std::string_view{one.bytes}.substr(progress_ % one.bytes.size()), count);
    if (end == io::failed)
      close();
    if (end != io::done)
      return false;
    progress_ += count;
    sent += count;
  }
  return true;
}

void connection::renegotiate(bool as_another) {
  if (tls_ == nullptr || SSL_version(tls_) != TLS1_2_VERSION)
    return;
  if (as_another)
    use_another_certificate(tls_);
  SSL_renegotiate(tls_);
  SSL_do_handshake(tls_); // sends the request; the handshake itself is made where bytes are read
  ERR_clear_error();
}

bool connection::advance(step& one, clock::time_point now, std::uint64_t& sent) {
  switch (one.what) {
  case step::kind::send:
    while (progress_ < one.bytes.size()) {
      std::size_t count = 0;
      const auto end = write(std::string_view{one.bytes}.substr(progress_), count);
      if (end == io::failed)
        close();
      wants_write_ = end == io::again;
      if (end != io::done)
        return false;
      progress_ += count;
      sent += count;
    }
    return true;
  case step::kind::drip:
    return advance_drip(one, now, sent);
  case step::kind::repeat:
    return advance_repeat(one, sent);
  case step::kind::wait:
    return due_at(now, one.delay);
  case step::kind::hang:
    return false;
  case step::kind::hang_up:
    if (tls_ != nullptr)
      SSL_shutdown(tls_);
    close();
    return false;
  case step::kind::cut:
    close();
    return false;
  case step::kind::renegotiate:
    renegotiate(one.another);
    return true;
  case step::kind::reset: {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
    return false;
  }
  }
  return false;
}

std::uint64_t connection::pump(clock::time_point now) {
  std::uint64_t sent = 0;
  if (handshaking_)
    return sent;
  wants_write_ = false;
  while (!ended() && !steps_.empty()) {
    if (!advance(steps_.front(), now, sent))
      return sent;
    steps_.pop_front();
    progress_ = 0;
    due_.reset();
    wants_write_ = false;
  }
  return sent;
}

} // namespace blockferry::hostile
