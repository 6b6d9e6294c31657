#include "tests/hostile/play.hpp"

#include <algorithm>
#include <cstdio>

namespace blockferry::hostile {
namespace {

/// FNV-1a: an entity tag needs to differ, no more.
std::string tag_of(std::string_view bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char one : bytes)
    sum = (sum ^ static_cast<unsigned char>(one)) * 0x100000001b3;
  return "\"" + std::to_string(sum) + "\"";
}

} // namespace

std::string head(std::string_view status, const std::vector<std::string>& headers) {
  std::string out = "HTTP/1.1 " + std::string{status} + "\r\n";
  for (const auto& one : headers)
    out += one + "\r\n";
  return out + "\r\n";
}

std::string length_header(std::uint64_t length) {
  return "Content-Length: " + std::to_string(length);
}

std::string chunked(std::string_view body, std::size_t piece) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const auto part = body.substr(at, piece);
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", part.size());
    out += size;
    out += part;
    out += "\r\n";
  }
  return out + "0\r\n\r\n";
}

answer honest(const ask& asked) {
  if (asked.content == nullptr)
    return {send(head("404 Not Found", {length_header(0)}))};
  const auto tag = "ETag: " + tag_of(*asked.content);
  if (asked.head.header("if-none-match") == std::string_view{tag}.substr(6))
    return {send(head("304 Not Modified", {tag}))};
  const bool body = asked.head.method != "HEAD";
  return {send(head("200 OK", {length_header(asked.content->size()), tag,
                               "Content-Type: application/octet-stream"}) +
               (body ? *asked.content : std::string{}))};
}

answer honest_with(std::string body) {
  return {send(head("200 OK", {length_header(body.size())}) + body)};
}

const std::vector<play>& all_plays() {
  static const std::vector<play> plays = [] {
    std::vector<play> out;
    add_transfer_plays(out);
    add_status_plays(out);
    add_framing_plays(out);
    add_header_plays(out);
    add_latest_plays(out);
    add_tls_plays(out);
    return out;
  }();
  return plays;
}

const play* find_play(std::string_view name) {
  const auto found = std::ranges::find(all_plays(), name, &play::name);
  return found == all_plays().end() ? nullptr : &*found;
}

} // namespace blockferry::hostile
