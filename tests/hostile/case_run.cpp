#include "tests/hostile/case_run.hpp"

#include "chain/aleo_rules.hpp"
#include "tests/hostile/hostile_server.hpp"
#include "tests/hostile/hung_resolver.hpp"
#include "tests/hostile/process_use.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace blockferry::hostile {
namespace {

namespace fs = std::filesystem;

/// Of node and servers together, above what this process had before (faults.md, row 18).
constexpr std::uint64_t memory_bytes_max = 256ULL << 20;

/// Mainnet's genesis, and beacon blocks behind it as developer chains have them.
chain::network network_of_blocks() {
  chain::network out = chain::mainnet();
  out.beacons_after_genesis = true;
  return out;
}

/// Whether the rules pass honest blocks at the first level that reads bodies.
bool reads_bodies(const file_set& files) {
  const std::string& first = *files.find(bundle_name(0));
  chain::bundle_job job;
  job.bytes = {reinterpret_cast<const std::uint8_t*>(first.data()), first.size()};
  job.wanted = {0, 50};
  job.floor = chain::level::consensus;
  return chain::aleo_rules{network_of_blocks()}.check_bundle(job, {}).has_value();
}

/// The chain that a store must hold in the end.
chain_kind right_kind(const hostile_case& one) {
  return one.served == chain_kind::large ? chain_kind::large : chain_kind::honest;
}
chain::level floor_of(const hostile_case& one) {
  return one.needs_body ? chain::level::consensus : chain::level::header;
}
file_set right_files(const world& of, const hostile_case& one) {
  return chain_of(right_kind(one), of.honest);
}

chain::checkpoint block_at(const file_set& files, std::uint64_t height) {
  const auto blocks = split_bundle(*files.find(bundle_name(height / 50 * 50)));
  chain::checkpoint out{static_cast<chain::height_t>(height), {}};
  // The hash stands behind the version (specification 2).
  std::copy_n(blocks.at(height % 50).begin() + 1, out.block_hash.bytes.size(),
              out.block_hash.bytes.begin());
  return out;
}

/// Where the store of a case begins.
std::optional<chain::checkpoint> start_of(const world& of, const hostile_case& one) {
  return one.from_pin ? std::optional{block_at(of.honest, pinned_start)} : std::nullopt;
}
std::uint64_t blocks_of(const hostile_case& one) {
  return one.from_pin ? block_count - pinned_start : block_count;
}

node_run_setup setup_of(const fs::path& store, std::vector<std::string> origins) {
  node_run_setup out;
  out.store = store;
  out.origins = std::move(origins);
  out.network = network_of_blocks();
  return out;
}

/// Runs a case's store against honest files until it has all of them, or `until`; throws if it does
/// not.
void sync_honestly(const world& of, const hostile_case& one, const fs::path& store,
                   const file_set& files, std::optional<chain::height_t> until = {}) {
  const hostile_server cdn{files, {}};
  auto setup = setup_of(store, {cdn.url()});
  setup.floor = floor_of(one);
  setup.start = start_of(of, one);
  setup.deadline = std::chrono::seconds{20};
  setup.low_speed_time = std::chrono::seconds{5};
  setup.until = until;
  setup.give_up_after = std::chrono::seconds{20};
  const auto run = sync_node(setup);
  if (!run.ended || run.receipt.reason != drain_reason::completed)
    throw std::runtime_error{
        "an honest sync did not complete: " + std::string{to_string(run.receipt.reason)} +
        (run.receipt.error ? ": " + run.receipt.error->message : "")};
}

const chain::hash& calm_digest(world& of, const hostile_case& one, const file_set& files) {
  auto& out = of.calm[{right_kind(one), floor_of(one), one.from_pin}];
  if (out == chain::hash{}) {
    const auto store = of.new_store();
    sync_honestly(of, one, store, files);
    out = checked_digest(store, blocks_of(one));
    fs::remove_all(store);
  }
  return out;
}

/// A port where nobody listens.
std::string closed_port() {
  const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(one, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(one, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(one);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

/// The origins of a case; `hostile` plays it.
std::vector<std::string> origins_of(const hostile_case& one, const hostile_server& cdn,
                                    const hostile_server& honest) {
  switch (one.asked) {
  case origins::hostile_only:
    return {cdn.url()};
  case origins::with_honest:
    return {cdn.url(), honest.url()};
  case origins::name_not_found:
    return {"http://cdn.nowhere.test", honest.url()};
  case origins::name_to_private:
    return {"http://cdn.inner.test:" + std::to_string(cdn.port()), honest.url()};
  case origins::name_halfway_private:
    return {"http://cdn.halfway.test:" + std::to_string(cdn.port()), honest.url()};
  case origins::name_with_a_crowd:
    return {"http://cdn.crowd.test", honest.url()};
  case origins::name_hangs:
    return {"http://cdn.hangs.test", honest.url()};
  case origins::port_closed:
    return {closed_port(), honest.url()};
  case origins::proxy_in_environment:
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
      ::setenv(name, cdn.canary_url().c_str(), 1);
    return {cdn.url()};
  }
  return {};
}

bool is_mix(const hostile_case& one) {
  return one.name.starts_with("mix ");
}

bool is_among(const std::vector<std::string_view>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

/// What a run's end, classes and bounds must be, as complaints.
std::vector<std::string> judge(const hostile_case& one, const node_run_result& run,
                               const process_use& before) {
  std::vector<std::string> out;
  const auto expected = one.end == ending::recovers  ? drain_reason::completed
                        : one.end == ending::stopped ? drain_reason::requested
                        : one.end == ending::refused ? drain_reason::data_refused
                                                     : drain_reason::gave_up;
  if (!run.ended)
    out.emplace_back("did not end");
  else if (run.receipt.reason != expected &&
           !(one.may_end_early && run.receipt.reason == drain_reason::data_refused))
    out.push_back("ended with " + std::string{to_string(run.receipt.reason)} + " instead of " +
                  std::string{to_string(expected)} +
                  (run.receipt.error ? ": " + run.receipt.error->message : ""));
  if (one.end == ending::stopped && run.checks_given_up == 0)
    out.emplace_back("the drain waited for a check");
  if (run.ended && !run.receipt.clean)
    out.emplace_back("the store was not marked clean");
  if (!one.classes.empty() && !one.may_report_none &&
      std::ranges::none_of(run.classes,
                           [&](const std::string& seen) { return is_among(one.classes, seen); }))
    out.emplace_back("none of the expected classes was seen");
  for (const auto& seen : run.classes)
    if (!is_mix(one) && seen != "cdn_timed_out" && !is_among(one.classes, seen))
      out.push_back("the class " + seen + " was not expected");
  const auto after = settled_use(before);
  if (after.descriptors > before.descriptors)
    out.push_back(std::to_string(after.descriptors - before.descriptors) + " descriptors leaked");
  if (after.peak_bytes > before.peak_bytes + memory_bytes_max)
    out.push_back(std::to_string((after.peak_bytes - before.peak_bytes) >> 20) + " MiB taken");
  return out;
}

/// Faults stop; the same store is synced on, and must hold what a calm run leaves (S7).
void finish_calmly(world& of, const hostile_case& one, const fs::path& store,
                   const node_run_result& run, std::vector<std::string>& complaints) {
  const auto files = right_files(of, one);
  if (run.receipt.durable && run.receipt.durable->height >= block_count)
    complaints.emplace_back("stored more than the chain");
  if (!run.receipt.durable || run.receipt.durable->height + 1 < block_count) {
    if (one.end == ending::recovers && !one.may_end_early)
      complaints.emplace_back("stopped before the tip");
    sync_honestly(of, one, store, files);
  }
  if (checked_digest(store, blocks_of(one)) != calm_digest(of, one, files))
    complaints.emplace_back("the content differs from that of a calm run");
}

} // namespace

verdict run_case(world& of, const hostile_case& one, std::uint64_t seed) {
  verdict out;
  const auto store = of.new_store();
  try {
    const auto right = right_files(of, one);
    if (one.needs_body && !reads_bodies(right)) {
      out.skipped = "the rules make no check of bodies";
      return out;
    }
    calm_digest(of, one, right); // before anything is measured
    if (one.stored != 0)
      sync_honestly(of, one, store, of.honest, static_cast<chain::height_t>(one.stored - 1));
    const auto before = use_now();
    {
      const hostile_server cdn{chain_of(one.served, of.honest), one.played, {.seed = seed}};
      const hostile_server honest{right, {}};
      auto setup = setup_of(store, origins_of(one, cdn, honest));
      setup.seed = seed;
      setup.compare = one.compare;
      setup.floor = floor_of(one);
      setup.start = start_of(of, one);
      setup.drain_in_check = one.end == ending::stopped;
      if (setup.drain_in_check)
        setup.floor = chain::level::content;
      if (one.deadline > setup.deadline)
        setup.deadline = setup.low_speed_time = one.deadline;
      if (one.served == chain_kind::large)
        setup.deadline = std::chrono::seconds{5};
      if (is_mix(one) && seed % 2 == 1)
        setup.hedge = std::chrono::milliseconds{60};
      if (one.end != ending::gives_up)
        setup.give_up_after = std::chrono::seconds{20};
      if (!cdn.authority_pem().empty()) {
        setup.ca_file = of.folder / "ca.pem";
        std::ofstream{setup.ca_file} << cdn.authority_pem();
      }
      if (one.pinned)
        setup.checkpoints.push_back(block_at(of.honest, pinned_height));
      out.run = sync_node(setup);
      if (cdn.counts().canary_visits != 0)
        out.complaints.emplace_back("the canary was visited");
    }
    release_lookups();
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
      ::unsetenv(name);
    for (auto& complaint : judge(one, out.run, before))
      out.complaints.push_back(std::move(complaint));
    finish_calmly(of, one, store, out.run, out.complaints);
  } catch (const std::exception& error) {
    out.complaints.emplace_back(error.what());
  }
  fs::remove_all(store);
  return out;
}

} // namespace blockferry::hostile
