#include "tests/hostile/play.hpp"

#include <array>
#include <zlib.h>

namespace blockferry::hostile {
namespace {

using classes = std::vector<std::string_view>;

/// Unpacked size: more than any time-out of a test lets a client unpack and keep.
constexpr std::size_t bomb_bytes = std::size_t{48} << 20;

/// `size` zero bytes as gzip: a thousandth of them.
std::string gzip_bomb(std::size_t size) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string zeros(1 << 16, '\0');
  std::string out;
  std::array<char, 1 << 14> buffer{};
  int end = Z_OK;
  for (std::size_t left = size; end != Z_STREAM_END;) {
    const auto piece = std::min(left, zeros.size());
    stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
    stream.avail_in = static_cast<uInt>(piece);
    left -= piece;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      end = deflate(&stream, left == 0 ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer.data(), buffer.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return out;
}

const std::string& bomb() {
  static const std::string bytes = gzip_bomb(bomb_bytes);
  return bytes;
}

void add_encodings(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "C7", what, std::move(seen), play_target::blocks, make});
  };
  const auto plain_as = [](std::string header) {
    return [header](const ask& a) -> answer {
      return {
          send(head("200 OK", {header, length_header(honest_body(a).size())}) + honest_body(a))};
    };
  };
  const auto bomb_as = [](std::string header) {
    return [header](const ask&) -> answer {
      return {send(head("200 OK", {header, length_header(bomb().size())}) + bomb())};
    };
  };
  add("gzip-bomb", "48 MiB as 48 KB of gzip", {"cdn_bad_encoding"},
      bomb_as("Content-Encoding: gzip"));
  add("nested-gzip", "gzip twice", {"cdn_bad_encoding"}, bomb_as("Content-Encoding: gzip, gzip"));
  add("transfer-gzip-bomb", "the bomb as a transfer coding, in chunks",
      {"cdn_bad_encoding", "cdn_too_large", "cdn_protocol"}, [](const ask&) -> answer {
        return {send(head("200 OK", {"Transfer-Encoding: gzip, chunked"}) + chunked(bomb(), 8192))};
      });
  add("gzip-that-is-plain", "right bytes under a false encoding", {"cdn_bad_encoding"},
      plain_as("Content-Encoding: gzip"));
  add("deflate", "Content-Encoding: deflate", {"cdn_bad_encoding"},
      plain_as("Content-Encoding: deflate"));
  add("brotli", "Content-Encoding: br", {"cdn_bad_encoding"}, plain_as("Content-Encoding: br"));
  add("zstd", "Content-Encoding: zstd", {"cdn_bad_encoding"}, plain_as("Content-Encoding: zstd"));
  add("unknown-encoding", "Content-Encoding: x-none-such", {"cdn_bad_encoding"},
      plain_as("Content-Encoding: x-none-such"));
  add("identity-encoding", "Content-Encoding: identity", {},
      plain_as("Content-Encoding: identity"));
}

void add_statuses(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view status, std::string_view what,
                       classes seen, bool with_body) {
    const std::string line{status};
    out.push_back({name, "C8", what, std::move(seen), play_target::blocks,
                   [line, with_body](const ask& a) -> answer {
                     const auto body = with_body ? honest_body(a) : std::string{};
                     return {send(head(line, {length_header(body.size())}) + body)};
                   }});
  };
  out.push_back({"html-error-page",
                 "C8",
                 "status 200 with an HTML page for a body",
                 {"bundle_malformed"},
                 play_target::blocks,
                 [](const ask&) {
                   return honest_with("<!DOCTYPE html><html><body>Bad gateway</body></html>");
                 }});
  add("status-201", "201 Created", "201 with right bytes", {"cdn_bad_status"}, true);
  add("status-203", "203 Non-Authoritative Information", "203 with right bytes", {"cdn_bad_status"},
      true);
  out.push_back({"status-204",
                 "C8",
                 "204 No Content",
                 {"cdn_bad_status"},
                 play_target::blocks,
                 [](const ask&) -> answer { return {send(head("204 No Content", {}))}; }});
  add("status-206", "206 Partial Content", "206 with right bytes", {"cdn_bad_status"}, true);
  out.push_back({"status-206-part",
                 "C8",
                 "206 with the first half",
                 {"cdn_bad_status"},
                 play_target::blocks,
                 [](const ask& a) -> answer {
                   const auto part = honest_body(a).substr(0, honest_body(a).size() / 2);
                   return {send(head("206 Partial Content", {length_header(part.size())}) + part)};
                 }});
  out.push_back({"status-304-unasked",
                 "C8",
                 "304 to a request without a condition",
                 {"cdn_bad_status", "cdn_protocol"},
                 play_target::blocks,
                 [](const ask&) -> answer { return {send(head("304 Not Modified", {}))}; }});
  add("status-400", "400 Bad Request", "400", {"cdn_bad_status"}, false);
  add("status-401", "401 Unauthorized", "401", {"cdn_bad_status"}, false);
  add("status-403", "403 Forbidden", "403", {"cdn_bad_status"}, false);
  add("status-404", "404 Not Found", "404 for a file in the middle", {"cdn_not_found"}, false);
  add("status-404-with-blocks", "404 Not Found", "404 with right bytes", {"cdn_not_found"}, true);
  add("status-407", "407 Proxy Authentication Required", "407", {"cdn_bad_status"}, false);
  add("status-410", "410 Gone", "410", {"cdn_not_found", "cdn_bad_status"}, false);
  add("status-500", "500 Internal Server Error", "500", {"cdn_bad_status"}, false);
  add("status-500-with-blocks", "500 Internal Server Error", "500 with right bytes",
      {"cdn_bad_status"}, true);
  add("status-502", "502 Bad Gateway", "502", {"cdn_bad_status"}, false);
  add("status-503", "503 Service Unavailable", "503", {"cdn_bad_status", "cdn_rate_limited"},
      false);
  add("status-504", "504 Gateway Timeout", "504", {"cdn_bad_status"}, false);
  add("status-599", "599 Unheard Of", "599", {"cdn_bad_status"}, false);
  add("status-999", "999 Unheard Of", "999", {"cdn_bad_status", "cdn_protocol"}, true);
  add("status-099", "099 Too Small", "099", {"cdn_bad_status", "cdn_protocol"}, true);
}

void add_retry_after(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, std::string status,
                       std::vector<std::string> headers) {
    headers.push_back(length_header(0));
    out.push_back(
        {name,
         "C9",
         what,
         {"cdn_rate_limited"},
         play_target::blocks,
         [status, headers](const ask&) -> answer { return {send(head(status, headers))}; }});
  };
  const std::string busy = "429 Too Many Requests";
  const std::string down = "503 Service Unavailable";
  add("retry-after-0", "429, retry after 0", busy, {"Retry-After: 0"});
  add("retry-after-1e9", "429, retry after 30 years", busy, {"Retry-After: 1000000000"});
  add("retry-after-negative", "503, retry after -5", down, {"Retry-After: -5"});
  add("retry-after-overflow", "503, retry after 2^64", down, {"Retry-After: 18446744073709551616"});
  add("retry-after-past", "429, retry at a date of 1994", busy,
      {"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"});
  add("retry-after-future", "503, retry at a date of 2199", down,
      {"Retry-After: Sun, 06 Nov 2199 08:49:37 GMT"});
  add("retry-after-word", "503, retry after 'soon'", down, {"Retry-After: soon"});
  add("retry-after-empty", "429, retry after nothing", busy, {"Retry-After:"});
  add("retry-after-twice", "429, two values", busy, {"Retry-After: 0", "Retry-After: 99999"});
  add("retry-after-missing", "429 without Retry-After", busy, {});
}

void add_redirects(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, auto location) {
    out.push_back(
        {name,
         "C10",
         what,
         {"cdn_bad_status"},
         play_target::blocks,
         [location](const ask& a) -> answer {
           return {send(head("302 Found", {"Location: " + location(a), length_header(0)}))};
         }});
  };
  const auto to = [](std::string place) { return [place](const ask&) { return place; }; };
  add("redirect-loop", "302 to itself", [](const ask& a) { return a.head.target; });
  add("redirect-to-canary", "302 to another port of this host",
      [](const ask& a) { return a.canary_url + "/" + a.name; });
  add("redirect-to-mapped-address", "302 to a loopback address as IPv6", [](const ask& a) {
    return "http://[::ffff:127.0.0.1]" + a.canary_url.substr(a.canary_url.rfind(':')) + "/" +
           a.name;
  });
  add("redirect-to-file", "302 to a file of the client", to("file:///etc/hostname"));
  add("redirect-to-ftp", "302 to FTP", to("ftp://127.0.0.1/blocks"));
  add("redirect-to-gopher", "302 to Gopher", to("gopher://127.0.0.1:1/x"));
  add("redirect-to-data", "302 to a data URL", to("data:application/octet-stream;base64,AAAA"));
  add("redirect-to-metadata-service", "302 to a link-local address",
      to("http://169.254.169.254/latest/meta-data"));
  add("redirect-nowhere", "302 without a place", to(""));
  add("redirect-far", "302 to a place of 100,000 bytes", to("/" + std::string(100000, 'a')));
  add("redirect-with-line-break", "302 whose place brings a header",
      to("/a\r\nSet-Cookie: stolen=1"));
  out.push_back({"redirect-permanent",
                 "C10",
                 "308 to another port of this host",
                 {"cdn_bad_status"},
                 play_target::blocks,
                 [](const ask& a) -> answer {
                   return {
                       send(head("308 Permanent Redirect",
                                 {"Location: " + a.canary_url + "/" + a.name, length_header(0)}))};
                 }});
}

} // namespace

void add_status_plays(std::vector<play>& out) {
  add_encodings(out);
  add_statuses(out);
  add_retry_after(out);
  add_redirects(out);
}

} // namespace blockferry::hostile
