#include "runtime/transport/option_checks.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>

namespace blockferry::runtime {
namespace {

bool holds_certificate(const std::string& path) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("-----BEGIN CERTIFICATE") ||
        line.starts_with("-----BEGIN TRUSTED CERTIFICATE"))
      return true;
  return false;
}

/// The schemes that libcurl takes for a proxy; without one it is http.
bool is_proxy(std::string_view url) {
  constexpr std::string_view schemes[] = {"http",    "https",  "socks4",
                                          "socks4a", "socks5", "socks5h"};
  const auto end = url.find("://");
  return end == std::string_view::npos ||
         std::ranges::find(schemes, url.substr(0, end)) != std::end(schemes);
}

failure invalid(std::string why) {
  return {errc::invalid_argument, std::move(why)};
}

} // namespace

tl::expected<std::vector<origin>, failure> check_options(const curl_options& options,
                                                         const std::string& system_ca_file) {
  if (options.origins.empty())
    return tl::unexpected(invalid("no origin is given; name at least one with --cdn"));
  std::vector<origin> out;
  for (const std::string& url : options.origins) {
    auto one = parse_origin(url);
    if (!one)
      return tl::unexpected(std::move(one.error()));
    out.push_back(std::move(*one));
  }
  if (!is_proxy(options.proxy))
    return tl::unexpected(invalid("the proxy '" + options.proxy +
                                  "' has no scheme that is known here; write http, https, socks4, "
                                  "socks4a, socks5 or socks5h"));
  if (std::ranges::any_of(options.proxy, [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
    return tl::unexpected(invalid("the proxy '" + options.proxy +
                                  "' holds a character that no URL may have; write it as "
                                  "http://host:port"));
  const bool https =
      std::ranges::any_of(out, [](const origin& one) { return one.how == scheme::https; });
  if (!options.ca_file.empty() && !holds_certificate(options.ca_file))
    return tl::unexpected(invalid("the CA file '" + options.ca_file +
                                  "' cannot be read or holds no certificate in PEM form; "
                                  "name one that does with --ca-file"));
  if (https && options.ca_file.empty() && !holds_certificate(system_ca_file))
    return tl::unexpected(invalid("no certificate authorities in '" + system_ca_file +
                                  "', so no https origin can be trusted; install the package "
                                  "ca-certificates, or name a file with --ca-file"));
  return out;
}

} // namespace blockferry::runtime
