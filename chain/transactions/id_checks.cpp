#include "chain/hash/sha3.hpp"
#include "chain/name.hpp"
#include "chain/transactions/ids.hpp"
#include "chain/transactions/values.hpp"

#include <array>

namespace blockferry::chain {
namespace {

/// What a rejected transaction begins with as it was sent: version, kind; its id follows.
std::array<std::uint8_t, 2> unconfirmed_head(const confirmed_transaction& of) {
  return {1, of.is_deploy() ? std::uint8_t{0} : std::uint8_t{1}};
}

/// The first literal of a plaintext that is nothing else.
struct lone_literal : value_visitor {
  void on_literal(const literal& one) { found = one; }
  void on_struct(std::size_t) { nested = true; }
  void on_array(std::size_t) { nested = true; }
  std::optional<literal> found;
  bool nested = false;
};

/// The number that an input is, if it is one public u64 and nothing else.
std::optional<std::uint64_t> amount_of(const transition_value& input) {
  if (input.kind > 1 || input.value.empty())
    return std::nullopt;
  lone_literal value;
  cursor in{input.value};
  walk_plaintext(in, value);
  if (value.nested || !value.found || value.found->type != literal_type::u64)
    return std::nullopt;
  return load_le<std::uint64_t>(value.found->bytes);
}

/// Of a fee's transition: base first, then priority; a private fee's record stands before them.
struct fee_amounts {
  std::optional<std::uint64_t> base;
  std::optional<std::uint64_t> priority;
};

fee_amounts amounts_of(const transactions_area& block, const transition& paid) {
  const auto& last = block.values[paid.first_input + paid.inputs + paid.outputs - 1U];
  const bool is_private = static_cast<output_kind>(last.kind) == output_kind::record;
  const std::uint32_t base = paid.first_input + (is_private ? 1U : 0U);
  return {amount_of(block.values[base]), amount_of(block.values[base + 1U])};
}

} // namespace

std::string transaction_name(const hash& id) {
  return bech32m(transaction_prefix, id.bytes);
}

std::string transition_name(const hash& id) {
  return bech32m(transition_prefix, id.bytes);
}

std::optional<broken_rule> check_ids(const transactions_area& block,
                                     const transactions_ids& computed,
                                     const hash& transactions_root) {
  for (std::size_t i = 0; i < block.transitions.size(); ++i)
    if (const hash found = block.transitions[i].id.value(); computed.transitions[i] != found)
      return at(block.transitions[i].id.bytes(),
                broken(check::transaction_ids, transition_name(computed.transitions[i]),
                       transition_name(found), "transition id"));
  for (std::size_t i = 0; i < block.confirmed.size(); ++i) {
    const auto& one = block.confirmed[i];
    if (const hash found = one.id.value(); computed.transactions[i] != found)
      return at(one.id.bytes(),
                broken(check::transaction_ids, transaction_name(computed.transactions[i]),
                       transaction_name(found), "id of transaction " + std::to_string(i)));
    if (one.index != i)
      return at(one.bytes, broken(check::transaction_ids, std::to_string(i),
                                  std::to_string(one.index), "index of a transaction"));
  }
  if (computed.root != transactions_root) {
    std::string expected, found;
    append_number(expected, computed.root.bytes, "field");
    append_number(found, transactions_root.bytes, "field");
    return broken_rule{check::transactions_root, expected, found, "transactions root",
                       transactions_root_offset};
  }
  return std::nullopt;
}

uint128 transmission_checksum(const confirmed_transaction& of, const transactions_area& block,
                              const hash& unconfirmed_id) {
  hash digest;
  const auto head = unconfirmed_head(of);
  constexpr std::array<std::uint8_t, 1> has_fee = {1};
  if (of.is_accepted())
    digest = sha3_256({of.bytes});
  else if (of.is_deploy())
    digest = sha3_256({head, unconfirmed_id.bytes, of.owner.bytes,
                       block.deployments[of.deployment].bytes, of.fee.bytes});
  else
    digest = sha3_256({head, unconfirmed_id.bytes, of.execution.bytes, has_fee, of.fee.bytes});
  return {load_le<std::uint64_t>(digest.bytes),
          load_le<std::uint64_t>(byte_view{digest.bytes}.subspan(8))};
}

std::size_t unconfirmed_size(const confirmed_transaction& of, const transactions_area& block) {
  constexpr std::size_t head_bytes = 2 + 32;
  if (of.is_accepted())
    return of.bytes.size();
  if (of.is_deploy())
    return head_bytes + of.owner.bytes.size() + block.deployments[of.deployment].bytes.size() +
           of.fee.bytes.size();
  return head_bytes + of.execution.bytes.size() + 1 + of.fee.bytes.size();
}

std::optional<uint128> whole_fee(const confirmed_transaction& of, const transactions_area& block) {
  const fee_amounts found = amounts_of(block, block.transitions[of.fee.transition]);
  if (!found.base || !found.priority)
    return std::nullopt;
  const std::uint64_t sum = *found.base + *found.priority;
  return uint128{sum, sum < *found.base ? std::uint64_t{1} : 0};
}

std::uint64_t priority_fee(const confirmed_transaction& of, const transactions_area& block) {
  if (!of.has_fee)
    return 0;
  return amounts_of(block, block.transitions[of.fee.transition]).priority.value_or(0);
}

} // namespace blockferry::chain
