#include "tests/fuzz/block_mutator.hpp"

#include "chain/body/body.hpp"
#include "chain/bundle.hpp"
#include "chain/front.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/transactions/ids.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/chain_maker.hpp"

#include <algorithm>

namespace blockferry::fuzz {
namespace {

using blocks = std::vector<byte_buffer>;

void mutate_bytes(byte_buffer& bytes, std::size_t from, std::size_t size_max) {
  const std::size_t size = bytes.size() - from;
  const std::size_t room = std::min(size + 128, size_max);
  bytes.resize(from + std::max(room, size));
  bytes.resize(from + LLVMFuzzerMutate(bytes.data() + from, size, bytes.size() - from));
}

std::size_t below(std::size_t end, std::mt19937_64& random) {
  return static_cast<std::size_t>(random() % end);
}

/// A field of the header: a little more or less, an edge, or a root that is another's.
void mutate_front(byte_buffer& block, std::mt19937_64& random) {
  auto front = chain::read_front(block);
  if (!front)
    return;
  const std::uint64_t by = random() % 3 == 0 ? ~std::uint64_t{0} : random() % 5 - 2;
  auto& header = front->header;
  switch (random() % 12) {
  case 0:
    header.round += by;
    break;
  case 1:
    header.height += static_cast<chain::height_t>(by);
    break;
  case 2:
    header.cumulative_weight.low += by;
    break;
  case 3:
    header.cumulative_proof_target.low += by;
    break;
  case 4:
    header.coinbase_target += by;
    break;
  case 5:
    header.proof_target += by;
    break;
  case 6:
    header.last_coinbase_target += by;
    break;
  case 7:
    header.last_coinbase_timestamp += static_cast<std::int64_t>(by % 1'000);
    break;
  case 8:
    header.timestamp += static_cast<std::int64_t>(by % 1'000);
    break;
  case 9:
    std::swap(front->transactions_root, front->finalize_root);
    break;
  case 10:
    std::swap(front->solutions_root, front->subdag_root);
    break;
  default:
    front->previous_state_root.bytes[0] ^= 1;
    break;
  }
  const auto bytes = kit::front_bytes_of(*front);
  if (bytes.size() <= block.size())
    std::ranges::copy(bytes, block.begin());
}

void mutate_order(blocks& all, std::mt19937_64& random) {
  const std::size_t at = below(all.size(), random);
  switch (random() % 3) {
  case 0:
    std::swap(all[at], all[below(all.size(), random)]);
    break;
  case 1:
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), all[at]);
    break;
  default:
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
    break;
  }
}

/// The transactions root that the body has now.
void renew_transactions_root(const byte_buffer& block, chain::block_front& front) {
  chain::cursor in{byte_view{block}.subspan(chain::front_bytes)};
  if (!chain::read_head(in, chain::testnet(), front.authority_kind))
    return;
  const auto area = chain::read_transactions(in);
  const auto* const one = &area;
  if (in.ok())
    front.transactions_root = chain::compute_ids({&one, 1}).front().root;
}

/// Links the blocks in their order and computes their hashes.
void renew_hashes(blocks& all, bool with_roots) {
  chain::hash previous;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto front = chain::read_front(all[i]);
    if (!front)
      return;
    if (i > 0)
      front->previous_hash = previous;
    if (with_roots)
      renew_transactions_root(all[i], *front);
    const auto bytes = kit::front_bytes_of(*front); // sets the hash
    if (bytes.size() <= all[i].size())
      std::ranges::copy(bytes, all[i].begin());
    previous = front->block_hash;
  }
}

} // namespace

byte_buffer mutated_bundle(byte_view file, std::size_t size_max, std::mt19937_64& random) {
  const auto framed = chain::split_bundle(file);
  if (!framed || framed->empty() || random() % 16 == 0) {
    byte_buffer bytes{file.begin(), file.end()};
    mutate_bytes(bytes, 0, size_max);
    return bytes;
  }
  blocks all;
  for (const auto& one : *framed)
    all.emplace_back(one.bytes.begin(), one.bytes.end());
  byte_buffer& chosen = all[below(all.size(), random)];
  const auto kind = random() % 8;
  if (kind == 0)
    mutate_order(all, random);
  else if (kind <= 2)
    mutate_front(chosen, random);
  else if (chosen.size() > chain::front_bytes + 1)
    mutate_bytes(chosen, chain::front_bytes + 1, size_max);
  if (random() % 8 != 0)
    renew_hashes(all, random() % 2 == 0);
  auto bytes = kit::bundle_of(all);
  if (bytes.size() > size_max)
    bytes.resize(size_max);
  return bytes;
}

} // namespace blockferry::fuzz
