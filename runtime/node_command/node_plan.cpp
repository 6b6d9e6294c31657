#include "runtime/node_command/node_plan.hpp"

#include "chain/name.hpp"
#include "chain/start_file.hpp"
#include "runtime/network_file.hpp"
#include "runtime/refuse.hpp"
#include "runtime/transport/origin.hpp"
#include "storage/create_store.hpp"
#include "storage/reader.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <thread>

namespace blockferry::runtime {
namespace {

/// The lowest level at which all of them are made.
chain::level level_for(chain::check_set checks) {
  for (const auto one : {chain::level::link, chain::level::header, chain::level::consensus})
    if (chain::checks_of(one).includes(checks))
      return one;
  return chain::level::content;
}

/// A mirror that is named twice agrees with itself.
std::size_t count_different(const std::vector<std::string>& mirrors) {
  std::set<std::string> out;
  for (const auto& url : mirrors) {
    const auto one = parse_origin(url);
    out.insert(one ? one->base : url);
  }
  return out.size();
}

tl::expected<void, failure> check_options(const program_options& options,
                                          const std::vector<std::string>& mirrors) {
  if (options.store.empty())
    return refuse("no store is named: --store DIR");
  if (const auto different = count_different(mirrors); options.compare > different)
    return refuse("--compare " + std::to_string(options.compare) +
                  " needs as many different mirrors, and " + std::to_string(different) +
                  (different == 1 ? " is" : " are") + " named: add --cdn URL");
  if (options.window < options.bundle_max)
    return refuse("--window (" + std::to_string(options.window) +
                  " bytes) is smaller than --bundle-max (" + std::to_string(options.bundle_max) +
                  " bytes), so that a large file could never be fetched: raise the one or lower "
                  "the other");
  if (!options.ca_file.empty() && !std::ifstream{options.ca_file})
    return refuse("cannot read the certificates of --ca-file " + options.ca_file);
  if (!options.start_file.empty() && options.start)
    return refuse("--start-file says where the store begins, --start too: leave one away");
  if (options.start.value_or(0) > 0 && !options.start_hash)
    return refuse("--start " + std::to_string(*options.start) +
                  " needs --start-hash: the hash that this block must have, from a source you "
                  "trust");
  if (options.start_hash && !options.start && options.start_file.empty())
    return refuse("--start-hash needs --start or --start-file");
  if (const auto beyond = options.require - chain::checks_of(options.verify); !beyond.empty()) {
    std::string names;
    chain::for_each_check(beyond, [&](chain::check one) {
      names += (names.empty() ? "" : ", ") + std::string{chain::to_string(one)};
    });
    return refuse("--require " + names + " needs --verify " +
                  std::string{chain::to_string(level_for(options.require))} + ": at '" +
                  std::string{chain::to_string(options.verify)} +
                  "' it is never made, and every block would be refused");
  }
  if (options.until && options.start && *options.until < *options.start)
    return refuse("--until " + std::to_string(*options.until) + " is below --start " +
                  std::to_string(*options.start));
  return {};
}

tl::expected<chain::chain_state, failure> read_start_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary | std::ios::ate};
  const auto bytes = in ? static_cast<std::int64_t>(in.tellg()) : -1;
  if (bytes < 0)
    return refuse("cannot read the start file " + path);
  if (bytes > static_cast<std::int64_t>(chain::start_file_bytes_max))
    return refuse("the start file " + path + " is too large to be one");
  chain::byte_buffer buffer(static_cast<std::size_t>(bytes));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(buffer.data()), bytes);
  if (!in)
    return refuse("cannot read the start file " + path);
  auto state = chain::decode_start_file(buffer);
  if (!state)
    return refuse("the start file " + path + ": " + state.error());
  return std::move(*state);
}

/// Where a new store begins: at genesis, at a pin, or after a start file's tip.
tl::expected<void, failure> plan_start(const program_options& options, node_plan& plan) {
  auto& identity = plan.store.identity;
  if (options.start.value_or(0) > 0 || (options.start && options.start_hash)) {
    identity.start_height = *options.start;
    identity.start_hash = options.start_hash;
  } else if (!options.start_file.empty()) {
    auto state = read_start_file(options.start_file);
    if (!state)
      return tl::make_unexpected(state.error());
    state->start_height = state->next_height;
    state->pinned = options.start_hash;
    if (options.until && *options.until < state->next_height)
      return refuse("--until " + std::to_string(*options.until) +
                    " is below the first block after the start file, " +
                    std::to_string(state->next_height));
    identity.start_height = state->next_height;
    identity.start_hash = options.start_hash;
    plan.store.begin = std::move(*state);
  } else if (!plan.network.genesis) {
    return refuse("the network '" + plan.network.name +
                  "' has no genesis hash: name a pinned start with --start and --start-hash, or "
                  "--start-file");
  }
  return {};
}

/// No block can have two hashes: were both demanded, every mirror's block would be refused for it.
tl::expected<void, failure> check_pins(const node_plan& plan) {
  std::vector<chain::checkpoint> pins;
  if (plan.network.genesis)
    pins.push_back({0, *plan.network.genesis});
  const auto& start = plan.store.identity;
  if (start.start_hash)
    pins.push_back({start.start_height, *start.start_hash});
  if (plan.store.begin && plan.store.begin->last)
    pins.push_back({plan.store.begin->last->height, plan.store.begin->last->block_hash});
  pins.insert(pins.end(), plan.checkpoints.begin(), plan.checkpoints.end());
  std::map<height_t, chain::hash> demanded;
  for (const auto& [height, hash] : pins)
    if (const auto [first, is_new] = demanded.try_emplace(height, hash); first->second != hash)
      return refuse("two hashes are demanded of block " + std::to_string(height) + ", " +
                    chain::block_name(first->second) + " and " + chain::block_name(hash) +
                    ", by the network, the start or --checkpoint: no chain has both. Leave the "
                    "wrong one away.");
  return {};
}

void plan_work(const program_options& options, bool follow, node_plan& plan) {
  node_options& node = plan.node;
  node.mirrors = plan.transport.origins;
  node.follow = follow;
  node.until = options.until;
  node.floor = options.verify;
  node.required = options.require;
  node.compare = options.compare;
  node.connections = options.connections;
  node.workers =
      options.workers != 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
  node.window_bytes = options.window;
  node.bundle_bytes = options.bundle_max;
  node.wait.give_up_after = options.give_up_after;
  node.wait.poll_interval = options.poll_interval;
  node.wait.transfer_deadline = options.transfer_timeout;
  node.wait.latest_deadline = std::min(node.wait.latest_deadline, options.transfer_timeout);

  curl_options& transport = plan.transport;
  transport.allow_private = options.allow_private;
  transport.proxy = options.proxy;
  transport.ca_file = options.ca_file;
  transport.connections = options.connections;
  transport.bytes_per_second_max = options.rate_limit;
  transport.connect_timeout = options.connect_timeout;
  transport.low_speed_time = options.stall_timeout;
}

} // namespace

tl::expected<node_plan, failure> plan_node(const program_options& options, bool follow) {
  node_plan plan;
  auto network = load_network(options.network);
  if (!network)
    return tl::make_unexpected(network.error());
  plan.network = std::move(*network);
  plan.transport.origins = options.cdn;
  if (options.cdn.empty()) {
    if (plan.network.cdn_url.empty())
      return refuse("the network '" + plan.network.name +
                    "' has no public CDN: name one with --cdn URL");
    plan.transport.origins.push_back(plan.network.cdn_url);
  }
  if (auto done = check_options(options, plan.transport.origins); !done)
    return tl::make_unexpected(done.error());
  plan_work(options, follow, plan);
  auto& identity = plan.store.identity;
  identity.network = plan.network.name;
  identity.network_id = plan.network.id;
  identity.genesis = plan.network.genesis;
  identity.network_toml = to_toml(plan.network);
  plan.store.folder = options.store;
  plan.store.floor = options.verify;
  plan.store.disk_reserve_bytes = options.disk_reserve;
  plan.store.from_genesis = options.start == height_t{0};
  if (auto done = plan_start(options, plan); !done)
    return tl::make_unexpected(done.error());
  plan.rules = std::make_shared<const chain::aleo_rules>(plan.network, options.checkpoints);
  plan.checkpoints = plan.network.checkpoints;
  plan.checkpoints.insert(plan.checkpoints.end(), options.checkpoints.begin(),
                          options.checkpoints.end());
  if (auto done = check_pins(plan); !done)
    return tl::make_unexpected(done.error());
  return plan;
}

tl::expected<void, failure> check_checkpoints(const node_plan& plan) {
  std::error_code error;
  if (plan.checkpoints.empty() ||
      !std::filesystem::exists(plan.store.folder / storage::database_name, error))
    return {};
  auto reader = storage::reader::open(plan.store.folder);
  if (!reader)
    return tl::make_unexpected(reader.error());
  for (const auto& checkpoint : plan.checkpoints) {
    const auto block = reader->block_at(checkpoint.height);
    if (!block)
      return tl::make_unexpected(block.error());
    if (*block && (*block)->block_hash != checkpoint.block_hash)
      return tl::make_unexpected(
          failure{errc::bundle_check_failed,
                  "block " + std::to_string(checkpoint.height) + " of the store is " +
                      chain::block_name((*block)->block_hash) + ", a checkpoint demands " +
                      chain::block_name(checkpoint.block_hash) +
                      "; nothing was changed. Either the checkpoint is wrong, or the store "
                      "followed another chain: move it away and sync anew."});
  }
  return {};
}

} // namespace blockferry::runtime
