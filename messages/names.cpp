#include "messages/drain.hpp"
#include "messages/status.hpp"

namespace blockferry {

std::string_view to_string(drain_reason reason) {
  switch (reason) {
  case drain_reason::signal:
    return "signal";
  case drain_reason::requested:
    return "requested";
  case drain_reason::completed:
    return "completed";
  case drain_reason::gave_up:
    return "gave_up";
  case drain_reason::data_refused:
    return "data_refused";
  case drain_reason::store_failed:
    return "store_failed";
  case drain_reason::actor_died:
    return "actor_died";
  }
  return "unknown";
}

std::string_view to_string(committees_known state) {
  switch (state) {
  case committees_known::not_followed:
    return "not_followed";
  case committees_known::followed:
    return "followed";
  case committees_known::unknown:
    return "unknown";
  }
  return "unknown";
}

std::string_view to_string(node_phase phase) {
  switch (phase) {
  case node_phase::starting:
    return "starting";
  case node_phase::syncing:
    return "syncing";
  case node_phase::following:
    return "following";
  case node_phase::stalled:
    return "stalled";
  case node_phase::draining:
    return "draining";
  case node_phase::stopped:
    return "stopped";
  case node_phase::failed:
    return "failed";
  }
  return "unknown";
}

std::string_view to_string(mirror_health health) {
  switch (health) {
  case mirror_health::good:
    return "good";
  case mirror_health::failing:
    return "failing";
  case mirror_health::open:
    return "open";
  case mirror_health::quarantined:
    return "quarantined";
  }
  return "unknown";
}

} // namespace blockferry
