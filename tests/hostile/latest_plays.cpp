#include "tests/hostile/play.hpp"

namespace blockferry::hostile {
namespace {

/// Of a mirror that was left behind: inside a file.
constexpr std::uint64_t old_tip = 120;

using classes = std::vector<std::string_view>;

void add_bad_latest(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, std::string bytes,
                       classes seen = {"cdn_bad_latest"}) {
    out.push_back({name, "D8", what, std::move(seen), play_target::latest,
                   [bytes](const ask&) { return honest_with(bytes); }});
  };
  const auto height = [](std::string_view value) {
    return latest_of_text("{\"exclusive_height\":" + std::string{value} +
                          ",\"inclusive_height\":0,\"hash\":\"\"}");
  };
  add("latest-empty", "no bytes", "");
  add("latest-plain-json", "JSON without its length", "{\"exclusive_height\":10}");
  add("latest-html", "an HTML page", "<html>moved</html>");
  add("latest-length-2^64-1", "a length of 2^64 - 1", std::string(8, '\xff') + "{}");
  add("latest-cut", "less text than its length says", latest_of_height(100).substr(0, 40));
  add("latest-trailing-byte", "a byte after the text", latest_of_height(100) + "x");
  add("latest-is-a-list", "a JSON list", latest_of_text("[1,2,3]"));
  add("latest-is-null", "null", latest_of_text("null"));
  add("latest-no-height", "an object without the height", latest_of_text("{\"hash\":\"\"}"));
  add("latest-height-text", "a height in quotes", height("\"100\""));
  add("latest-height-negative", "height -1", height("-1"));
  add("latest-height-1e9", "height 1e9", height("1e9"));
  add("latest-height-fraction", "height 1.5", height("1.5"));
  add("latest-height-nan", "height NaN", height("NaN"));
  add("latest-height-2^32", "height 2^32", height("4294967296"));
  add("latest-height-2^64-1", "height 2^64 - 1", height("18446744073709551615"));
  add("latest-height-2^64", "height 2^64", height("18446744073709551616"));
  add("latest-height-of-10000-digits", "a height of 10,000 digits", height(std::string(10000, '9')),
      {"cdn_bad_latest", "cdn_too_large"});
  add("latest-deep", "100,000 open brackets", latest_of_text(std::string(100000, '[')),
      {"cdn_bad_latest", "cdn_too_large"});
  add("latest-deep-objects", "100,000 objects in each other",
      [] {
        std::string text;
        for (int i = 0; i < 100000; ++i)
          text += "{\"a\":";
        return latest_of_text(text);
      }(),
      {"cdn_bad_latest", "cdn_too_large"});
  add("latest-huge", "1 MB of text", latest_of_text(std::string(std::size_t{1} << 20, ' ')),
      {"cdn_bad_latest", "cdn_too_large"});
  add("latest-not-utf-8", "text that is no UTF-8",
      latest_of_text("{\"exclusive_height\":1,\"inclusive_height\":0,\"hash\":\"\xff\xfe\"}"));
  add("latest-of-blocks", "a file of blocks", std::string(8, '\0') + "blocks");
}

void add_odd_latest(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "D8", what, std::move(seen), play_target::latest, make});
  };
  add("latest-404", "no latest.json", {"cdn_not_found"},
      [](const ask&) -> answer { return {send(head("404 Not Found", {length_header(0)}))}; });
  add("latest-304-unasked", "304 to a request without a condition",
      {"cdn_bad_status", "cdn_protocol", "cdn_bad_latest"},
      [](const ask&) -> answer { return {send(head("304 Not Modified", {}))}; });
  add("latest-500", "status 500", {"cdn_bad_status"}, [](const ask&) -> answer {
    return {send(head("500 Internal Server Error", {length_header(0)}))};
  });
  add("latest-silent", "no answer", {"cdn_timed_out"},
      [](const ask&) -> answer { return {hang()}; });
  add("latest-endless", "a body without end", {"cdn_too_large"}, [](const ask&) -> answer {
    return {send("HTTP/1.1 200 OK\r\n\r\n"), repeat(std::string(4096, ' '), endless_bytes)};
  });
  add("latest-gzip", "Content-Encoding: gzip", {"cdn_bad_encoding"}, [](const ask& a) -> answer {
    const auto body = a.content == nullptr ? std::string{} : *a.content;
    return {send(head("200 OK", {"Content-Encoding: gzip", length_header(body.size())}) + body)};
  });
  add("latest-redirect", "302 to another port of this host", {"cdn_bad_status"},
      [](const ask& a) -> answer {
        return {send(
            head("302 Found", {"Location: " + a.canary_url + "/latest.json", length_header(0)}))};
      });
  add("latest-duplicate-keys", "two heights in one object", {"cdn_bad_latest"}, [](const ask& a) {
    const auto tip = std::to_string(a.files.block_count());
    return honest_with(latest_of_text("{\"exclusive_height\":" + tip + ",\"exclusive_height\":" +
                                      tip + ",\"inclusive_height\":0,\"hash\":\"\"}"));
  });
}

/// Lies that are a right latest.json.
void add_wrong_tips(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto height) {
    out.push_back({name, "D8", what, std::move(seen), play_target::latest,
                   [height](const ask& a) { return honest_with(latest_of_height(height(a))); }});
  };
  constexpr std::uint64_t far = 0xffffffff; // the greatest that parses
  add("latest-behind", "an old tip", {}, [](const ask&) { return old_tip; });
  add("latest-far", "the greatest tip there can be",
      {"bundle_malformed",
       "cdn_not_found"}, // the last file is too short for it, the next not there
      [](const ask&) { return far; });
  add("latest-backwards", "the tip, and an old one from the second request on", {},
      [](const ask& a) { return a.nth == 0 ? a.files.block_count() : old_tip; });
  add("latest-alternates", "the tip, an old one and one that will never be, in turn", {},
      [](const ask& a) {
        return a.nth % 3 == 0 ? a.files.block_count() : a.nth % 3 == 1 ? old_tip : far;
      });
}

/// D10: keys that a table of hashes would have to hold.
void add_floods_of_keys(std::vector<play>& out) {
  const auto flooded = [](std::size_t keys, std::uint64_t tip) {
    std::string text = "{";
    for (std::size_t i = 0; i < keys; ++i)
      text += "\"k" + std::to_string(i) + "\":0,";
    return latest_of_text(text + "\"exclusive_height\":" + std::to_string(tip) + "}");
  };
  out.push_back({"latest-400-keys",
                 "D10",
                 "400 members before the height",
                 {},
                 play_target::latest,
                 [=](const ask& a) { return honest_with(flooded(400, a.files.block_count())); }});
  out.push_back(
      {"latest-100000-keys",
       "D10",
       "100,000 members before the height",
       {"cdn_bad_latest", "cdn_too_large"},
       play_target::latest,
       [=](const ask& a) { return honest_with(flooded(100'000, a.files.block_count())); }});
}

} // namespace

void add_latest_plays(std::vector<play>& out) {
  add_bad_latest(out);
  add_odd_latest(out);
  add_wrong_tips(out);
  add_floods_of_keys(out);
}

} // namespace blockferry::hostile
