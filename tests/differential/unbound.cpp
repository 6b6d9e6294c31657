#include "unbound.hpp"

namespace blockferry::differential {
namespace {

/// In a beacon block no batch carries the checksums of transactions (specification 6.2 and 8): what
/// their ids do not hash is free.
void add_of_beacon(chain::byte_view block, const read_block& read, std::vector<unbound>& out) {
  const auto at = [&](chain::byte_view view) {
    return static_cast<std::size_t>(view.data() - block.data());
  };
  const auto add = [&](chain::byte_view view, const char* why) {
    if (!view.empty())
      out.push_back({{at(view), view.size()}, why});
  };
  for (const auto& one : read.transactions.transitions) {
    add(one.tpk.bytes(), "tpk: in no id");
    add(one.scm.bytes(), "scm: in no id");
    const auto* const names = reinterpret_cast<const std::uint8_t*>(one.program.data());
    const auto* const end =
        reinterpret_cast<const std::uint8_t*>(one.function.data()) + one.function.size();
    add({names, end}, "program and function: hashed with public values alone");
  }
  for (const auto& one : read.transactions.confirmed) {
    add(one.execution.proof, "proof: for the prover's check alone");
    add(one.execution.state_root.bytes(), "global state root: for the prover's check alone");
    add(one.fee.proof, "proof: for the prover's check alone");
    add(one.fee.state_root.bytes(), "global state root: for the prover's check alone");
  }
  for (const auto& one : read.transactions.values) {
    add(one.tag.bytes(), "tag: in no id");
    add(one.sender_ciphertext.bytes(), "sender ciphertext: in no id");
    if (one.checksum)
      add(one.checksum.bytes(), "checksum of a record without its value");
  }
}

/// Without the balances that a puzzle reward needs there is no finalize root to compare with.
void add_operations(chain::byte_view block, const read_block& read, std::vector<unbound>& out) {
  for (const auto& one : read.transactions.operations)
    out.push_back(
        {{static_cast<std::size_t>(one.fields.data() - block.data()) - 1, 1 + one.fields.size()},
         "finalize operation of a block with a puzzle reward"});
}

/// Of the first block behind a pin neither epoch nor cumulative weight is known: a solution's id
/// and the root over the ids bind what they hash.
void add_solutions(chain::byte_view block, const read_block& read, std::vector<unbound>& out) {
  constexpr std::size_t hashed_of_epoch = 8, hash_bytes = 32, target_offset = 32 + 32 + 8;
  for (const auto& one : read.head.solutions) {
    const auto at = static_cast<std::size_t>(one.epoch_hash.bytes().data() - block.data());
    out.push_back({{at + hashed_of_epoch, hash_bytes - hashed_of_epoch},
                   "epoch hash behind its first 8 bytes, where the epoch is not known"});
    out.push_back({{at + target_offset, sizeof one.target},
                   "target of a solution, where the block before is not known"});
  }
}

} // namespace

std::vector<unbound> unbound_parts(chain::byte_view block, const read_block& read,
                                   const chain::check_record& record) {
  std::vector<unbound> out;
  if (!read.head.quorum)
    add_of_beacon(block, read, out);
  if (record.unmade.has(chain::check::finalize_root))
    add_operations(block, read, out);
  if (record.unmade.has(chain::check::solutions))
    add_solutions(block, read, out);
  return out;
}

const unbound* find(const std::vector<unbound>& list, std::size_t at) {
  for (const auto& one : list)
    if (at >= one.where.offset && at < one.where.offset + one.where.size)
      return &one;
  return nullptr;
}

} // namespace blockferry::differential
