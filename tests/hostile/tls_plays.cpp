#include "tests/hostile/play.hpp"

namespace blockferry::hostile {
namespace {

using namespace std::chrono_literals;
using classes = std::vector<std::string_view>;

const std::string ok_until_end = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

/// A body in two halves, and something between them.
answer around(const ask& asked, const std::vector<step>& between) {
  const auto body = honest_body(asked);
  answer out = {
      send(head("200 OK", {length_header(body.size())}) + body.substr(0, body.size() / 2))};
  out.insert(out.end(), between.begin(), between.end());
  out.push_back(send(body.substr(body.size() / 2)));
  return out;
}

} // namespace

void add_tls_plays(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "C12", what, std::move(seen), play_target::blocks, make});
  };
  add("no-close-notify", "no length; the whole body, then the end without close_notify", {},
      [](const ask& a) -> answer {
        return {send(ok_until_end + honest_body(a)), cut()};
      });
  add("no-close-notify-half", "no length; half of the body, then the end without close_notify",
      {"bundle_malformed"}, [](const ask& a) -> answer {
        return {send(ok_until_end + honest_body(a).substr(0, honest_body(a).size() / 2)), cut()};
      });
  add("renegotiation", "a new handshake inside the body", {}, [](const ask& a) {
    return around(a, {renegotiate(), wait(5ms)});
  });
  add("renegotiation-as-another", "a new handshake inside the body, with a stranger's certificate",
      {"cdn_truncated"}, [](const ask& a) {
        return around(a, {renegotiate_as_another(), wait(20ms)});
      });
  add("renegotiation-flood", "a hundred handshakes inside the body", {}, [](const ask& a) {
    std::vector<step> between;
    for (int i = 0; i < 100; ++i)
      between.insert(between.end(), {renegotiate(), wait(1ms)});
    return around(a, between);
  });
}

} // namespace blockferry::hostile
