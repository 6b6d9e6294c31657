#include "tests/kit/transactions.hpp"

#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "chain/math/curve.hpp"
#include "chain/transactions/value_bits.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>

namespace blockferry::kit {
namespace {

using chain::bit_string;
using chain::hash;

constexpr unsigned transition_depth = 5;
constexpr unsigned transaction_depth = 5;
constexpr std::uint8_t execute = 1;
constexpr std::uint8_t private_value = 2;
constexpr std::uint8_t record = 3;
/// Bytes of a proof over one circuit with one instance, and of each instance more (specification
/// 2.8).
constexpr std::size_t proof_bytes = 730;
constexpr std::size_t instance_bytes = 144;
/// More instances than this no reader takes (specification 9).
constexpr std::size_t instances_max = 527;

/// x-coordinate of a point of the subgroup.
hash random_point(std::mt19937_64& random) {
  for (;;) {
    const auto x = random_field(random);
    const auto element = chain::field::from_wire(x);
    if (element && chain::point_from_x(*element))
      return x;
  }
}

/// A proof over one circuit, its points and numbers by chance.
void append_proof(wire_writer& out, std::size_t bytes, std::mt19937_64& random) {
  const auto more = bytes > proof_bytes ? (bytes - proof_bytes) / instance_bytes : 0;
  const auto instances = std::min(1 + more, instances_max);
  const auto groups = [&](std::size_t count) {
    for (; count > 0; --count) {
      out.field(random_field(random));
      out.zeros(16);
    }
  };
  out.u8(1);
  out.u64(1);
  out.u64(instances);
  groups(instances);
  out.u8(0);
  groups(7);
  for (std::size_t i = 0; i < 7 + 3 * instances; ++i)
    out.field(random_field(random));
  out.u64(0);
}

struct transition_ids {
  hash serial_number;
  hash amount;
  hash commitments[2];
  hash tcm;
};

hash transition_id(const transition_ids& ids) {
  std::vector<bit_string> leaves;
  const auto add = [&](std::uint8_t kind, const hash& id) {
    const auto index = static_cast<std::uint8_t>(leaves.size());
    auto& leaf = leaves.emplace_back();
    leaf.append_u8(1);
    leaf.append_u8(index);
    leaf.append_u8(kind);
    leaf.append_field(id);
  };
  add(record, ids.serial_number);
  add(private_value, ids.amount);
  add(record, ids.commitments[0]);
  add(record, ids.commitments[1]);
  std::vector<chain::bit_view> views;
  for (const auto& one : leaves)
    views.push_back(one.view());
  bit_string bits;
  bits.append_field(chain::merkle_root(views, transition_depth));
  bits.append_field(ids.tcm);
  return chain::bhp512().hash_bits(bits.view()).wire();
}

hash execution_id(const hash& transition) {
  bit_string leaf;
  leaf.append_u8(1);
  leaf.append_u16(0);
  leaf.append_field(transition);
  const auto view = leaf.view();
  return chain::merkle_root({&view, 1}, transaction_depth);
}

/// A record of a public owner without entries, and the checksum that binds it.
struct made_record {
  chain::byte_buffer wire;
  hash checksum;
};

made_record random_record(std::mt19937_64& random) {
  wire_writer out;
  out.u8(0); // version 0
  out.field(random_field(random));
  out.u8(0);
  out.field(random_field(random)); // nonce
  made_record made{out.take(), {}};
  chain::value_bits bits;
  chain::append_record_bits(bits, made.wire);
  made.checksum = chain::bhp1024().hash_bits(bits.bits().view()).wire();
  return made;
}

} // namespace

made_transaction split_transaction(std::size_t bytes, std::mt19937_64& random) {
  const hash amount = random_field(random); // a ciphertext of one element
  const auto amount_element = *chain::field::from_wire(amount);
  const transition_ids ids{random_field(random),
                           chain::poseidon8().hash({&amount_element, 1}).wire(),
                           {random_field(random), random_field(random)},
                           random_field(random)};
  const auto transition = transition_id(ids);
  made_transaction made;
  made.id = execution_id(transition);
  wire_writer out;
  out.u8(1);
  out.u8(execute);
  out.field(made.id);
  out.u8(1); // execution
  out.u8(1); // transitions
  out.u8(1); // transition
  out.field(transition);
  out.ident("credits");
  out.ident("aleo");
  out.ident("split");
  out.u8(2);
  out.u8(record);
  out.field(ids.serial_number);
  out.field(random_field(random)); // tag
  out.u8(private_value);
  out.field(ids.amount);
  out.u8(1);
  out.u16(1);
  out.field(amount);
  out.u8(2);
  for (const auto& commitment : ids.commitments) {
    out.u8(record);
    const auto value = random_record(random);
    out.field(commitment);
    out.field(value.checksum);
    out.u8(1);
    out.raw(value.wire);
  }
  out.field(random_point(random)); // tpk
  out.field(ids.tcm);
  out.field(random_field(random)); // scm
  out.field(random_field(random)); // global state root
  out.u8(1);
  append_proof(out, bytes > out.size() + 8 ? bytes - out.size() - 8 : 0, random);
  out.u8(0); // no fee
  made.transaction = out.take();
  return made;
}

chain::byte_buffer wire_of(const std::vector<made_transaction>& transactions) {
  wire_writer out;
  out.u8(1);
  out.u32(static_cast<std::uint32_t>(transactions.size()));
  std::uint32_t index = 0;
  for (const auto& one : transactions) {
    out.u8(one.confirmed_kind);
    out.u32(index++);
    out.raw(one.transaction);
    out.u16(static_cast<std::uint16_t>(one.operations.size()));
    for (const auto& operation : one.operations) {
      out.u8(operation.kind);
      for (const auto& field : operation.fields)
        out.field(field);
    }
  }
  return out.take();
}

} // namespace blockferry::kit
