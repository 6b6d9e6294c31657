#pragma once

#include "tests/hostile/request.hpp"
#include "tests/hostile/wire.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct nghttp2_hd_inflater;

namespace blockferry::hostile {

/// Types of frames (RFC 9113, section 6).
enum class frame_kind : std::uint8_t {
  data = 0,
  headers = 1,
  rst_stream = 3,
  settings = 4,
  push_promise = 5,
  ping = 6,
  goaway = 7,
  window_update = 8,
  continuation = 9,
  unknown = 0xfa, ///< of no meaning: to be ignored
};

/// Flags of frames; which ones a frame may have depends on its type.
constexpr unsigned flag_ack = 0x1;
constexpr unsigned flag_end_stream = 0x1;
constexpr unsigned flag_end_headers = 0x4;
constexpr unsigned flag_padded = 0x8;
constexpr unsigned flag_priority = 0x20;

/// The largest payload, in bytes, that a peer takes without having said so
/// (SETTINGS_MAX_FRAME_SIZE).
constexpr std::size_t frame_bytes_max = 16'384;

/// A frame, right or wrong: nothing is checked.
[[nodiscard]] std::string frame(frame_kind kind, unsigned flags, std::uint32_t stream,
                                std::string_view payload = {});
/// Four bytes, the highest first.
[[nodiscard]] std::string four_bytes(std::uint32_t value);
/// A header field as HPACK has it in its plainest form: literal, not indexed, no Huffman code.
/// Name and value of up to 16,000 bytes.
[[nodiscard]] std::string field(std::string_view name, std::string_view value);
/// Bytes as DATA frames; the last one with `flags`.
[[nodiscard]] std::string data_frames(std::uint32_t stream, std::string_view bytes, unsigned flags);

/// One request on a connection.
struct http2_request {
  std::uint32_t stream = 0;
  request head; ///< as HTTP/1.1 would have it
};

/// What a client says on one HTTP/2 connection.
class http2_session {
public:
  http2_session();
  ~http2_session();
  http2_session(const http2_session&) = delete;
  http2_session& operator=(const http2_session&) = delete;

  /// Takes all whole frames off `input`.  Returns whether the request under way was called off.
  bool absorb(std::string& input);
  /// The acknowledgements due so far; empties them.
  [[nodiscard]] std::string take_replies();
  /// The next request, which is then under way.
  [[nodiscard]] std::optional<http2_request> take_request();

private:
  void absorb_frame(std::uint8_t kind, unsigned flags, std::uint32_t stream, std::string_view body);
  void inflate(std::uint32_t stream);

  nghttp2_hd_inflater* inflater_ = nullptr;
  bool preface_seen_ = false;
  std::string block_; ///< of header fields, until it is whole
  std::deque<http2_request> requests_;
  std::string replies_;
  std::uint32_t under_way_ = 0;
  bool called_off_ = false;
};

/// An answer written for HTTP/1.1 as frames of a stream.  Lines that HTTP/2 forbids are left out;
/// chunks stay what they are, so that plays with chunks make no sense here.  No regard to the
/// peer's windows: libcurl opens them wider than any file here.
[[nodiscard]] answer as_http2(const answer& from, std::uint32_t stream);

} // namespace blockferry::hostile
