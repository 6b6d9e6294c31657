#include "chain/transactions/staking.hpp"

#include "chain/stake/credits_ids.hpp"
#include "chain/transactions/values.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace blockferry::chain {
namespace {

using stake::credits_call;
using stake::credits_function;

/// Types of a function's arguments (specification 4.5 and 7.5): a address, n u64, c u8, b boolean.
/// The addresses are the people of the call, in order.
struct signature_of {
  std::string_view name;
  credits_function function;
  std::string_view arguments;
};

constexpr std::array<signature_of, 11> staking_functions = {{
    {"bond_validator", credits_function::bond_validator, "aanc"},
    {"bond_public", credits_function::bond_public, "aaan"},
    {"unbond_public", credits_function::unbond_public, "aan"},
    {"claim_unbond_public", credits_function::claim_unbond_public, "a"},
    {"set_validator_state", credits_function::set_validator_state, "ab"},
    {"upgrade", credits_function::upgrade, "n"},
    {"transfer_public", credits_function::move_between, "aan"},
    {"transfer_public_as_signer", credits_function::move_between, "aan"},
    {"transfer_private_to_public", credits_function::move_in, "an"},
    {"transfer_public_to_private", credits_function::move_out, "an"},
    {"fee_public", credits_function::move_out, "an"},
}};

/// The arguments of a future that are plain literals.
struct literal_arguments : future_visitor {
  void on_argument(std::uint8_t kind) {
    if (depth++ == 0)
      found.push_back(kind == 0 ? std::optional<literal>{literal{}} : std::nullopt);
  }
  void on_argument_end() { --depth; }
  void on_literal(const literal& one) {
    if (depth == 1 && containers == 0 && found.back())
      found.back() = one;
  }
  void on_struct(std::size_t) { nest(); }
  void on_array(std::size_t) { nest(); }
  void on_close() { --containers; }

  std::vector<std::optional<literal>> found;

private:
  void nest() {
    ++containers;
    if (depth == 1)
      found.back().reset();
  }
  std::size_t depth = 0;
  std::size_t containers = 0;
};

/// Takes one argument; false where it is not what the function has there.
bool take(credits_call& out, std::size_t& people, char type, const std::optional<literal>& from) {
  if (!from)
    return false;
  switch (type) {
  case 'a':
    if (from->type != literal_type::address)
      return false;
    out.who[people++] = load_hash(from->bytes);
    return true;
  case 'n':
    if (from->type != literal_type::u64)
      return false;
    out.amount = load_le<std::uint64_t>(from->bytes);
    return true;
  case 'c':
    if (from->type != literal_type::u8)
      return false;
    out.commission = from->bytes[0];
    return true;
  default:
    if (from->type != literal_type::boolean)
      return false;
    out.is_open = from->bytes[0] != 0;
    return true;
  }
}

credits_call call_of(std::string_view function, byte_view future) {
  const auto known = std::ranges::find(staking_functions, function, &signature_of::name);
  if (known == staking_functions.end())
    return {};
  literal_arguments arguments;
  cursor in{future};
  walk_future(in, arguments);
  credits_call out;
  std::size_t people = 0;
  if (future.empty() || arguments.found.size() != known->arguments.size())
    return {};
  for (std::size_t i = 0; i < known->arguments.size(); ++i)
    if (!take(out, people, known->arguments[i], arguments.found[i]))
      return {};
  out.function = known->function;
  if (out.function > credits_function::upgrade)
    out.amount = 0; // of pure moves nobody asks for it
  return out;
}

/// The call of a transition: the future in its last output.
std::optional<credits_call> call_in(const transactions_area& block, const transition& of) {
  if (of.program != "credits" || of.outputs == 0)
    return std::nullopt;
  const auto& last = block.values[of.first_input + of.inputs + of.outputs - 1U];
  if (static_cast<output_kind>(last.kind) != output_kind::future)
    return std::nullopt;
  return call_of(of.function, last.value);
}

std::vector<stake::credits_operation> operations_of(const transactions_area& block,
                                                    const confirmed_transaction& one) {
  std::vector<stake::credits_operation> out;
  for (std::size_t i = 0; i < one.operations; ++i) {
    const auto& listed = block.operations[one.first_operation + i];
    const auto which = stake::mapping_of(load_hash(listed.field(0)));
    if (!which)
      continue;
    stake::credits_operation made;
    made.kind = listed.kind;
    made.which = *which;
    if (listed.field_count() > 1)
      made.key_id = load_hash(listed.field(1));
    if (listed.field_count() > 2)
      made.value_id = load_hash(listed.field(2));
    out.push_back(made);
  }
  return out;
}

bool matters(const credits_call& one) {
  return one.function <= credits_function::upgrade || one.function == credits_function::unknown;
}

} // namespace

std::vector<stake::staking_transaction> staking_transactions(const transactions_area& block) {
  std::vector<stake::staking_transaction> out;
  for (std::size_t i = 0; i < block.confirmed.size(); ++i) {
    const auto& one = block.confirmed[i];
    stake::staking_transaction made;
    made.index = static_cast<std::uint32_t>(i);
    if (one.kind == confirmed_kind::accepted_execute)
      for (std::size_t t = 0; t < one.execution.transitions; ++t)
        if (auto call = call_in(block, block.transitions[one.execution.first_transition + t]))
          made.calls.push_back(*call);
    if (one.has_fee)
      if (auto call = call_in(block, block.transitions[one.fee.transition]))
        made.fee.push_back(*call);
    if (!std::ranges::any_of(made.calls, matters) && !std::ranges::any_of(made.fee, matters))
      continue;
    made.operations = operations_of(block, one);
    out.push_back(std::move(made));
  }
  return out;
}

} // namespace blockferry::chain
