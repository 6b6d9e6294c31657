#include "signed_chain.hpp"

#include "batch_head.hpp"
#include "chain/transactions/ids.hpp"
#include "read_block.hpp"
#include "repair.hpp"
#include "signed_changes.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/kit/quorum_maker.hpp"

#include <algorithm>
#include <stdexcept>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::byte_view;
using chain::height_t;

constexpr std::size_t member_count = 4, outsider_count = 2;
constexpr std::uint64_t seed = 20;
/// Changes that leave no block, or none at all, are for the other mutants: others are tried.
constexpr int attempts = 12;

std::vector<kit::validator> members() {
  auto out = kit::make_validators(member_count, seed);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i].stake += i * 1'500'000'000'000;
  return out;
}

std::vector<kit::account> all_keys() {
  std::vector<kit::account> out;
  for (const auto& one : kit::make_validators(member_count + outsider_count, seed))
    out.push_back(one.keys);
  return out;
}

/// Replaces what is between two places of `into`.
void splice(byte_buffer& into, std::size_t from, std::size_t to, byte_view with) {
  const auto at = into.erase(into.begin() + static_cast<std::ptrdiff_t>(from),
                             into.begin() + static_cast<std::ptrdiff_t>(to));
  into.insert(at, with.begin(), with.end());
}

/// `transactions` of a block: what stands between its two lists of aborted ids.
std::pair<std::size_t, std::size_t> transactions_of(byte_view block, const read_block& read) {
  const auto behind = [&](byte_view part) {
    return static_cast<std::size_t>(part.data() - block.data()) + part.size();
  };
  return {behind(read.head.aborted_solutions), behind(read.aborted) - read.aborted.size() - 4};
}

} // namespace

signed_chain::signed_chain(const std::filesystem::path& data)
    : binder_{kit::developer_network({}, false), all_keys()} {
  kit::quorum_maker maker{{.net = kit::developer_network({}, false), .sign = {}}, members()};
  blocks_.push_back(maker.genesis());
  while (blocks_.size() < block_count)
    blocks_.push_back(maker.next());
  for (height_t start = 0; start < block_count; start += 50) {
    const auto name = std::to_string(start) + "." + std::to_string(start + 50) + ".blocks";
    for (auto& one : kit::blocks_of(kit::read_file(data / "devnet4" / name)))
      real_.push_back(std::move(one));
  }
}

byte_buffer signed_chain::with_transactions(height_t height) const {
  auto block = blocks_.at(height);
  const auto& real = real_.at(height);
  const auto from = differential::read(real), into = differential::read(block);
  if (!from || !into || !into->head.quorum)
    throw std::runtime_error("no quorum block of height " + std::to_string(height));
  const auto source = transactions_of(real, *from), target = transactions_of(block, *into);
  // The batch of the anchor's previous round that the maker would have carried them in.
  const auto& rounds = into->head.quorum->rounds;
  const auto& carrier = into->head.quorum->certificates[rounds[rounds.size() - 2].first];
  const auto count_at =
      static_cast<std::size_t>(carrier.head.data() - block.data()) + batch_head::transmissions;
  kit::wire_writer names;
  names.u32(static_cast<std::uint32_t>(from->transactions.confirmed.size()));
  const chain::transactions_area* const area = &from->transactions;
  const auto ids = chain::compute_ids({&area, 1}).front();
  for (std::size_t i = 0; i < ids.unconfirmed.size(); ++i) {
    const auto checksum =
        chain::transmission_checksum(area->confirmed[i], *area, ids.unconfirmed[i]);
    names.u8(2);
    names.field(ids.unconfirmed[i]);
    names.u64(checksum.low);
    names.u64(checksum.high);
  }
  splice(block, target.first, target.second,
         byte_view{real}.subspan(source.first, source.second - source.first));
  splice(block, count_at, count_at + 4, names.bytes());
  const auto previous = chain::read_front(blocks_.at(height - 1));
  binder_.bind(block, block, previous->header, {});
  return block;
}

mutant signed_chain::mutate(height_t height, std::uint64_t seed_of_mutant) const {
  const auto whole = with_transactions(height);
  const auto& other = blocks_.at(height - 1);
  const auto previous = chain::read_front(other);
  chance by{seed_of_mutant};
  mutant out;
  for (int i = 0; i < attempts; ++i) {
    out.bytes = whole;
    const auto change = change_signed_block(out.bytes, other, binder_, by);
    binder_.bind(out.bytes, whole, previous->header, change.bind);
    if (change.root_offset != 0) {
      out.bytes[change.root_offset] ^= 1;
      repair_block(out.bytes, repair::block_hash);
    }
    out.how = change.how + ", signed";
    if (out.bytes != whole && differential::read(out.bytes))
      break;
  }
  return out;
}

} // namespace blockferry::differential
