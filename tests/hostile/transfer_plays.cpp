#include "tests/hostile/play.hpp"

namespace blockferry::hostile {
namespace {

using namespace std::chrono_literals;
using classes = std::vector<std::string_view>;

/// Far beyond the time-outs that a test gives its client.
constexpr auto pause_between_drops = 100ms;

std::string front(const ask& asked, std::size_t parts, std::size_t of) {
  return honest_body(asked).substr(0, honest_body(asked).size() * parts / of);
}

std::string ok_length(const ask& asked) {
  return head("200 OK", {length_header(honest_body(asked).size())});
}
const std::string ok_chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string ok_bare = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

/// The chunks of `bytes` without the last, empty one.
std::string open_chunks(std::string_view bytes) {
  auto out = chunked(bytes, 4096);
  return out.substr(0, out.size() - 5);
}

void add_cut(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "C1", what, std::move(seen), play_target::blocks, make});
  };
  add("cut-before-body", "Content-Length, then the end", {"cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_length(a)), hang_up()};
      });
  add("cut-half", "half of the announced body, then the end", {"cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_length(a) + front(a, 1, 2)), hang_up()};
      });
  add("cut-last-byte", "all but the last byte, then the end", {"cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_length(a) + honest_body(a).substr(0, honest_body(a).size() - 1)),
                hang_up()};
      });
  add("cut-inside-chunk", "chunked, cut inside a chunk", {"cdn_truncated"},
      [](const ask& a) -> answer {
        const auto chunks = chunked(honest_body(a), 4096);
        return {send(ok_chunked + chunks.substr(0, chunks.size() / 2)), hang_up()};
      });
  add("cut-between-chunks", "chunked, cut after a whole chunk", {"cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_chunked + open_chunks(front(a, 1, 2))), hang_up()};
      });
  add("cut-before-last-chunk", "chunked, whole, but without the empty chunk", {"cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_chunked + open_chunks(honest_body(a))), hang_up()};
      });
  add("reset-at-once", "RST for an answer", {"cdn_unreachable", "cdn_protocol"},
      [](const ask&) -> answer { return {reset()}; });
  add("close-without-answer", "the end for an answer", {"cdn_unreachable", "cdn_protocol"},
      [](const ask&) -> answer { return {hang_up()}; });
  add("reset-inside-headers", "RST inside the headers",
      {"cdn_unreachable", "cdn_truncated", "cdn_protocol"}, [](const ask& a) -> answer {
        return {send(ok_length(a).substr(0, 20)), wait(5ms), reset()};
      });
  add("cut-inside-headers", "the end inside the headers",
      {"cdn_unreachable", "cdn_truncated", "cdn_protocol", "bundle_malformed"},
      [](const ask& a) -> answer {
        return {send(ok_length(a).substr(0, 20)), hang_up()};
      });
  add("reset-before-body", "RST after the headers", {"cdn_unreachable", "cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_length(a)), wait(5ms), reset()};
      });
  add("reset-inside-body", "RST inside the body", {"cdn_unreachable", "cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_length(a) + front(a, 1, 2)), wait(5ms), reset()};
      });
}

void add_without_length(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "C2", what, std::move(seen), play_target::blocks, make});
  };
  add("bare-cut-half", "no length; half of the body, then an orderly end", {"bundle_malformed"},
      [](const ask& a) -> answer {
        return {send(ok_bare + front(a, 1, 2)), hang_up()};
      });
  add("bare-cut-at-a-block", "no length; the end falls between two blocks", {"bundle_malformed"},
      [](const ask& a) -> answer {
        auto blocks = split_bundle(honest_body(a));
        const auto count = blocks.size();
        blocks.resize(count / 2);
        auto cut_body = join_bundle(blocks);
        cut_body.replace(0, 8, honest_body(a).substr(0, 8));
        return {send(ok_bare + cut_body), hang_up()};
      });
  add("bare-empty", "no length and no body", {"bundle_malformed", "cdn_truncated"},
      [](const ask&) -> answer {
        return {send(ok_bare), hang_up()};
      });
  add("bare-whole", "no length, but the whole body", {}, [](const ask& a) -> answer {
    return {send(ok_bare + honest_body(a)), hang_up()};
  });
}

void add_lengths(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "C3", what, std::move(seen), play_target::blocks, make});
  };
  const auto with = [](std::vector<std::string> headers) {
    return [headers](const ask& a) -> answer {
      return {send(head("200 OK", headers) + honest_body(a)), hang_up()};
    };
  };
  add("longer-than-length", "bytes after the announced length", {}, [](const ask& a) -> answer {
    return {send(ok_length(a) + honest_body(a) + "HTTP/1.1 200 OK\r\n"), hang_up()};
  });
  add("second-length-larger", "two Content-Lengths, the second too large",
      {"cdn_truncated", "cdn_protocol"}, [](const ask& a) -> answer {
        const auto size = honest_body(a).size();
        return {
            send(head("200 OK", {length_header(size), length_header(size + 100)}) + honest_body(a)),
            hang_up()};
      });
  add("second-length-smaller", "two Content-Lengths, the second too small",
      {"bundle_malformed", "cdn_protocol"}, [](const ask& a) -> answer {
        const auto size = honest_body(a).size();
        return {
            send(head("200 OK", {length_header(size), length_header(size / 2)}) + honest_body(a)),
            hang_up()};
      });
  add("length-and-chunked", "Content-Length and chunked at once", {"cdn_protocol"},
      [](const ask& a) -> answer {
        return {send(head("200 OK", {length_header(7), "Transfer-Encoding: chunked"}) +
                     chunked(honest_body(a), 4096))};
      });
  add("length-overflows", "a Content-Length of 30 digits", {"cdn_too_large", "cdn_protocol"},
      with({"Content-Length: 999999999999999999999999999999"}));
  add("length-negative", "Content-Length: -1", {"cdn_protocol"}, with({"Content-Length: -1"}));
  add("length-is-a-word", "Content-Length: many", {"cdn_protocol"}, with({"Content-Length: many"}));
  add("length-is-zero", "Content-Length: 0 before a body", {"bundle_malformed", "cdn_truncated"},
      with({"Content-Length: 0"}));
  add("chunk-size-is-a-word", "a chunk size that is no number", {"cdn_protocol", "cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_chunked + "zebra\r\n" + honest_body(a)), hang_up()};
      });
  add("chunk-size-overflows", "a chunk size of 20 hexadecimal digits",
      {"cdn_protocol", "cdn_truncated", "cdn_too_large"}, [](const ask& a) -> answer {
        return {send(ok_chunked + "ffffffffffffffffffff\r\n" + honest_body(a)), hang_up()};
      });
  add("chunk-size-negative", "a chunk size of -1", {"cdn_protocol", "cdn_truncated"},
      [](const ask& a) -> answer {
        return {send(ok_chunked + "-1\r\n" + honest_body(a)), hang_up()};
      });
  add("chunk-without-end", "a chunk longer than its size says",
      {"cdn_protocol", "cdn_truncated", "bundle_malformed"}, [](const ask& a) -> answer {
        return {send(ok_chunked + "10\r\n" + honest_body(a) + "0\r\n\r\n"), hang_up()};
      });
  add("endless-trailer", "trailers without an end after a whole chunked body",
      {"cdn_protocol", "cdn_timed_out", "cdn_too_large"}, [](const ask& a) -> answer {
        auto chunks = chunked(honest_body(a), 4096);
        chunks.resize(chunks.size() - 2);
        return {send(ok_chunked + chunks), repeat("X-More: yes\r\n", endless_bytes)};
      });
  add("http-0.9", "a body without any head", {"cdn_protocol", "cdn_bad_status"},
      [](const ask& a) -> answer {
        return {send(honest_body(a)), hang_up()};
      });
  add("http-1.0", "HTTP/1.0, its body ended by the end", {}, [](const ask& a) -> answer {
    return {send("HTTP/1.0 200 OK\r\n\r\n" + honest_body(a)), hang_up()};
  });
  add("status-line-is-noise", "bytes that are no status line", {"cdn_protocol", "cdn_bad_status"},
      [](const ask& a) -> answer {
        return {send("HTP/9 two hundred\r\n\r\n" + honest_body(a)), hang_up()};
      });
  add("header-with-zero-byte", "a zero byte in a header", {"cdn_protocol", "cdn_truncated"},
      [](const ask& a) -> answer {
        std::string bad = head("200 OK", {"X-Zero: a_b", length_header(honest_body(a).size())});
        bad[bad.find('_')] = '\0';
        return {send(bad + honest_body(a)), hang_up()};
      });
}

void add_endless(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view fault, std::string_view what,
                       classes seen, auto make) {
    out.push_back({name, fault, what, std::move(seen), play_target::blocks, make});
  };
  add("endless-chunks", "C4", "a chunked body without end", {"cdn_too_large", "cdn_timed_out"},
      [](const ask&) -> answer {
        return {send(ok_chunked),
                repeat("1000\r\n" + std::string(0x1000, 'x') + "\r\n", endless_bytes)};
      });
  add("endless-body", "C4", "a body without length or end", {"cdn_too_large", "cdn_timed_out"},
      [](const ask&) -> answer {
        return {send(ok_bare), repeat(std::string(0x4000, 'x'), endless_bytes)};
      });
  add("endless-tiny-chunks", "C4", "one byte a chunk, without end",
      {"cdn_too_large", "cdn_timed_out"}, [](const ask&) -> answer {
        std::string many;
        for (int i = 0; i < 1000; ++i)
          many += "1\r\nx\r\n";
        return {send(ok_chunked), repeat(many, endless_bytes)};
      });
  add("announced-terabyte", "C4", "a Content-Length of a terabyte, and the bytes to it",
      {"cdn_too_large", "cdn_timed_out"}, [](const ask&) -> answer {
        return {send(head("200 OK", {length_header(std::uint64_t{1} << 40)})),
                repeat(std::string(0x4000, 'x'), endless_bytes)};
      });
  add("endless-headers", "C5", "headers without end", {"cdn_protocol", "cdn_too_large"},
      [](const ask&) -> answer {
        return {send("HTTP/1.1 200 OK\r\n"), repeat("X-More: yes\r\n", endless_bytes)};
      });
  add("endless-header", "C5", "one header without end (libcurl calls it out of memory)",
      {"cdn_protocol", "cdn_too_large"}, [](const ask&) -> answer {
        return {send("HTTP/1.1 200 OK\r\nX-More: "), repeat(std::string(4096, 'y'), endless_bytes)};
      });
  add("endless-continue", "C5", "100 Continue without end",
      {"cdn_protocol", "cdn_timed_out", "cdn_too_large"}, [](const ask&) -> answer {
        return {repeat("HTTP/1.1 100 Continue\r\n\r\n", endless_bytes)};
      });
  add("endless-early-hints", "C5", "103 Early Hints without end",
      {"cdn_protocol", "cdn_timed_out", "cdn_too_large"}, [](const ask&) -> answer {
        return {repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", endless_bytes)};
      });
}

void add_slow(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view fault, std::string_view what,
                       classes seen, auto make) {
    out.push_back({name, fault, what, std::move(seen), play_target::blocks, make});
  };
  add("silent", "C6", "no answer", {"cdn_timed_out"},
      [](const ask&) -> answer { return {hang()}; });
  add("silent-inside-headers", "C6", "half of the headers, then nothing", {"cdn_timed_out"},
      [](const ask& a) -> answer {
        return {send(ok_length(a).substr(0, 24)), hang()};
      });
  add("silent-before-body", "C6", "the headers, then nothing", {"cdn_timed_out"},
      [](const ask& a) -> answer {
        return {send(ok_length(a)), hang()};
      });
  add("silent-inside-body", "C6", "half of the body, then nothing", {"cdn_timed_out"},
      [](const ask& a) -> answer {
        return {send(ok_length(a) + front(a, 1, 2)), hang()};
      });
  add("silent-before-last-byte", "C6", "all but the last byte, then nothing", {"cdn_timed_out"},
      [](const ask& a) -> answer {
        return {send(ok_length(a) + honest_body(a).substr(0, honest_body(a).size() - 1)), hang()};
      });
  add("dripping-body", "C6", "the body byte by byte", {"cdn_timed_out"},
      [](const ask& a) -> answer {
        return {send(ok_length(a)), drip(honest_body(a), 1, pause_between_drops)};
      });
  add("dripping-headers", "C6", "the headers byte by byte", {"cdn_timed_out"},
      [](const ask& a) -> answer { return {drip(ok_length(a), 1, pause_between_drops)}; });
  add("delayed", "C14", "up to 40 ms late", {}, [](const ask& a) {
    auto out_steps = honest(a);
    out_steps.insert(out_steps.begin(), wait(std::chrono::milliseconds{a.random() % 40}));
    return out_steps;
  });
  add("in-small-pieces", "C14", "the body in pieces of 1 to 2 KB", {}, [](const ask& a) -> answer {
    return {send(ok_length(a)), drip(honest_body(a), 1024 + a.random() % 1024, 1ms)};
  });
  add("late-by-seconds", "C14", "1 to 5 s late", {}, [](const ask& a) {
    auto steps = honest(a);
    steps.insert(steps.begin(), wait(std::chrono::milliseconds{1'000 + a.random() % 4'000}));
    return steps;
  });
  add("rate-limited", "C14", "100 kbit/s", {}, [](const ask& a) -> answer {
    return {send(ok_length(a)), drip(honest_body(a), 625, 50ms)};
  });
  add("often-reset", "C14", "RST at any place, three times in ten",
      {"cdn_unreachable", "cdn_truncated", "cdn_protocol"}, [](const ask& a) -> answer {
        if (a.random() % 10 >= 3)
          return honest(a);
        const auto all = ok_length(a) + honest_body(a);
        return {send(all.substr(0, a.random() % all.size())), wait(2ms), reset()};
      });
}

/// Another file's bytes, right in themselves.
const std::string* other_file(const ask& a) {
  for (const auto& [name, bytes] : a.files.files())
    if (name != a.name && bundle_start(name))
      return &bytes;
  return a.content;
}

void add_reused_connections(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "C15", what, std::move(seen), play_target::blocks, make});
  };
  add("closes-after-answer", "keep-alive promised, the connection closed all the same", {},
      [](const ask& a) {
        auto steps = honest(a);
        steps.push_back(hang_up());
        return steps;
      });
  add("resets-after-answer", "RST directly after a whole answer", {}, [](const ask& a) {
    auto steps = honest(a);
    steps.push_back(wait(5ms));
    steps.push_back(reset());
    return steps;
  });
  add("answer-to-another-request", "the bytes of another file", {"bundle_check_failed"},
      [](const ask& a) { return honest_with(*other_file(a)); });
  add("unasked-second-answer", "a second answer on the idle connection", {},
      [](const ask& a) -> answer {
        const auto body = *other_file(a);
        return {send(ok_length(a) + honest_body(a) + head("200 OK", {length_header(body.size())}) +
                     body)};
      });
}

} // namespace

void add_transfer_plays(std::vector<play>& out) {
  add_cut(out);
  add_without_length(out);
  add_lengths(out);
  add_endless(out);
  add_slow(out);
  add_reused_connections(out);
}

} // namespace blockferry::hostile
