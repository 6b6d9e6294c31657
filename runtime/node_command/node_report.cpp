#include "runtime/node_command/node_report.hpp"

#include "chain/name.hpp"
#include "runtime/node_command/progress_text.hpp"
#include "runtime/node_json.hpp"
#include "storage/sqlite.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace blockferry::runtime {
namespace {

using json = nlohmann::ordered_json;
constexpr std::chrono::seconds line_interval{10};
constexpr std::chrono::seconds reader_patience{5};

std::string event_line(const char* event, const json& members) {
  json out{{"event", event}};
  out.update(members);
  return one_line(out);
}

json refused_json(const bundle_refused& bundle) {
  return {{"file_start", bundle.file_start},
          {"url", bundle.source.url},
          {"code", to_string(bundle.why.code)},
          {"message", bundle.why.message},
          {"check", bundle.check ? check_failure_json(*bundle.check) : json(nullptr)}};
}

} // namespace

node_report::node_report(const program_options& options, const process_streams& process,
                         event_queue& events)
    : options_(options), process_(process), events_(events),
      next_line_(std::chrono::steady_clock::now() + line_interval) {}

void node_report::show_opened(const storage::resume_point& from, const node_plan& plan) {
  const auto next = from.state.next_height;
  process_.log.logger()->info("BF101 store {} opened: network {}, {} from height {}, level {}, "
                              "last stop {}, SQLite {} ({})",
                              options_.store, plan.network.name,
                              next == from.state.start_height ? "starting" : "resuming", next,
                              chain::to_string(options_.verify),
                              from.clean ? (from.last_receipt ? "clean" : "none yet") : "not clean",
                              storage::sqlite_version(), storage::wal_reset_status());
  if (plan.node.until && next > std::uint64_t{*plan.node.until} + 1)
    process_.log.logger()->warn("BF105 the store reaches beyond --until {} already; nothing is "
                                "fetched, and no block is taken away",
                                *plan.node.until);
}

void node_report::show_refusal(const failure& why, exit_code code) {
  process_.log.logger()->error("BF003 cannot start ({}): {}", to_string(why.code), why.message);
  if (options_.json)
    process_.out.add(event_line("refused_start", {{"code", to_string(why.code)},
                                                  {"message", why.message},
                                                  {"exit_code", static_cast<int>(code)}}),
                     false);
  process_.out.finish(reader_patience);
}

void node_report::show(const node_event& event) {
  if (const auto* phase = std::get_if<phase_changed>(&event))
    show_phase(*phase);
  else if (const auto* progress = std::get_if<progressed>(&event))
    show_status(progress->status);
  else if (const auto* one = std::get_if<refused>(&event); one != nullptr && options_.json)
    process_.out.add(event_line("refused", refused_json(one->bundle)), false);
}

void node_report::show_phase(const phase_changed& news) {
  if (stalls_.enter(news, std::chrono::steady_clock::now()))
    process_.log.logger()->info("BF203 goes on");
  else
    process_.log.logger()->debug("BF104 {}", to_string(news.phase));
  if (options_.json)
    process_.out.add(
        event_line("state", {{"state", to_string(news.phase)},
                             {"stalled", news.why ? stall_json(*news.why) : json(nullptr)}}),
        false);
}

void node_report::show_status(const node_status& status) {
  status_ = status;
  process_.err.live(progress_text(status));
  if (options_.json)
    process_.out.add(event_line("progress", node_status_json(status)), true);
}

std::chrono::milliseconds node_report::due_in() const {
  const auto next = std::min(next_line_, stalls_.next_due().value_or(next_line_));
  const auto left = next - std::chrono::steady_clock::now();
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left),
                  std::chrono::milliseconds{0}) +
         std::chrono::milliseconds{1};
}

void node_report::tick() {
  process_.out.flush();
  const auto now = std::chrono::steady_clock::now();
  if (const auto why = stalls_.due(now))
    process_.log.logger()->warn("BF202 stalled, trying on: {}", stall_text(*why));
  if (now < next_line_)
    return;
  next_line_ = now + line_interval;
  if (status_ && !process_.err.is_terminal())
    process_.log.logger()->info("BF103 {}", progress_text(*status_));
}

drain_receipt node_report::receipt_so_far(drain_reason reason, std::string detail) {
  const auto status = events_.last_status();
  drain_receipt out;
  out.reason = reason;
  out.detail = std::move(detail);
  out.durable = status.durable;
  out.blocks_fetched = status.blocks_fetched;
  out.blocks_verified = status.blocks_verified;
  out.blocks_committed = status.blocks_committed;
  return out;
}

void node_report::show_receipt(const drain_receipt& receipt, exit_code code, bool stored) {
  process_.err.live("");
  process_.log.logger()->info("BF303 receipt{}: {}", stored && receipt.clean ? "" : ", not stored",
                              one_line(receipt_json(receipt)));
  if (options_.json) {
    auto members = receipt_json(receipt);
    members["exit_code"] = static_cast<int>(code);
    process_.out.add(event_line("receipt", members), false);
  } else {
    auto text = receipt_text(receipt);
    text.pop_back(); // the writer ends the line
    process_.out.add(text, false);
  }
  if (!process_.out.finish(reader_patience))
    process_.log.logger()->warn("BF303 standard output did not take everything");
}

void node_report::show_second_signal() {
  auto receipt = receipt_so_far(drain_reason::signal, "second signal, at once");
  receipt.error = failure{errc::shutting_down,
                          "the drain was not waited for; the store is whole up to its last "
                          "commit, which may be above this height"};
  const auto line = one_line(receipt_json(receipt));
  process_.err.lines("BF304 second signal, ending at once: " + line + "\n");
  if (options_.json)
    process_.out.add(event_line("receipt", receipt_json(receipt)), false);
  else
    process_.out.add(receipt_text(receipt), false);
}

} // namespace blockferry::runtime
