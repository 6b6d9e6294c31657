#pragma once

#include "tests/hostile/http2.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// One request, as a play of frames sees it.
struct http2_ask {
  std::uint32_t stream = 0;
  std::string_view body; ///< honest bytes of the file
};

/// One way to misbehave below HTTP's meaning: in the frames (C15).
struct http2_play {
  std::string_view name;
  std::string_view what; ///< in words
  /// Names of the error codes that a client may class it under; empty: harmless.
  std::vector<std::string_view> classes;
  std::function<answer()> open; ///< instead of the server's SETTINGS; empty: as it should be
  std::function<answer(const http2_ask&)> make; ///< for the first request for a file; or empty
};

/// The server's SETTINGS, with which an HTTP/2 connection begins.
[[nodiscard]] std::string http2_opening();

/// All of them; fixed order.
[[nodiscard]] const std::vector<http2_play>& all_http2_plays();
/// By name, or null.
[[nodiscard]] const http2_play* find_http2_play(std::string_view name);

} // namespace blockferry::hostile
