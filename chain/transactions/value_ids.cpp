#include "chain/transactions/value_ids.hpp"

#include "chain/hash/bhp.hpp"
#include "chain/hash/poseidon_batch.hpp"
#include "chain/transactions/value_bits.hpp"

#include <map>
#include <utility>

namespace blockferry::chain {
namespace {

constexpr std::size_t data_bits = 252; ///< of a string of bits in one field element

enum class binding : std::uint8_t {
  none,
  plaintext,  ///< Poseidon8 over function id, value, tcm, index
  ciphertext, ///< Poseidon8 over the fields
  record,     ///< BHP1024 over the record's bits is the checksum
};

/// What binds the value of an input or output, which then has to be there (specification 2.6).
binding binding_of(std::uint8_t kind, bool is_output) {
  if (kind <= 1)
    return binding::plaintext;
  if (kind == 2)
    return binding::ciphertext;
  const auto output = static_cast<output_kind>(kind);
  if (is_output && output == output_kind::future)
    return binding::plaintext;
  return is_output &&
                 (output == output_kind::record || output == output_kind::record_with_dynamic_id)
             ? binding::record
             : binding::none;
}

/// Bits, a one behind them, cut into field elements.
void add_bits(poseidon_batch& out, bit_string bits) {
  bits.append(1, 1);
  const bit_view view = bits.view();
  for (std::size_t at = 0; at < view.size; at += data_bits) {
    std::array<std::uint64_t, 4> number{};
    for (std::size_t i = 0; i < number.size(); ++i)
      number[i] = view.at(at + 64 * i, i == 3 ? data_bits - 192 : 64);
    out.add(field::from_number(number));
  }
}

bit_string function_message(std::uint16_t network_id, const transition& of) {
  bit_string out;
  out.append_u16(network_id);
  for (const std::string_view part : {of.program, std::string_view{"aleo"}, of.function}) {
    out.append_u8(static_cast<std::uint8_t>(8 * part.size()));
    out.append_text(part);
  }
  return out;
}

std::string in_decimal(const hash& value) {
  std::string out;
  append_number(out, value.bytes, "field");
  return out;
}

/// A transition and its block.
struct placed_transition {
  std::size_t block = 0;
  const transition* of = nullptr;
};

/// Values of transitions of many blocks: first all that is hashed by BHP, in one batch, then the
/// rest.
class value_check {
public:
  value_check(std::uint16_t network_id, std::span<const transactions_area* const> blocks,
              std::vector<std::optional<broken_rule>>& out)
      : network_id_{network_id}, blocks_{blocks}, out_{out} {}

  void run(std::span<const placed_transition> transitions, const std::stop_token& stop) {
    for (const auto& [block, of] : transitions)
      collect(block, *of);
    hash_messages(stop);
    if (stop.stop_requested())
      return;
    for (const bound_value& one : records_)
      compare(one, one.value->checksum, hashes_[one.hashed].wire());
    for (const auto& [block, of] : transitions)
      add_values(block, *of);
    const auto ids = inputs_.hashes();
    for (const bound_value& one : values_)
      compare(one, one.value->id, ids[one.hashed].wire());
  }

private:
  using function_key = std::pair<std::string_view, std::string_view>;
  struct bound_value {
    std::size_t block = 0;
    const transition_value* value = nullptr;
    std::size_t hashed = 0; ///< which message or input is its
  };

  template <class Visit>
  void each_value(std::size_t b, const transition& of, Visit visit) {
    for (std::size_t i = 0; i < std::size_t{of.inputs} + of.outputs; ++i) {
      const transition_value& value = blocks_[b]->values[of.first_input + i];
      const binding how = binding_of(value.kind, i >= of.inputs);
      if (how == binding::none)
        continue;
      if (value.value.empty())
        refuse(b, value.id.bytes(), "a value", "none", "value of an input or output");
      else
        visit(i, how, value);
    }
  }

  void collect(std::size_t b, const transition& of) {
    each_value(b, of, [&](std::size_t, binding how, const transition_value& value) {
      if (how == binding::plaintext &&
          functions_.try_emplace({of.program, of.function}, messages_.size()).second)
        messages_.push_back(function_message(network_id_, of));
      if (how != binding::record)
        return;
      made_.clear();
      append_record_bits(made_, value.value);
      records_.push_back({b, &value, messages_.size()});
      messages_.push_back(made_.bits());
      if (value.sender_ciphertext && value.sender_ciphertext.value() == hash{})
        refuse(b, value.sender_ciphertext.bytes(), "not 0", "0", "sender ciphertext of a record");
    });
  }

  void hash_messages(const std::stop_token& stop) {
    std::vector<bit_view> views;
    for (const auto& message : messages_)
      views.push_back(message.view());
    hashes_.resize(views.size());
    bhp1024().hash_many(views, hashes_, stop);
  }

  void add_values(std::size_t b, const transition& of) {
    each_value(b, of, [&](std::size_t index, binding how, const transition_value& value) {
      if (how == binding::record)
        return;
      values_.push_back({b, &value, inputs_.add_input()});
      if (how == binding::ciphertext)
        return add_ciphertext(value.value.subspan(2));
      inputs_.add(hashes_[functions_.at({of.program, of.function})]);
      made_.clear();
      if (index >= of.inputs && value.kind == 5)
        append_future_bits(made_, value.value);
      else
        append_plaintext_bits(made_, value.value);
      add_bits(inputs_, made_.bits());
      inputs_.add(*field::from_wire(of.tcm.value()));
      inputs_.add(field::from(index));
    });
  }

  void add_ciphertext(byte_view fields) {
    for (; !fields.empty(); fields = fields.subspan(32))
      inputs_.add(*field::from_wire(load_hash(fields)));
  }

  void compare(const bound_value& one, field_view bound, const hash& computed) {
    if (bound.value() != computed)
      refuse(one.block, bound.bytes(), in_decimal(computed), in_decimal(bound.value()),
             one.value->checksum ? "checksum of a record" : "id of an input or output");
  }

  void refuse(std::size_t b, byte_view place, std::string expected, std::string found,
              std::string detail) {
    if (!out_[b])
      out_[b] = at(place, broken(check::value_ids, std::move(expected), std::move(found),
                                 std::move(detail)));
  }

  std::uint16_t network_id_;
  std::span<const transactions_area* const> blocks_;
  std::vector<std::optional<broken_rule>>& out_;
  std::map<function_key, std::size_t> functions_; ///< which message is a function's
  std::vector<bound_value> records_;
  std::vector<bound_value> values_;
  std::vector<bit_string> messages_;
  std::vector<field> hashes_;
  poseidon_batch inputs_{poseidon8()};
  value_bits made_;
};

} // namespace

std::vector<std::optional<broken_rule>>
check_value_ids(std::uint16_t network_id, std::span<const transactions_area* const> blocks,
                const std::stop_token& stop) {
  constexpr std::size_t part_bytes = std::size_t{1} << 20;
  std::vector<std::optional<broken_rule>> out(blocks.size());
  std::vector<placed_transition> part;
  std::size_t bytes = 0;
  const auto check_part = [&] {
    value_check{network_id, blocks, out}.run(part, stop);
    part.clear();
    bytes = 0;
  };
  for (std::size_t b = 0; b < blocks.size() && !stop.stop_requested(); ++b)
    for (const transition& one : blocks[b]->transitions) {
      part.push_back({b, &one});
      for (std::size_t i = 0; i < std::size_t{one.inputs} + one.outputs; ++i)
        bytes += 32 + blocks[b]->values[one.first_input + i].value.size();
      if (bytes < part_bytes)
        continue;
      check_part();
      if (stop.stop_requested())
        return out;
    }
  check_part();
  return out;
}

} // namespace blockferry::chain
