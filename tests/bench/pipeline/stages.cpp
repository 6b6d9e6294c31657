#include "stages.hpp"

#include "actors/verify_worker.hpp"
#include "chain/aleo_rules.hpp"
#include "runtime/node.hpp"
#include "runtime/transport/curl_transport.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/bench/store/store_rig.hpp"

#include <atomic>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace blockferry::bench {
namespace {

constexpr std::uint32_t connections = 8;

/// Of a process and the children it has waited for; fields 14 and 15 of /proc/PID/stat, in ticks.
double cpu_of(int process) {
  std::ifstream in{"/proc/" + std::to_string(process) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  text.erase(0, text.rfind(')') + 2); // from field 3 on
  std::istringstream fields{text};
  std::string skipped;
  for (int field = 3; field < 14; ++field)
    fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double cpu_seconds(const carried_chain& chain) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  double sum = 0;
  for (const timeval& one : {used.ru_utime, used.ru_stime})
    sum += static_cast<double>(one.tv_sec) + 1e-6 * static_cast<double>(one.tv_usec);
  for (const int process : chain.server_threads)
    sum += cpu_of(process);
  return sum;
}

template <class Work>
spent measure(const carried_chain& chain, Work work) {
  const double before = cpu_seconds(chain);
  const double seconds = seconds_of(work);
  return {seconds, cpu_seconds(chain) - before};
}

std::shared_ptr<transport> network_to(const carried_chain& chain) {
  runtime::curl_options options;
  options.origins = {chain.url};
  options.connections = connections;
  auto made = runtime::make_curl_transport(options);
  if (!made)
    throw std::runtime_error{made.error().message};
  return std::move(*made);
}

void download_all(const carried_chain& chain) {
  const auto network = network_to(chain);
  std::mutex mutex;
  std::condition_variable arrived;
  std::size_t ended = 0;
  bool failed = false;
  network->connect([&](const transfer_result& result) {
    const std::lock_guard lock{mutex};
    failed = failed || !result.outcome;
    ++ended;
    arrived.notify_one();
  });
  for (std::size_t started = 0, seen = 0; seen < chain.files.size();) {
    for (; started < chain.files.size() && started - seen < connections; ++started) {
      transfer_request request;
      request.id = started + 1;
      request.file_start = static_cast<height_t>(started * blocks_per_file);
      request.bytes_max = chain.files[started].size();
      request.deadline = std::chrono::minutes{2};
      network->start(request);
    }
    std::unique_lock lock{mutex};
    arrived.wait(lock, [&] { return ended > seen; });
    seen = ended;
    if (failed)
      throw std::runtime_error{"a transfer failed"};
  }
}

void check_all(const carried_chain& chain) {
  const chain::aleo_rules rules{chain.net};
  const auto each = [&](auto job) {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < chain.workers; ++i)
      threads.emplace_back([&] {
        for (std::size_t at = next++; at < chain.files.size(); at = next++)
          job(at);
      });
  };
  std::vector<checked_bundle> checked(chain.files.size());
  std::vector<chain::chain_state> before(chain.files.size());
  each([&](std::size_t at) {
    check_request request;
    request.bytes = chain.files[at];
    request.file_start = static_cast<height_t>(at * blocks_per_file);
    request.wanted = {request.file_start, blocks_per_file};
    request.floor = chain.level;
    checked[at] = check_file(rules, request, {});
  });
  auto state = chain::state_before_genesis();
  for (std::size_t at = 0; at < checked.size(); ++at) {
    before[at] = state;
    state = rules.extend(state, checked[at].blocks).value();
  }
  if (chain.level > chain::level::link)
    each([&](std::size_t at) {
      if (!rules.check_history(before[at], checked[at].blocks, {}))
        throw std::runtime_error{"a made chain is refused"};
    });
}

std::filesystem::path empty_folder(const carried_chain& chain) {
  std::filesystem::remove_all(chain.folder);
  return chain.folder;
}

} // namespace

spent download_alone(const carried_chain& chain) {
  return measure(chain, [&] { download_all(chain); });
}

spent verify_alone(const carried_chain& chain) {
  return measure(chain, [&] { check_all(chain); });
}

spent write_alone(const carried_chain& chain) {
  const std::size_t file = chain.files.front().size();
  const auto files = std::max<std::size_t>(1, limits::group_bytes_max / file);
  group_source groups{0, chain.block_bytes, static_cast<std::uint32_t>(files * blocks_per_file)};
  const auto store = storage::open_store(options_of(empty_folder(chain), groups.state()));
  if (!store)
    throw std::runtime_error{store.error().message};
  spent out;
  while (groups.state().next_height < chain.blocks) {
    const auto group = groups.next();
    const auto one = measure(chain, [&] { commit(**store, group); });
    out = {out.seconds + one.seconds, out.cpu + one.cpu};
  }
  const double part = chain.blocks / static_cast<double>(groups.state().next_height);
  return {out.seconds * part, out.cpu * part}; // the last group may be too large
}

spent whole_pipeline(const carried_chain& chain) {
  storage::store_options options;
  options.folder = empty_folder(chain);
  options.identity.network = chain.net.name;
  options.identity.network_id = chain.net.id;
  options.floor = chain.level;
  auto store = storage::open_store(options);
  if (!store)
    throw std::runtime_error{store.error().message};
  caf::actor_system_config config;
  compat::set_scheduler(config, std::size_t{chain.workers} + 1); // as a process does
  caf::actor_system system{config};
  node_options plan;
  plan.mirrors = {chain.url};
  plan.until = chain.blocks - 1;
  plan.floor = chain.level;
  plan.workers = chain.workers;
  plan.connections = connections;
  node_ports ports;
  ports.network = network_to(chain);
  ports.store = std::move(*store);
  ports.rules = std::make_shared<const chain::aleo_rules>(chain.net);
  ports.clock = [] { return std::int64_t{0}; };
  caf::scoped_actor self{system};
  const auto out = measure(chain, [&] {
    const auto node = spawn_node(system, plan, std::move(ports));
    self->wait_for(node.supervisor());
  });
  auto again = storage::open_store(options);
  if (!again || (*again)->resume().state.next_height != chain.blocks)
    throw std::runtime_error{"the node did not carry the chain"};
  return out;
}

} // namespace blockferry::bench
