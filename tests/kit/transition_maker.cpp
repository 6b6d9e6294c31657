#include "tests/kit/transition_maker.hpp"

#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "chain/math/curve.hpp"
#include "chain/transactions/value_bits.hpp"
#include "tests/kit/wire_writer.hpp"

#include <array>

namespace blockferry::kit {
namespace {

using chain::bit_string;
using chain::field;
using chain::hash;

constexpr unsigned id_tree_depth = 5;
constexpr std::size_t data_bits = 252; ///< of a string of bits in one field element
constexpr std::uint8_t private_kind = 2, record_kind = 3, future_kind = 5;

/// x-coordinate of a point of the subgroup.
hash random_point(std::mt19937_64& random) {
  for (;;) {
    const auto x = random_field(random);
    const auto element = field::from_wire(x);
    if (element && chain::point_from_x(*element))
      return x;
  }
}

hash root_of(const std::vector<bit_string>& leaves) {
  std::vector<chain::bit_view> views;
  for (const auto& one : leaves)
    views.push_back(one.view());
  return chain::merkle_root(views, id_tree_depth);
}

field function_id(std::uint16_t network_id, const made_call& call) {
  bit_string bits;
  bits.append_u16(network_id);
  for (const std::string_view part : {call.program, std::string_view{"aleo"}, call.function}) {
    bits.append_u8(static_cast<std::uint8_t>(8 * part.size()));
    bits.append_text(part);
  }
  return chain::bhp1024().hash_bits(bits.view());
}

/// Makes one transition: the ids of its values as they are written.
class maker {
public:
  maker(std::uint16_t network_id, const made_call& call, std::mt19937_64& random)
      : function_{function_id(network_id, call)}, random_{random}, tcm_{random_field(random)} {}

  [[nodiscard]] made_transition make(const made_call& call) {
    wire_writer values;
    values.u8(static_cast<std::uint8_t>(call.inputs.size()));
    for (const auto& one : call.inputs)
      add(values, one, false);
    values.u8(static_cast<std::uint8_t>(call.outputs.size()));
    for (const auto& one : call.outputs)
      add(values, one, true);
    bit_string preimage;
    preimage.append_field(root_of(leaves_));
    preimage.append_field(tcm_);
    made_transition made{{}, chain::bhp512().hash_bits(preimage.view()).wire()};
    wire_writer out;
    out.u8(1);
    out.field(made.id);
    out.ident(call.program);
    out.ident("aleo");
    out.ident(call.function);
    out.raw(values.bytes());
    out.field(random_point(random_)); // tpk
    out.field(tcm_);
    out.field(random_field(random_)); // scm
    made.wire = out.take();
    return made;
  }

private:
  void add(wire_writer& out, const made_value& one, bool is_output) {
    const hash id = id_of(one);
    auto& leaf = leaves_.emplace_back();
    leaf.append_u8(1);
    leaf.append_u8(static_cast<std::uint8_t>(leaves_.size() - 1));
    leaf.append_u8(one.kind);
    leaf.append_field(id);
    out.u8(one.kind);
    out.field(id);
    if (one.kind == record_kind)
      out.field(is_output ? checksum_of(one.value) : random_field(random_)); // else a tag
    if (one.kind == record_kind && !is_output)
      return;
    out.u8(1); // the value is there
    out.raw(one.value);
  }

  /// Serial numbers and commitments are bound by the proof alone.
  hash id_of(const made_value& one) {
    if (one.kind == record_kind)
      return random_field(random_);
    std::vector<field> input;
    if (one.kind == private_kind) {
      constexpr std::size_t count_bytes = 2;
      for (std::size_t at = count_bytes; at < one.value.size(); at += 32)
        input.push_back(
            *field::from_wire(chain::load_hash(chain::byte_view{one.value}.subspan(at))));
    } else {
      input.push_back(function_);
      add_bits(input, one);
      input.push_back(*field::from_wire(tcm_));
      input.push_back(field::from(leaves_.size()));
    }
    return chain::poseidon8().hash(input).wire();
  }

  static void add_bits(std::vector<field>& input, const made_value& one) {
    chain::value_bits made;
    if (one.kind == future_kind)
      chain::append_future_bits(made, one.value);
    else
      chain::append_plaintext_bits(made, one.value);
    bit_string bits = made.bits();
    bits.append(1, 1);
    for (std::size_t at = 0; at < bits.size(); at += data_bits) {
      std::array<std::uint64_t, 4> number{};
      for (std::size_t i = 0; i < number.size(); ++i)
        number[i] = bits.view().at(at + 64 * i, i == 3 ? data_bits - 192 : 64);
      input.push_back(field::from_number(number));
    }
  }

  static hash checksum_of(chain::byte_view record) {
    chain::value_bits bits;
    chain::append_record_bits(bits, record);
    return hash1024(bits.bits());
  }

  field function_;
  std::mt19937_64& random_;
  hash tcm_;
  std::vector<bit_string> leaves_;
};

} // namespace

made_transition make_transition(std::uint16_t network_id, const made_call& call,
                                std::mt19937_64& random) {
  return maker{network_id, call, random}.make(call);
}

hash transaction_root(const std::vector<id_leaf>& leaves) {
  std::vector<bit_string> bits;
  for (const auto& [variant, id] : leaves) {
    auto& leaf = bits.emplace_back();
    leaf.append_u8(variant);
    leaf.append_u16(static_cast<std::uint16_t>(bits.size() - 1));
    leaf.append_field(id);
  }
  return root_of(bits);
}

} // namespace blockferry::kit
