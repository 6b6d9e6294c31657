#include "tests/hostile/http2_plays.hpp"

#include "tests/hostile/play.hpp"

#include <algorithm>

namespace blockferry::hostile {
namespace {

using classes = std::vector<std::string_view>;
using kind = frame_kind;

/// Frames of a flood: more than any client may answer one by one for ever.
constexpr std::uint64_t flood = 200'000;

/// What a client makes of a connection that it must give up before it has an answer.
const classes closed = {"cdn_unreachable"};

std::string ok_block(const http2_ask& asked) {
  return field(":status", "200") + field("content-length", std::to_string(asked.body.size()));
}
std::string ok_headers(const http2_ask& asked) {
  return frame(kind::headers, flag_end_headers, asked.stream, ok_block(asked));
}
/// Half of the body, and the stream still open.
std::string half(const http2_ask& asked) {
  return ok_headers(asked) +
         data_frames(asked.stream, asked.body.substr(0, asked.body.size() / 2), 0);
}
std::string whole(const http2_ask& asked) {
  return ok_headers(asked) + data_frames(asked.stream, asked.body, flag_end_stream);
}
std::string goaway(std::uint32_t last_stream, std::uint32_t error) {
  return frame(kind::goaway, 0, 0, four_bytes(last_stream) + four_bytes(error));
}
std::string setting(unsigned id, std::uint32_t value) {
  return std::string{'\0', static_cast<char>(id)} + four_bytes(value);
}

void add_openings(std::vector<http2_play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto open) {
    out.push_back({name, what, std::move(seen), open, {}});
  };
  const auto after_settings = [](std::string frames) {
    return [frames = std::move(frames)]() -> answer { return {send(http2_opening() + frames)}; };
  };
  add("goaway-at-once", "GOAWAY before any answer", {"cdn_protocol", "cdn_unreachable"},
      []() -> answer {
        return {send(http2_opening() + goaway(0, 0)), hang_up()};
      });
  add("no-settings", "PING where SETTINGS must stand", closed,
      []() -> answer { return {send(frame(kind::ping, 0, 0, "12345678"))}; });
  add("http1-instead", "HTTP/1.1 where HTTP/2 was agreed", closed, []() -> answer {
    return {send(head("200 OK", {length_header(0)})), hang_up()};
  });
  add("silent-server", "no SETTINGS and no answer", {"cdn_timed_out"},
      []() -> answer { return {hang()}; });
  add("frame-of-16-mib", "a frame of the greatest length there is", closed, []() -> answer {
    return {send(http2_opening() + "\xff\xff\xff" + std::string(6, '\0')), hang()};
  });
  add("window-overflow", "windows beyond 2^31-1", closed,
      after_settings(frame(kind::window_update, 0, 0, four_bytes(0x7fffffff))));
  add("window-of-nothing", "WINDOW_UPDATE by 0", closed,
      after_settings(frame(kind::window_update, 0, 0, four_bytes(0))));
  add("reset-of-no-stream", "RST_STREAM for a stream that nobody opened", closed,
      after_settings(frame(kind::rst_stream, 0, 9, four_bytes(0))));
  add("settings-out-of-range", "a first window of 2^31", closed,
      after_settings(frame(kind::settings, 0, 0, setting(4, 0x80000000))));
  add("settings-of-odd-length", "SETTINGS of seven bytes", closed,
      after_settings(frame(kind::settings, 0, 0, std::string(7, '\0'))));
  add("no-streams-allowed", "MAX_CONCURRENT_STREAMS 0", {"cdn_timed_out"}, []() -> answer {
    return {send(frame(kind::settings, 0, 0, setting(3, 0))), hang()};
  });
  add("settings-flood", "SETTINGS without end", {"cdn_timed_out", "cdn_unreachable"},
      []() -> answer {
        const auto one = frame(kind::settings, 0, 0, setting(4, 65'535));
        return {send(http2_opening()), repeat(one, one.size() * flood), hang_up()};
      });
  add("ping-flood", "PING without end", {"cdn_timed_out", "cdn_unreachable"}, []() -> answer {
    const auto one = frame(kind::ping, 0, 0, "12345678");
    return {send(http2_opening()), repeat(one, one.size() * flood), hang_up()};
  });
  add("unknown-frames", "frames of an unknown type, which mean nothing", {},
      after_settings(frame(kind::unknown, 0xff, 0, "nothing")));
}

/// Plays that end a stream, or the connection, in its midst.
void add_ends(std::vector<http2_play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, what, std::move(seen), {}, make});
  };
  add("refused-stream", "RST_STREAM for the request", {"cdn_protocol"},
      [](const http2_ask& a) -> answer {
        return {send(frame(kind::rst_stream, 0, a.stream, four_bytes(2)))};
      });
  add("reset-inside-stream", "half the body, then RST_STREAM", {"cdn_protocol"},
      [](const http2_ask& a) -> answer {
        return {send(half(a) + frame(kind::rst_stream, 0, a.stream, four_bytes(2)))};
      });
  add("reset-as-if-well", "half the body, then RST_STREAM with NO_ERROR",
      {"cdn_truncated", "cdn_unreachable"}, [](const http2_ask& a) -> answer {
        return {send(half(a) + frame(kind::rst_stream, 0, a.stream, four_bytes(0)))};
      });
  add("ended-inside-stream", "half the announced body, then END_STREAM", {"cdn_protocol"},
      [](const http2_ask& a) -> answer {
        return {send(half(a) + frame(kind::data, flag_end_stream, a.stream))};
      });
  add("goaway-inside-stream", "half the body, then GOAWAY and the end",
      {"cdn_truncated", "cdn_unreachable"}, [](const http2_ask& a) -> answer {
        return {send(half(a) + goaway(a.stream, 0)), hang_up()};
      });
  add("goaway-with-an-error", "half the body, then GOAWAY for enhancing one's calm",
      {"cdn_protocol", "cdn_truncated", "cdn_unreachable"}, [](const http2_ask& a) -> answer {
        return {send(half(a) + goaway(0, 11)), hang_up()};
      });
  add("goaway-after-answer", "an answer, then GOAWAY and the end",
      {"cdn_truncated", "cdn_unreachable"}, // of the next, where it had begun there
      [](const http2_ask& a) -> answer {
        return {send(whole(a) + goaway(a.stream, 0)), hang_up()};
      });
  add("cut-inside-frame", "a DATA frame cut in its midst", {"cdn_truncated", "cdn_unreachable"},
      [](const http2_ask& a) -> answer {
        const auto all = whole(a);
        return {send(all.substr(0, all.size() / 2)), cut()};
      });
  add("silent-inside-frame", "a DATA frame that never ends", {"cdn_timed_out"},
      [](const http2_ask& a) -> answer {
        const auto all = whole(a);
        return {send(all.substr(0, all.size() / 2)), hang()};
      });
  add("body-beyond-length", "more DATA than announced", {"cdn_protocol"},
      [](const http2_ask& a) -> answer {
        return {send(ok_headers(a) + data_frames(a.stream, a.body, 0) +
                     frame(kind::data, flag_end_stream, a.stream, "more"))};
      });
  add("reset-flood", "an answer, and RST_STREAM for it again and again", {},
      [](const http2_ask& a) -> answer {
        const auto one = frame(kind::rst_stream, 0, a.stream, four_bytes(8));
        return {send(whole(a)), repeat(one, one.size() * 1'000)};
      });
}

/// Plays with header blocks and with frames that have no business there.
void add_frames(std::vector<http2_play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, what, std::move(seen), {}, make});
  };
  const auto headers = [](const http2_ask& a, std::string_view block) -> answer {
    return {send(frame(kind::headers, flag_end_headers, a.stream, block) +
                 data_frames(a.stream, a.body, flag_end_stream))};
  };
  add("no-status", "HEADERS without :status", {"cdn_protocol"},
      [=](const http2_ask& a) { return headers(a, field("server", "none")); });
  add("status-is-a-word", ":status of letters", {"cdn_protocol"},
      [=](const http2_ask& a) { return headers(a, field(":status", "abc")); });
  add("two-statuses", ":status twice", {"cdn_protocol"}, [=](const http2_ask& a) {
    return headers(a, field(":status", "200") + field(":status", "404"));
  });
  add("upper-case-name", "a header name in upper case", {"cdn_protocol"},
      [=](const http2_ask& a) { return headers(a, ok_block(a) + field("SERVER", "none")); });
  add("connection-header", "a header that HTTP/2 forbids", {"cdn_protocol"},
      [=](const http2_ask& a) { return headers(a, ok_block(a) + field("connection", "close")); });
  add("line-break-in-header", "a line break inside a value", {"cdn_protocol"},
      [=](const http2_ask& a) { return headers(a, ok_block(a) + field("etag", "a\r\nb: c")); });
  add("hpack-noise", "header fields that are none", closed,
      [=](const http2_ask& a) { return headers(a, std::string(64, '\xff')); });
  add("hpack-bomb", "a field of 4 KB, named 16,000 times by one byte each", closed,
      [=](const http2_ask& a) {
        // Indexed at its first place: 62 is the newest entry of the dynamic table.
        auto stored = field("x", std::string(3'900, 'x'));
        stored.front() = '\x40';
        return headers(a, ok_block(a) + stored + std::string(12'000, '\xbe'));
      });
  add("continuation-flood", "header fields without end", {"cdn_timed_out", "cdn_unreachable"},
      [](const http2_ask& a) -> answer {
        const auto more =
            frame(kind::continuation, 0, a.stream, field("x", std::string(1'000, 'x')));
        return {send(frame(kind::headers, 0, a.stream, ok_block(a))),
                repeat(more, more.size() * flood), hang_up()};
      });
  add("early-hints-flood", "103 without end", {"cdn_timed_out", "cdn_protocol", "cdn_truncated"},
      [](const http2_ask& a) -> answer {
        const auto hint = frame(kind::headers, flag_end_headers, a.stream, field(":status", "103"));
        return {repeat(hint, hint.size() * flood), hang_up()};
      });
  add("empty-data-flood", "DATA of nothing without end", {"cdn_timed_out", "cdn_truncated"},
      [](const http2_ask& a) -> answer {
        const auto nothing = frame(kind::data, 0, a.stream);
        return {send(ok_headers(a)), repeat(nothing, nothing.size() * flood / 2), hang_up()};
      });
  add("data-before-headers", "DATA, and only then HEADERS", closed,
      [](const http2_ask& a) -> answer {
        return {send(frame(kind::data, 0, a.stream, "early") + whole(a))};
      });
  add("answer-on-another-stream", "the answer on a stream that nobody opened", closed,
      [](const http2_ask& a) -> answer {
        return {send(whole({a.stream + 100, a.body}))};
      });
  add("push-promise", "a push that nobody asked for", closed, [](const http2_ask& a) -> answer {
    const auto promised = field(":method", "GET") + field(":scheme", "https") +
                          field(":authority", "localhost") + field(":path", "/latest.json");
    return {send(frame(kind::push_promise, flag_end_headers, a.stream, four_bytes(2) + promised) +
                 whole(a))};
  });
  add("padding", "DATA with the most padding there can be", {}, [](const http2_ask& a) -> answer {
    std::string all = ok_headers(a);
    for (std::size_t at = 0; at < a.body.size(); at += 8'192)
      all += frame(kind::data, flag_padded, a.stream,
                   '\xff' + std::string{a.body.substr(at, 8'192)} + std::string(255, '\0'));
    return {send(all + frame(kind::data, flag_end_stream, a.stream))};
  });
  add("padding-beyond-frame", "more padding than the frame has bytes",
      {"cdn_timed_out", "cdn_truncated"}, [](const http2_ask& a) -> answer {
        return {send(ok_headers(a) + frame(kind::data, flag_padded, a.stream, "\xff short"))};
      });
  add("trailers", "fields behind the body, which mean nothing", {},
      [](const http2_ask& a) -> answer {
        return {send(ok_headers(a) + data_frames(a.stream, a.body, 0) +
                     frame(kind::headers, flag_end_headers | flag_end_stream, a.stream,
                           field("x-end", "here")))};
      });
}

} // namespace

std::string http2_opening() {
  return frame(kind::settings, 0, 0);
}

const std::vector<http2_play>& all_http2_plays() {
  static const std::vector<http2_play> plays = [] {
    std::vector<http2_play> out;
    add_openings(out);
    add_ends(out);
    add_frames(out);
    return out;
  }();
  return plays;
}

const http2_play* find_http2_play(std::string_view name) {
  const auto found = std::ranges::find(all_http2_plays(), name, &http2_play::name);
  return found == all_http2_plays().end() ? nullptr : &*found;
}

} // namespace blockferry::hostile
