#include "runtime/node_json.hpp"

#include "chain/name.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace blockferry::runtime {
namespace {

using json = nlohmann::ordered_json;

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

/// One digit behind the point: more would claim more than was measured.
json rate(const std::optional<double>& per_second) {
  return per_second ? json(std::round(*per_second * 10) / 10) : json(nullptr);
}

void add_tip(json& to, const std::optional<chain::tip>& durable) {
  to["height"] = durable ? json(durable->height) : json(nullptr);
  to["hash"] = durable ? json(chain::block_name(durable->block_hash)) : json(nullptr);
}

json mirror_json(const mirror_status& mirror) {
  return {{"url", mirror.url},
          {"health", to_string(mirror.health)},
          {"reason", mirror.reason},
          {"failures_in_a_row", mirror.failures_in_a_row},
          {"bytes_received", mirror.bytes_received},
          {"bytes_per_second", or_null(mirror.bytes_per_second)},
          {"tip", or_null(mirror.tip)},
          {"retry_in_ms", mirror.retry_in_ms}};
}

/// What an operator can do; null where there is nothing to do, or the error says it.
const char* next_step(drain_reason reason) {
  switch (reason) {
  case drain_reason::gave_up:
    return "start it again, perhaps with another mirror (--cdn): it goes on from here";
  case drain_reason::data_refused:
    return "look at --network, --start-hash and --checkpoint, and start it again with another "
           "mirror (--cdn): it goes on from here";
  case drain_reason::signal:
  case drain_reason::requested:
  case drain_reason::completed:
  case drain_reason::store_failed:
  case drain_reason::actor_died:
    break;
  }
  return nullptr;
}

} // namespace

json check_failure_json(const chain::check_failure& failure) {
  return {{"check", to_string(failure.which)},
          {"height", or_null(failure.height)},
          {"offset", failure.offset},
          {"expected", failure.expected},
          {"found", failure.found},
          {"detail", failure.detail}};
}

json stall_json(const stall& why) {
  return {{"code", to_string(why.why.code)},
          {"message", why.why.message},
          {"file_start", why.file_start},
          {"url", why.url},
          {"check", why.check ? check_failure_json(*why.check) : json(nullptr)}};
}

json committees_json(const committees_status& committees) {
  return {{"state", to_string(committees.state)},
          {"reason", committees.reason.empty() ? json(nullptr) : json(committees.reason)}};
}

json node_status_json(const node_status& status) {
  json out;
  out["state"] = to_string(status.phase);
  add_tip(out, status.durable);
  out["target"] = or_null(status.target);
  out["fetched"] = status.blocks_fetched;
  out["verified"] = status.blocks_verified;
  out["committed"] = status.blocks_committed;
  out["bytes_committed"] = status.bytes_committed;
  out["blocks_per_second"] = rate(status.blocks_per_second);
  out["bytes_per_second"] = rate(status.bytes_per_second);
  out["eta_seconds"] = or_null(status.eta_seconds);
  out["stalled"] = status.stalled ? stall_json(*status.stalled) : json(nullptr);
  out["window_bytes"] = status.window_bytes;
  out["window_bundles"] = status.window_bundles;
  out["mirrors"] = json::array();
  for (const auto& mirror : status.mirrors)
    out["mirrors"].push_back(mirror_json(mirror));
  out["committees"] = status.committees ? committees_json(*status.committees) : json(nullptr);
  return out;
}

json receipt_json(const drain_receipt& receipt) {
  json out;
  out["reason"] = to_string(receipt.reason);
  out["detail"] = receipt.detail;
  add_tip(out, receipt.durable);
  out["fetched"] = receipt.blocks_fetched;
  out["verified"] = receipt.blocks_verified;
  out["committed"] = receipt.blocks_committed;
  out["transfers_abandoned"] = receipt.transfers_abandoned;
  out["bundles_dropped"] = receipt.bundles_dropped;
  out["started_at_ms"] = receipt.started_at_ms;
  out["duration_ms"] = receipt.duration_ms;
  out["clean"] = receipt.clean;
  out["error"] = receipt.error ? json{{"code", to_string(receipt.error->code)},
                                      {"message", receipt.error->message}}
                               : json(nullptr);
  return out;
}

std::string receipt_text(const drain_receipt& receipt) {
  std::string out = "drain receipt: ";
  if (receipt.durable)
    out += "durable up to height " + std::to_string(receipt.durable->height) + ", hash " +
           chain::block_name(receipt.durable->block_hash) + "\n";
  else
    out += "no block is stored\n";
  out += "  reason     " + std::string{to_string(receipt.reason)};
  if (!receipt.detail.empty())
    out += " (" + receipt.detail + ")";
  out += "\n  run        " + std::to_string(receipt.blocks_fetched) + " blocks fetched, " +
         std::to_string(receipt.blocks_verified) + " verified, " +
         std::to_string(receipt.blocks_committed) + " committed\n";
  out += "  dropped    " + std::to_string(receipt.transfers_abandoned) + " transfers abandoned, " +
         std::to_string(receipt.bundles_dropped) + " files fetched but not committed\n";
  out += "  stop took  " + std::to_string(receipt.duration_ms) + " ms; the store is " +
         (receipt.clean ? "marked clean" : "not marked clean") + "\n";
  if (receipt.error)
    out += "  error      " + std::string{to_string(receipt.error->code)} + ": " +
           receipt.error->message + "\n";
  if (const char* next = next_step(receipt.reason))
    out += "  next       " + std::string{next} + "\n";
  return out;
}

std::string one_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace blockferry::runtime
