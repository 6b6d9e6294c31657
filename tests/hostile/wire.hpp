#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace blockferry::hostile {

/// One thing a server does on a connection; an answer is a list of them.
struct step {
  enum class kind : std::uint8_t {
    send,        ///< `bytes`, as fast as the peer takes them
    drip,        ///< `bytes`, `piece` at a time, each piece `delay` after the one before
    repeat,      ///< `bytes` over and over, `total` bytes in all
    wait,        ///< nothing for `delay`
    hang,        ///< nothing until the peer goes
    hang_up,     ///< an orderly end
    cut,         ///< an end without TLS's close_notify; without TLS as `hang_up`
    reset,       ///< RST
    renegotiate, ///< asks for a new handshake of TLS 1.2; with `another`, as another server
  };
  kind what = kind::send;
  std::string bytes{};
  std::uint64_t total = 0;
  std::size_t piece = 0;
  std::chrono::milliseconds delay{0};
  bool another = false;
};

/// What a server does about one request.  After the last step the connection waits for the next
/// request, unless a step ended it.
using answer = std::vector<step>;

inline step send(std::string bytes) {
  return {.what = step::kind::send, .bytes = std::move(bytes)};
}
inline step drip(std::string bytes, std::size_t piece, std::chrono::milliseconds delay) {
  return {.what = step::kind::drip,
          .bytes = std::move(bytes),
          .total = 0,
          .piece = piece,
          .delay = delay};
}
inline step repeat(std::string unit, std::uint64_t total) {
  return {.what = step::kind::repeat, .bytes = std::move(unit), .total = total};
}
inline step wait(std::chrono::milliseconds delay) {
  return {.what = step::kind::wait, .bytes = {}, .total = 0, .piece = 0, .delay = delay};
}
inline step hang() {
  return {.what = step::kind::hang};
}
inline step hang_up() {
  return {.what = step::kind::hang_up};
}
inline step cut() {
  return {.what = step::kind::cut};
}
inline step reset() {
  return {.what = step::kind::reset};
}

inline step renegotiate() {
  return {.what = step::kind::renegotiate};
}
inline step renegotiate_as_another() {
  return {.what = step::kind::renegotiate, .another = true};
}

/// More than any client may accept, and little enough to end by itself.
constexpr std::uint64_t endless_bytes = std::uint64_t{1} << 32;

} // namespace blockferry::hostile
