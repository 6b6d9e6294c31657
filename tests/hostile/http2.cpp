#include "tests/hostile/http2.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <nghttp2/nghttp2.h>
#include <utility>

namespace blockferry::hostile {
namespace {

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t frame_head_bytes = 9;

char byte(std::uint64_t value) {
  return static_cast<char>(static_cast<unsigned char>(value));
}

std::uint32_t number(std::string_view bytes) {
  std::uint32_t out = 0;
  for (const char one : bytes)
    out = out << 8 | static_cast<unsigned char>(one);
  return out;
}

/// A string's length in HPACK, with a prefix of seven bits.
std::string length_prefix(std::size_t length) {
  if (length < 127)
    return {byte(length)};
  std::string out{byte(127)};
  for (length -= 127; length >= 128; length >>= 7)
    out += byte(0x80 | (length & 0x7f));
  return out + byte(length);
}

/// The HEADERS frame of an HTTP/1.1 head.
std::string headers_frame(std::string_view head, std::uint32_t stream) {
  constexpr std::array forbidden = {"connection", "transfer-encoding", "keep-alive"};
  const auto line_end = head.find("\r\n");
  std::string block = field(":status", head.substr(head.find(' ') + 1, 3));
  for (auto at = line_end; at != std::string_view::npos && at + 2 < head.size();) {
    at += 2;
    const auto end = head.find("\r\n", at);
    const auto line =
        head.substr(at, end == std::string_view::npos ? std::string_view::npos : end - at);
    at = end;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
      continue;
    const auto name = lower(line.substr(0, colon));
    if (std::ranges::find(forbidden, name) != forbidden.end())
      continue;
    const auto from = line.find_first_not_of(' ', colon + 1);
    block += field(name, from == std::string_view::npos ? std::string_view{} : line.substr(from));
  }
  return frame(frame_kind::headers, flag_end_headers, stream, block);
}

bool ends_connection(const step& one) {
  return one.what == step::kind::hang || one.what == step::kind::hang_up ||
         one.what == step::kind::cut || one.what == step::kind::reset;
}

} // namespace

std::string four_bytes(std::uint32_t value) {
  return {byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)};
}

std::string frame(frame_kind kind, unsigned flags, std::uint32_t stream, std::string_view payload) {
  std::string out = four_bytes(static_cast<std::uint32_t>(payload.size())).substr(1);
  out += byte(static_cast<std::uint8_t>(kind));
  out += byte(flags);
  return out + four_bytes(stream) + std::string{payload};
}

std::string field(std::string_view name, std::string_view value) {
  return std::string{byte(0)} + length_prefix(name.size()) + std::string{name} +
         length_prefix(value.size()) + std::string{value};
}

std::string data_frames(std::uint32_t stream, std::string_view bytes, unsigned flags) {
  std::string out;
  do {
    const auto part = bytes.substr(0, frame_bytes_max);
    bytes.remove_prefix(part.size());
    out += frame(frame_kind::data, bytes.empty() ? flags : 0, stream, part);
  } while (!bytes.empty());
  return out;
}

http2_session::http2_session() {
  if (nghttp2_hd_inflate_new(&inflater_) != 0)
    throw std::bad_alloc{};
}

http2_session::~http2_session() {
  nghttp2_hd_inflate_del(inflater_);
}

bool http2_session::absorb(std::string& input) {
  called_off_ = false;
  if (!preface_seen_) {
    if (input.size() < preface.size())
      return false;
    input.erase(0, preface.size());
    preface_seen_ = true;
  }
  while (input.size() >= frame_head_bytes) {
    const std::string_view all{input};
    const std::size_t size = number(all.substr(0, 3));
    if (all.size() < frame_head_bytes + size)
      break;
    absorb_frame(static_cast<std::uint8_t>(all[3]), static_cast<unsigned char>(all[4]),
                 number(all.substr(5, 4)) & 0x7fffffff, all.substr(frame_head_bytes, size));
    input.erase(0, frame_head_bytes + size);
  }
  return called_off_;
}

void http2_session::absorb_frame(std::uint8_t kind, unsigned flags, std::uint32_t stream,
                                 std::string_view body) {
  switch (static_cast<frame_kind>(kind)) {
  case frame_kind::settings:
    if ((flags & flag_ack) == 0)
      replies_ += frame(frame_kind::settings, flag_ack, 0);
    break;
  case frame_kind::ping:
    if ((flags & flag_ack) == 0)
      replies_ += frame(frame_kind::ping, flag_ack, 0, body);
    break;
  case frame_kind::rst_stream:
    called_off_ = called_off_ || stream == under_way_;
    std::erase_if(requests_, [&](const http2_request& one) { return one.stream == stream; });
    break;
  case frame_kind::headers:
    if ((flags & flag_padded) != 0 && !body.empty()) {
      const std::size_t padding = static_cast<unsigned char>(body.front());
      body = body.substr(1, body.size() - 1 - std::min(padding, body.size() - 1));
    }
    if ((flags & flag_priority) != 0)
      body.remove_prefix(std::min<std::size_t>(5, body.size()));
    [[fallthrough]];
  case frame_kind::continuation:
    block_ += body;
    if ((flags & flag_end_headers) != 0)
      inflate(stream);
    break;
  case frame_kind::data:
  case frame_kind::push_promise:
  case frame_kind::goaway:
  case frame_kind::window_update:
  case frame_kind::unknown:
    break; // nothing of it matters here
  }
}

void http2_session::inflate(std::uint32_t stream) {
  http2_request out{stream, {}};
  const auto* at = reinterpret_cast<const std::uint8_t*>(block_.data());
  std::size_t left = block_.size();
  for (;;) {
    nghttp2_nv one{};
    int flags = 0;
    const auto used = nghttp2_hd_inflate_hd2(inflater_, &one, &flags, at, left, 1);
    if (used < 0)
      break;
    at += used;
    left -= static_cast<std::size_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
      const std::string name{reinterpret_cast<const char*>(one.name), one.namelen};
      std::string value{reinterpret_cast<const char*>(one.value), one.valuelen};
      if (name == ":method")
        out.head.method = std::move(value);
      else if (name == ":path")
        out.head.target = std::move(value);
      else
        out.head.headers.emplace_back(name, std::move(value));
    }
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0)
      break;
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  block_.clear();
  requests_.push_back(std::move(out));
}

std::string http2_session::take_replies() {
  return std::exchange(replies_, {});
}

std::optional<http2_request> http2_session::take_request() {
  if (requests_.empty())
    return std::nullopt;
  auto out = std::move(requests_.front());
  requests_.pop_front();
  under_way_ = out.stream;
  return out;
}

answer as_http2(const answer& from, std::uint32_t stream) {
  answer out;
  bool body_begun = false;
  for (const auto& one : from) {
    std::string_view bytes = one.bytes;
    if (!body_begun && !bytes.empty()) {
      const auto end = bytes.find("\r\n\r\n");
      out.push_back(send(headers_frame(bytes.substr(0, end), stream)));
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 4);
      body_begun = true;
    }
    switch (one.what) {
    case step::kind::send:
      if (!bytes.empty())
        out.push_back(send(data_frames(stream, bytes, 0)));
      break;
    case step::kind::drip:
      for (; !bytes.empty(); bytes.remove_prefix(std::min(one.piece, bytes.size()))) {
        out.push_back(send(data_frames(stream, bytes.substr(0, one.piece), 0)));
        out.push_back(wait(one.delay));
      }
      break;
    case step::kind::repeat:
      out.push_back(repeat(data_frames(stream, bytes, 0), one.total));
      break;
    case step::kind::wait:
    case step::kind::hang:
    case step::kind::hang_up:
    case step::kind::cut:
    case step::kind::reset:
    case step::kind::renegotiate: // HTTP/2 forbids it, and TLS 1.3 has none
      out.push_back(one);
      break;
    }
  }
  if (from.empty() || !ends_connection(from.back()))
    out.push_back(send(frame(frame_kind::data, flag_end_stream, stream)));
  return out;
}

} // namespace blockferry::hostile
