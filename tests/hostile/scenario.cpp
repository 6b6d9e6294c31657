#include "tests/hostile/scenario.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace blockferry::hostile {
namespace {

constexpr connect_play connect_plays[] = {
    connect_play::normal,      connect_play::silent,           connect_play::closes,
    connect_play::resets,      connect_play::speaks_first,     connect_play::speaks_noise,
    connect_play::one_request, connect_play::one_request_close};

constexpr unsigned mixed_rules = 24;
constexpr unsigned mixed_percent = 15;
constexpr unsigned mixed_times = 4;

rule rule_of(const nlohmann::json& from) {
  rule out;
  const auto name = from.at("play").get<std::string>();
  out.what = find_play(name);
  if (out.what == nullptr)
    throw std::runtime_error{"no play is called '" + name + "'; --list names them"};
  if (from.contains("start"))
    out.file_start = from.at("start").get<std::uint64_t>();
  out.times = from.value("times", out.times);
  out.percent = from.value("percent", out.percent);
  return out;
}

connect_play connect_of(std::string_view name) {
  for (const auto one : connect_plays)
    if (to_string(one) == name)
      return one;
  throw std::runtime_error{"no connect play is called '" + std::string{name} + "'"};
}

} // namespace

std::string_view to_string(connect_play one) {
  switch (one) {
  case connect_play::normal:
    return "normal";
  case connect_play::silent:
    return "silent";
  case connect_play::closes:
    return "closes";
  case connect_play::resets:
    return "resets";
  case connect_play::speaks_first:
    return "speaks-first";
  case connect_play::speaks_noise:
    return "speaks-noise";
  case connect_play::one_request:
    return "one-request";
  case connect_play::one_request_close:
    return "one-request-close";
  }
  return "?";
}

scenario scenario_of_json(std::string_view text) {
  try {
    const auto from = nlohmann::json::parse(text);
    scenario out;
    for (const auto& one : from.value("rules", nlohmann::json::array()))
      out.rules.push_back(rule_of(one));
    out.on_connect = connect_of(from.value("connect", std::string{"normal"}));
    out.connect_times = from.value("connect_times", 0U);
    out.tls = tls_fault_of(from.value("tls", std::string{to_string(tls_fault::no_tls)}));
    out.http2 = from.value("http2", from.contains("frames"));
    if (from.contains("frames"))
      out.frames = find_http2_play(from.at("frames").get<std::string>());
    if (from.contains("frames") && out.frames == nullptr)
      throw std::runtime_error{"no HTTP/2 play is called '" + from.at("frames").get<std::string>() +
                               "'"};
    if (out.http2 && out.tls == tls_fault::no_tls)
      out.tls = tls_fault::none;
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error{std::string{"scenario: "} + error.what()};
  }
}

scenario mixed_scenario(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  scenario out;
  const auto& plays = all_plays();
  for (unsigned i = 0; i < mixed_rules; ++i)
    out.rules.push_back({&plays[random() % plays.size()], std::nullopt,
                         1 + static_cast<unsigned>(random() % mixed_times), mixed_percent});
  constexpr connect_play mild[] = {connect_play::normal, connect_play::normal, connect_play::closes,
                                   connect_play::resets, connect_play::one_request};
  out.on_connect = mild[random() % std::size(mild)];
  out.connect_times = 2;
  // One in four over HTTP/1.1 with TLS, one over HTTP/2, of those half with a lie in the frames.
  const auto over = random() % 4;
  if (over < 2)
    out.tls = tls_fault::none;
  out.http2 = over == 1;
  const auto& frames = all_http2_plays();
  if (out.http2 && random() % 2 == 0)
    out.frames = &frames[random() % frames.size()];
  return out;
}

} // namespace blockferry::hostile
