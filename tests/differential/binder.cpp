#include "binder.hpp"

#include "chain/body/reward_checks.hpp"
#include "chain/transactions/ids.hpp"
#include "read_block.hpp"
#include "repair.hpp"
#include "tests/kit/chain_maker.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>
#include <map>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::byte_view;
using chain::hash;

constexpr std::size_t points_offset = 64; // in a signature: behind two numbers

std::size_t offset_in(const byte_buffer& block, byte_view part) {
  return static_cast<std::size_t>(part.data() - block.data());
}

void write(byte_buffer& block, std::size_t at, byte_view value) {
  std::ranges::copy(value, block.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Ids of the transactions that batches name, each once, in the order of the walk (specification
/// 6.2).
std::vector<hash> named_transactions(const chain::subdag& dag) {
  std::vector<hash> out;
  for (const auto& one : dag.transmissions)
    if (one.of == chain::transmission::kind::transaction) {
      const hash id = chain::load_hash(one.id);
      if (std::ranges::find(out, id) == out.end())
        out.push_back(id);
    }
  return out;
}

/// Batches that named a transaction of the unchanged block name the one now in its place.
void bind_transmissions(byte_buffer& block, byte_view unchanged) {
  const auto before = differential::read(unchanged);
  const auto now = differential::read(block);
  if (!before || !now || !before->head.quorum || !now->head.quorum)
    return;
  const auto names = named_transactions(*before->head.quorum);
  const chain::transactions_area* const area = &now->transactions;
  const auto ids = chain::compute_ids({&area, 1}).front();
  for (const auto& one : now->head.quorum->transmissions) {
    if (one.of != chain::transmission::kind::transaction)
      continue;
    const auto named = std::ranges::find(names, chain::load_hash(one.id));
    const auto index = static_cast<std::size_t>(named - names.begin());
    if (index >= std::min(names.size(), area->confirmed.size()))
      continue;
    const hash& id = ids.unconfirmed[index];
    const auto checksum = chain::transmission_checksum(area->confirmed[index], *area, id);
    kit::wire_writer wire;
    wire.u64(checksum.low);
    wire.u64(checksum.high);
    write(block, offset_in(block, one.id), id.bytes);
    write(block, offset_in(block, one.checksum), wire.bytes());
  }
}

/// The front anew, with targets that follow from its timestamp.
void bind_targets(const chain::network& net, byte_buffer& block, const chain::metadata& previous) {
  auto front = chain::read_front(block);
  if (!front)
    return;
  auto header = kit::metadata_after(net, previous, front->header.timestamp);
  header.round = front->header.round;
  header.height = front->header.height;
  front->header = header;
  write(block, 0, kit::front_bytes_of(*front));
}

} // namespace

binder::binder(chain::network net, std::vector<kit::account> keys)
    : net_{std::move(net)}, keys_{std::move(keys)} {
  for (const auto& one : keys_) {
    const auto any = one.sign(hash{});
    points_.emplace_back(any.begin() + points_offset, any.end());
  }
}

/// Signs in place of a signature whose signer is known by its points.
void binder::sign(byte_buffer& block, std::size_t at, const hash& message) const {
  const byte_view points = byte_view{block}.subspan(at + points_offset, points_.front().size());
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (std::ranges::equal(points_[i], points))
      return write(block, at, keys_[i].sign(message));
}

void binder::bind_certificates(byte_buffer& block) const {
  const auto read = differential::read(block);
  if (!read || !read->head.quorum)
    return;
  std::map<hash, hash> renamed;
  // Rounds rise, so that a certificate's edges lead to those bound before.
  for (const auto& one : read->head.quorum->certificates) {
    for (std::size_t i = 0; i < one.previous.size(); i += 32)
      if (const auto known = renamed.find(chain::load_hash(one.previous.subspan(i)));
          known != renamed.end())
        write(block, offset_in(block, one.previous) + i, known->second.bytes);
    kit::wire_writer message;
    message.raw(one.head);
    message.u32(static_cast<std::uint32_t>(one.previous.size() / 32));
    message.raw(one.previous);
    const hash id = kit::hash1024_of_bytes(message.bytes());
    renamed[one.id.value()] = id;
    write(block, offset_in(block, one.id.bytes()), id.bytes);
    sign(block, offset_in(block, one.author_signature), id);
    for (std::size_t i = 0; i < one.signatures.size(); i += chain::signature_bytes)
      sign(block, offset_in(block, one.signatures) + i, id);
  }
}

void binder::bind_rewards(byte_buffer& block, const chain::metadata& previous) const {
  const auto read = differential::read(block);
  if (!read || read->head.ratifications.size() < 2)
    return;
  chain::uint128 fees;
  for (const auto& one : read->transactions.confirmed) {
    const auto fee = chain::priority_fee(one, read->transactions);
    fees.low += fee;
    fees.high += fees.low < fee ? 1 : 0;
  }
  const auto due = chain::rewards_of(net_, previous, read->front.header,
                                     chain::facts_of(read->head, fees).weight, fees);
  for (const auto& [index, amount] :
       {std::pair{0U, due.block.low}, std::pair{1U, due.puzzle.low}}) {
    constexpr std::size_t amount_offset = 2;
    kit::wire_writer wire;
    wire.u64(amount);
    if (const auto& one = read->head.ratifications[index]; one.kind != 0)
      write(block, offset_in(block, one.bytes) + amount_offset, wire.bytes());
  }
}

void binder::bind(byte_buffer& block, byte_view unchanged, const chain::metadata& previous,
                  const binding& how) const {
  if (!differential::read(block))
    return;
  if (how.targets)
    bind_targets(net_, block, previous);
  if (how.ids)
    repair_transaction_ids(block);
  if (how.transmissions)
    bind_transmissions(block, unchanged);
  bind_certificates(block);
  if (how.rewards)
    bind_rewards(block, previous);
  repair_block(block, repair::roots);
}

} // namespace blockferry::differential
