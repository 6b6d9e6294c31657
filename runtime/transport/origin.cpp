#include "runtime/transport/origin.hpp"

#include "messages/bundles.hpp"
#include "runtime/transport/address_rules.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace blockferry::runtime {
namespace {

constexpr std::size_t url_bytes_max = 2'048;
constexpr std::size_t host_bytes_max = 253; // RFC 1035

tl::unexpected<failure> refused(std::string_view url, std::string_view why) {
  return tl::unexpected(failure{errc::invalid_argument,
                                "the origin '" + std::string{url.substr(0, url_bytes_max)} +
                                    "' cannot be used: " + std::string{why} +
                                    "; write it as https://host/path, http://host:port/path or "
                                    "file:///path"});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Characters of a path (RFC 3986, 3.3), the percent sign with its two digits among them.
bool is_path(std::string_view path) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/";
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto c = static_cast<unsigned char>(path[i]);
    if (c == '%' && i + 2 < path.size() && is_hex(path[i + 1]) && is_hex(path[i + 2]))
      continue;
    if (c == '%' || c >= 0x80 ||
        (std::isalnum(c) == 0 && marks.find(static_cast<char>(c)) == std::string_view::npos))
      return false;
  }
  return true;
}

bool is_port(std::string_view port) {
  std::uint16_t number = 0;
  const auto end = port.data() + port.size();
  const auto read = std::from_chars(port.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end && number != 0 && is_digit(port.front());
}

/// A name of letters, digits, hyphens and underscores, whose last label is no number: resolvers
/// read such names as addresses in old notations.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > host_bytes_max)
    return false;
  std::string_view last;
  for (std::string_view rest = host; !rest.empty();) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    last = rest.substr(0, dot);
    if (last.empty() || last.size() > 63 || last.front() == '-' || last.back() == '-')
      return false;
    if (!std::ranges::all_of(last, [](unsigned char c) {
          return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_');
        }))
      return false;
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  return !last.starts_with("0x") && !std::ranges::all_of(last, is_digit);
}

std::optional<std::string> decoded(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      out.push_back(path[i]);
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= path.size() ||
        std::from_chars(path.data() + i + 1, path.data() + i + 3, value, 16).ptr !=
            path.data() + i + 3)
      return std::nullopt;
    out.push_back(static_cast<char>(value));
    i += 2;
  }
  return out.find('\0') == std::string::npos ? std::optional{out} : std::nullopt;
}

tl::expected<origin, failure> parse_file(std::string_view url, std::string_view rest) {
  if (rest.starts_with("localhost/"))
    rest.remove_prefix(std::string_view{"localhost"}.size());
  if (!rest.starts_with('/'))
    return refused(url, "a file origin needs an absolute path");
  auto folder = decoded(rest);
  if (!folder)
    return refused(url, "a percent sign without two hexadecimal digits, or a zero byte");
  while (folder->ends_with('/'))
    folder->pop_back();
  while (rest.ends_with('/'))
    rest.remove_suffix(1);
  return origin{"file://" + std::string{rest}, scheme::file, {}, std::move(*folder)};
}

tl::expected<origin, failure> parse_network(std::string_view url, scheme how,
                                            std::string_view rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = rest.substr(slash);
  if (authority.find('@') != std::string_view::npos)
    return refused(url, "user and password are not sent to a mirror");
  if (!is_path(path))
    return refused(url, "its path holds a character that a path may not have, or a query");
  const bool bracketed = authority.starts_with('[');
  const std::size_t close = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && close == std::string_view::npos)
    return refused(url, "its address has no closing bracket");
  const std::size_t host_end = std::min(close, authority.size());
  std::string host{bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end)};
  const std::string_view after =
      authority.substr(std::min(host_end + (bracketed ? 1 : 0), authority.size()));
  if (!after.empty() && (after.front() != ':' || after.size() < 2 || !is_port(after.substr(1))))
    return refused(url, "its port is no number from 1 to 65535");
  std::ranges::transform(host, host.begin(), [](unsigned char c) {
    return static_cast<char>(c < 0x80 ? std::tolower(c) : c);
  });
  if (bracketed ? host.find(':') == std::string::npos || !scope_of_literal(host)
                : !is_host_name(host) && !scope_of_literal(host))
    return refused(url, "its host is neither a name nor an address in full");
  while (path.ends_with('/'))
    path.remove_suffix(1);
  std::string base{to_string(how)};
  base += "://" + (bracketed ? "[" + host + "]" : host) + std::string{after} + std::string{path};
  return origin{std::move(base), how, std::move(host), {}};
}

} // namespace

std::string_view to_string(scheme one) {
  switch (one) {
  case scheme::http:
    return "http";
  case scheme::https:
    return "https";
  case scheme::file:
    return "file";
  }
  return "?";
}

tl::expected<origin, failure> parse_origin(std::string_view url) {
  if (url.size() > url_bytes_max)
    return refused(url, "it is longer than " + std::to_string(url_bytes_max) + " bytes");
  const std::size_t mark = url.find("://");
  if (mark == std::string_view::npos)
    return refused(url, "it has no scheme");
  std::string name{url.substr(0, mark)};
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string_view rest = url.substr(mark + 3);
  if (name == "file")
    return parse_file(url, rest);
  if (name == "http")
    return parse_network(url, scheme::http, rest);
  if (name == "https")
    return parse_network(url, scheme::https, rest);
  return refused(url, "its scheme is none of https, http and file");
}

std::string file_name(std::optional<chain::height_t> file_start) {
  if (!file_start)
    return "latest.json";
  // 64 bits: the last file of all ends beyond 2^32.
  return std::to_string(*file_start) + "." +
         std::to_string(std::uint64_t{*file_start} + blocks_per_file) + ".blocks";
}

} // namespace blockferry::runtime
