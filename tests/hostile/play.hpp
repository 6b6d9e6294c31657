#pragma once

#include "tests/hostile/file_set.hpp"
#include "tests/hostile/request.hpp"
#include "tests/hostile/wire.hpp"

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// One request, as a play sees it.
struct ask {
  const request& head;
  const file_set& files;
  std::string name;           ///< of the file asked for
  const std::string* content; ///< honest bytes of it; null where there are none
  unsigned nth = 0;           ///< how often this file was asked for before
  std::string canary_url;     ///< a place that nobody may be led to
  std::mt19937_64& random;
};

/// The honest bytes of the file asked for; empty where there are none.
[[nodiscard]] inline std::string honest_body(const ask& asked) {
  return asked.content == nullptr ? std::string{} : *asked.content;
}

/// Which files a play is meant for.
enum class play_target : std::uint8_t { blocks, latest };

/// One way to misbehave.
struct play {
  std::string_view name;
  std::string_view fault; ///< row of the fault catalogue: "C1" .. "C16", "D1" .. "D11"
  std::string_view what;  ///< in words
  /// Names of the error codes that a client may class it under; empty: harmless.
  std::vector<std::string_view> classes;
  play_target target = play_target::blocks;
  std::function<answer(const ask&)> make;
};

/// An honest answer: 200 with ETag and Content-Length, 304 where the ETag is known, or 404.
[[nodiscard]] answer honest(const ask& asked);
/// An honest answer around other bytes.
[[nodiscard]] answer honest_with(std::string body);

/// "HTTP/1.1 STATUS", the header lines, an empty line.
[[nodiscard]] std::string head(std::string_view status, const std::vector<std::string>& headers);
[[nodiscard]] std::string length_header(std::uint64_t length);
/// A chunked body, `piece` bytes a chunk, with its end.
[[nodiscard]] std::string chunked(std::string_view body, std::size_t piece);

/// The plays, by part of the catalogue.
void add_transfer_plays(std::vector<play>& out); ///< C1 to C6, C14, C15
void add_status_plays(std::vector<play>& out);   ///< C7 to C10
void add_framing_plays(std::vector<play>& out);  ///< D1, D2, D4
void add_header_plays(std::vector<play>& out);   ///< D3, D5, D6, D11
void add_latest_plays(std::vector<play>& out);   ///< D8, D10
/// C12: what needs TLS below it; without TLS a handshake is nothing, and a cut an orderly end.
void add_tls_plays(std::vector<play>& out);

/// All of them; fixed order.
[[nodiscard]] const std::vector<play>& all_plays();
/// By name, or null.
[[nodiscard]] const play* find_play(std::string_view name);

} // namespace blockferry::hostile
