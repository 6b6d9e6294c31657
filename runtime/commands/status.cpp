#include "chain/name.hpp"
#include "runtime/commands/ask_node.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/report.hpp"
#include "runtime/commands/text.hpp"
#include "runtime/node_json.hpp"
#include "runtime/options/quantity.hpp"
#include "storage/open_checks.hpp"
#include "storage/reader.hpp"
#include "storage/store_lock.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

namespace blockferry::runtime {
namespace {

using json = nlohmann::ordered_json;

/// Everything that is known of a store.
struct store_facts {
  storage::store_identity identity;
  storage::state_row state;
  json committees; ///< null: another command holds the store, or a node that has yet to tell
  std::optional<drain_receipt> receipt;
  std::string holder; ///< empty: nobody holds it
  node_answer node;
};

/// Of a store at rest; reads every row since the last snapshot at once, which would hold up a
/// node's commits.
json committees_at_rest(storage::reader& store) {
  const auto whole = store.whole_state();
  return committees_json(whole
                             ? committees_of(whole->followed)
                             : committees_status{committees_known::unknown, whole.error().message});
}

storage::result<store_facts> read_facts(const std::filesystem::path& folder) {
  auto store = storage::reader::open(folder);
  if (!store)
    return tl::make_unexpected(store.error());
  store_facts out;
  out.identity = store->identity();
  // The node first: what it says it has committed, the store then has.
  out.holder = storage::lock_holder(folder);
  if (!out.holder.empty())
    out.node = ask_node(folder);
  auto state = store->state();
  if (!state)
    return tl::make_unexpected(state.error());
  out.state = std::move(*state);
  if (out.holder.empty())
    out.committees = committees_at_rest(*store);
  else if (out.node.said.is_object())
    out.committees = out.node.said.value("committees", json(nullptr));
  auto receipt = store->last_receipt();
  if (!receipt)
    return tl::make_unexpected(receipt.error());
  out.receipt = std::move(*receipt);
  return out;
}

bool is_held_by_node(const store_facts& facts) {
  return storage::is_node(facts.holder);
}

std::string state_of(const store_facts& facts) {
  if (facts.node.said.is_object() && facts.node.said.contains("state") &&
      facts.node.said["state"].is_string())
    return facts.node.said["state"];
  if (facts.holder.empty())
    return "stopped";
  if (!is_held_by_node(facts))
    return "in_use";
  return facts.node.permitted ? "silent" : "not_permitted";
}

std::string state_text(const store_facts& facts) {
  const auto state = state_of(facts);
  if (state == "in_use")
    return "in use by another command, or a node that is just starting";
  if (facts.holder.empty())
    return state;
  return state + ", held by " + facts.holder +
         (!facts.node.permitted       ? ", whose user alone may ask it"
          : facts.node.said.is_null() ? ", which says nothing of itself"
                                      : "");
}

/// A count of the node that runs, or of the last run, if that ended with a receipt; else null.
json count_of(const store_facts& facts, const char* name,
              std::uint64_t drain_receipt::*in_receipt) {
  if (facts.node.said.is_object() && facts.node.said.contains(name))
    return facts.node.said[name];
  const bool last_run_known = !is_held_by_node(facts) && facts.receipt && facts.state.clean;
  return last_run_known ? json((*facts.receipt).*in_receipt) : json(nullptr);
}

std::string text_of(const json& value) {
  if (value.is_null())
    return "unknown";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string committees_text(const json& committees) {
  if (!committees.is_object())
    return "not told: a node tells them from its first new block on";
  const auto state = committees.value("state", json(nullptr));
  if (state == "followed")
    return "followed to the tip";
  if (state == "unknown")
    return "unknown: " + text_of(committees.value("reason", json(nullptr)));
  return "not followed; verify --level consensus follows them from genesis or a start file";
}

json to_json(const store_facts& facts) {
  const auto& state = facts.state.state;
  const bool empty = facts.state.block_count == 0;
  auto unmade = json::array();
  chain::for_each_check(facts.state.unmade,
                        [&](chain::check one) { unmade.push_back(chain::to_string(one)); });
  json out;
  out["network"] = facts.identity.network;
  out["state"] = state_of(facts);
  out["start_height"] = facts.identity.start_height;
  out["height"] = empty ? json(nullptr) : json(state.last->height);
  out["hash"] = empty ? json(nullptr) : json(chain::block_name(state.last->block_hash));
  out["level"] = chain::to_string(storage::level_of_store(facts.state));
  out["fetched"] = count_of(facts, "fetched", &drain_receipt::blocks_fetched);
  out["verified"] = count_of(facts, "verified", &drain_receipt::blocks_verified);
  out["committed"] = count_of(facts, "committed", &drain_receipt::blocks_committed);
  out["blocks"] = facts.state.block_count;
  out["unmade"] = std::move(unmade);
  out["committees"] = facts.committees;
  out["clean"] = facts.state.clean;
  out["store_id"] = hex(facts.identity.store_id);
  out["holder"] = facts.holder.empty() ? json(nullptr) : json(facts.holder);
  out["last_receipt"] = facts.receipt ? receipt_json(*facts.receipt) : json(nullptr);
  out["node"] = facts.node.said;
  return out;
}

/// A rate or a time, as far as it can be one.
std::optional<double> number_of(const json& node, const char* name) {
  const auto found = node.find(name);
  if (found == node.end() || !found->is_number())
    return std::nullopt;
  const auto number = found->get<double>();
  return number >= 0 && number < 1e18 ? std::optional{number} : std::nullopt;
}

void print_mirror(std::ostream& out, const json& mirror) {
  const auto health = mirror.value("health", json(nullptr));
  const auto reason = mirror.value("reason", json(""));
  out << "mirror        " << text_of(mirror.value("url", json(nullptr))) << ": " << text_of(health);
  if (reason != "") // of what is over, where all is well
    out << (health == "good" ? "; the last failure was: " : ", ") << text_of(reason);
  out << "\n";
}

void print_node(std::ostream& out, const json& node) {
  const auto blocks = number_of(node, "blocks_per_second");
  const auto bytes = number_of(node, "bytes_per_second");
  const auto left = number_of(node, "eta_seconds");
  out << "target        " << text_of(node.value("target", json(nullptr))) << "\n"
      << "speed         " << (blocks ? std::to_string(std::llround(*blocks)) : "unknown")
      << " blocks/s, " << (bytes ? size_text(*bytes) : "unknown") << "/s\n"
      << "time left     " << (left ? duration_text(static_cast<std::uint64_t>(*left)) : "unknown")
      << "\n";
  if (const auto stalled = node.value("stalled", json(nullptr)); stalled.is_object())
    out << "stalled       file " << text_of(stalled.value("file_start", json(nullptr))) << " from "
        << text_of(stalled.value("url", json(nullptr))) << ": "
        << text_of(stalled.value("message", json(nullptr))) << "\n";
  for (const auto& mirror : node.value("mirrors", json::array()))
    if (mirror.is_object())
      print_mirror(out, mirror);
}

void print(std::ostream& out, const store_facts& facts) {
  const json all = to_json(facts);
  out << "network       " << facts.identity.network << "\n"
      << "state         " << state_text(facts) << "\n";
  if (facts.state.block_count == 0)
    out << "blocks        none; the first will be " << facts.state.state.next_height << "\n";
  else
    out << "blocks        " << facts.state.block_count << ", heights "
        << facts.identity.start_height << " to " << text_of(all["height"]) << "\n"
        << "tip           " << text_of(all["hash"]) << "\n"
        << "level         " << text_of(all["level"])
        << "; not made in some block: " << names_of(facts.state.unmade) << "\n"
        << "committees    " << committees_text(all["committees"]) << "\n";
  out << (is_held_by_node(facts) ? "this run      " : "last run      ") << text_of(all["fetched"])
      << " fetched, " << text_of(all["verified"]) << " verified, " << text_of(all["committed"])
      << " committed\n"
      << "store         " << hex(facts.identity.store_id)
      << (!facts.state.clean ? ", not marked clean"
          : facts.receipt    ? ", stopped clean"
                             : ", no receipt yet")
      << "\n";
  if (facts.node.said.is_object())
    print_node(out, facts.node.said);
  if (facts.receipt)
    out << "last receipt:\n" << receipt_text(*facts.receipt);
}

} // namespace

exit_code run_status(const status_options& options, output_streams to) {
  const auto facts = read_facts(options.store);
  if (!facts)
    return report(to.err, "status", facts.error());
  if (options.json)
    to.out << one_line(to_json(*facts)) << "\n";
  else
    print(to.out, *facts);
  to.out << std::flush;
  return exit_code::done;
}

} // namespace blockferry::runtime
