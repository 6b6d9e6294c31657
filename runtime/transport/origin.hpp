#pragma once

#include "chain/bytes.hpp"
#include "messages/errors.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace blockferry::runtime {

enum class scheme : std::uint8_t { http, https, file };

[[nodiscard]] std::string_view to_string(scheme one);

/// A mirror's base URL, taken apart.
struct origin {
  std::string base;   ///< without a slash at its end
  scheme how{};       ///< the only one that this mirror may use
  std::string host;   ///< lower case, IPv6 without brackets; empty for `file`
  std::string folder; ///< for `file`: the path, decoded, without a slash at its end
};

/// Reads `http://host[:port][/path]`, `https://...` or `file:///path`.  Errors: `invalid_argument`
/// with what does not fit: another scheme, user, query or fragment, a host that is neither a name
/// nor an address in full (`127.1` and `0x7f.1` are refused), a port beyond 1..65535, a byte that
/// a URL may not hold.
[[nodiscard]] tl::expected<origin, failure> parse_origin(std::string_view url);

/// Name of the file that starts at `file_start` (specification 1.1), or of latest.json (1.2).
[[nodiscard]] std::string file_name(std::optional<chain::height_t> file_start);

} // namespace blockferry::runtime
