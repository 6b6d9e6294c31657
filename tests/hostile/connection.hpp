#pragma once

#include "tests/hostile/http2.hpp"
#include "tests/hostile/scenario.hpp"
#include "tests/hostile/wire.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace blockferry::hostile {

using clock = std::chrono::steady_clock;

/// One accepted connection: a non-blocking socket, perhaps TLS on it, and the steps still to do.
class connection {
public:
  /// Takes over `descriptor`.  `tls` may be null.
  connection(int descriptor, ssl_ctx_st* tls, connect_play played);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] connect_play played() const noexcept { return played_; }
  [[nodiscard]] bool ended() const noexcept { return descriptor_ < 0; }
  [[nodiscard]] bool idle() const noexcept { return steps_.empty() && !handshaking_; }
  /// poll(2) events it waits for.
  [[nodiscard]] short events() const noexcept;
  /// When its next step is due, if that is a matter of time.
  [[nodiscard]] std::optional<clock::time_point> due() const noexcept { return due_; }

  void add(answer steps);
  /// Reads what there is; ends the connection where its peer did.
  void read();
  /// Goes on with the steps as far as the peer takes them; returns bytes sent.
  std::uint64_t pump(clock::time_point now);
  /// Forgets the steps still to do, but for the rest of one that has begun; ends the connection
  /// where that one would go on without end.
  void call_off();
  void close();

  std::string input;                    ///< received and not yet taken
  unsigned requests = 0;                ///< taken so far
  std::unique_ptr<http2_session> http2; ///< null for HTTP/1.1

private:
  enum class io : std::uint8_t { done, again, failed };
  [[nodiscard]] io write(std::string_view bytes, std::size_t& written);
  [[nodiscard]] bool shake_hands();
  /// False if the step has to wait.
  bool advance(step& one, clock::time_point now, std::uint64_t& sent);
  bool advance_drip(step& one, clock::time_point now, std::uint64_t& sent);
  bool advance_repeat(step& one, std::uint64_t& sent);
  void renegotiate(bool as_another);
  bool due_at(clock::time_point now, std::chrono::milliseconds delay);

  int descriptor_;
  ssl_st* tls_ = nullptr;
  connect_play played_;
  bool handshaking_ = false;
  bool wants_write_ = false;
  std::deque<step> steps_;
  std::uint64_t progress_ = 0;
  std::optional<clock::time_point> due_;
};

} // namespace blockferry::hostile
