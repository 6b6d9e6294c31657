#include "tests/unit/runtime/made_store.hpp"

#include "actors/verify_worker.hpp"
#include "chain/aleo_rules.hpp"
#include "chain/front.hpp"
#include "runtime/network_file.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/chain_maker.hpp"
#include "tests/kit/genesis.hpp"
#include "tests/kit/made_chain.hpp"
#include "tests/kit/made_network.hpp"

#include <algorithm>
#include <openssl/sha.h>
#include <set>
#include <stdexcept>
#include <unistd.h>

namespace blockferry::test {
namespace {

template <class Value, class Error>
Value must(tl::expected<Value, Error> result) {
  if (result)
    return std::move(*result);
  if constexpr (std::is_same_v<Error, failure>)
    throw std::runtime_error{result.error().message};
  else
    throw std::runtime_error{chain::to_string(result.error())};
}

storage::store_options options_for(const std::filesystem::path& folder, const made_chain& chain,
                                   const sync_plan& plan) {
  storage::store_options out;
  out.folder = folder;
  out.identity.network = chain.net.name;
  out.identity.network_id = chain.net.id;
  out.identity.genesis = chain.net.genesis;
  out.identity.start_height = plan.begin ? plan.begin->next_height : plan.start;
  out.identity.start_hash = plan.start_hash;
  out.identity.network_toml = runtime::to_toml(chain.net);
  out.begin = plan.begin;
  out.floor = plan.floor;
  out.disk_reserve_bytes = 0;
  return out;
}

} // namespace

own_folder::own_folder() {
  auto name = (std::filesystem::temp_directory_path() / "blockferry-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error{"no temporary folder"};
  path_ = name;
}

own_folder::~own_folder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

chain::hash made_chain::hash_of(height_t height) const {
  return chain::read_front(blocks.at(height))->block_hash;
}

made_chain make_chain(std::size_t blocks, std::size_t block_bytes, std::uint64_t seed) {
  const auto validators = kit::make_validators(4, seed);
  auto net = kit::developer_network({}, true);
  const auto genesis = kit::make_genesis(net, validators);
  net = kit::developer_network(chain::read_front(genesis)->block_hash, true);
  kit::chain_maker maker{
      {.net = net, .seed = seed, .block_bytes = block_bytes, .sign = [&](const chain::hash& one) {
         return validators[0].keys.sign(one);
       }}};
  made_chain out{net, {genesis}};
  maker.follow(genesis);
  while (out.blocks.size() < blocks)
    out.blocks.push_back(maker.next());
  return out;
}

made_chain make_quorum_chain(std::size_t blocks, std::uint64_t seed) {
  const auto net = kit::developer_network({}, false);
  made_chain out{net, kit::blocks_of({.net = net,
                                      .seed = seed,
                                      .validators = kit::make_validators(4, seed),
                                      .delegators = 3,
                                      .kinds = kit::all_kinds()},
                                     blocks)};
  out.net.genesis = out.hash_of(0);
  return out;
}

made_chain demonstration_chain() {
  made_chain out{chain::mainnet(), {}};
  for (height_t start = 0;; start += 50) {
    const auto path = std::filesystem::path{BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks"} /
                      (std::to_string(start) + "." + std::to_string(start + 50) + ".blocks");
    if (!std::filesystem::exists(path))
      return out;
    for (auto& block : kit::blocks_of(kit::read_file(path)))
      out.blocks.push_back(std::move(block));
  }
}

chain::byte_buffer file_at(const made_chain& chain, height_t start) {
  const auto end = std::min<std::size_t>(chain.blocks.size(), std::size_t{start} + 50);
  return kit::bundle_of(
      {chain.blocks.begin() + start, chain.blocks.begin() + static_cast<std::ptrdiff_t>(end)});
}

void sync(const std::filesystem::path& folder, const made_chain& chain, const sync_plan& plan) {
  const chain::aleo_rules rules{chain.net};
  const auto store = must(storage::open_store(options_for(folder, chain, plan)));
  auto state = store->resume().state;
  auto known = store->resume().known;
  while (state.next_height <= plan.last) {
    const height_t first = state.next_height;
    const height_t file = first / 50 * 50;
    const auto end = std::min<height_t>(plan.last + 1, file + 50);
    check_request request;
    request.bytes = payload{std::make_shared<const chain::byte_buffer>(file_at(chain, file))};
    request.file_start = file;
    request.wanted = {first, end - first};
    request.floor = plan.floor;
    request.known = first == file ? std::nullopt : known;
    auto checked = check_file(rules, request, {});
    if (checked.refused)
      throw std::runtime_error{checked.refused->message};
    verified_bundle bundle;
    bundle.file_start = file;
    bundle.after = must(rules.extend(state, checked.blocks));
    const auto records = must(rules.check_history(state, checked.blocks, {}));
    bundle.file_blocks = checked.blocks.file_blocks;
    bundle.blocks = std::move(checked.blocks.blocks);
    for (std::size_t i = 0; i < records.size(); ++i)
      bundle.blocks[i].record = records[i];
    bundle.range = {first, static_cast<std::uint32_t>(bundle.blocks.size())};
    bundle.taken_from = request.known ? request.known->taken.first : first;
    bundle.bytes = request.bytes;
    bundle.source = {"http://cdn.example", 0, 1000};
    bundle.file_sha256 = checked.file_sha256;
    bundle.blocks_sha256 = checked.blocks_sha256;
    const verified_bundle* one = &bundle;
    known = must(store->commit({&one, 1}));
    state = bundle.after;
  }
  must(store->mark_clean({}, {}, [](drain_receipt&) {}));
}

std::string folder_digest(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().filename() != "lock") // its text names the last holder
      names.insert(entry.path());
  std::string all;
  for (const auto& path : names) {
    const auto bytes = kit::read_file(path);
    all += path.filename().string() + "\n" + std::to_string(bytes.size()) + "\n" +
           std::string(bytes.begin(), bytes.end());
  }
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(all.data()), all.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

} // namespace blockferry::test
