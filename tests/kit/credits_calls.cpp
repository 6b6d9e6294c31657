#include "tests/kit/credits_calls.hpp"

#include "tests/kit/values.hpp"

#include <algorithm>
#include <array>

namespace blockferry::kit {
namespace {

using chain::byte_buffer;
using chain::stake::credits_function;

/// A function: the arguments of its future (a address, n u64, c u8, b boolean), how many of them
/// the caller does not give, and records spent before, or made before the future.
struct form {
  std::string_view name;
  credits_function effect;
  std::string_view arguments;
  std::size_t implied = 0;
  bool spends = false;
  bool makes = false;
};

/// In the order of `credits_name`.
constexpr std::array<form, 9> forms = {{
    {"transfer_public", credits_function::move_between, "aan", 1},
    {"transfer_public_as_signer", credits_function::move_between, "aan", 1},
    {"transfer_public_to_private", credits_function::move_out, "an", 1, false, true},
    {"transfer_private_to_public", credits_function::move_in, "an", 0, true, true},
    {"bond_validator", credits_function::bond_validator, "aanc", 1},
    {"bond_public", credits_function::bond_public, "aaan", 1},
    {"unbond_public", credits_function::unbond_public, "aan", 1},
    {"claim_unbond_public", credits_function::claim_unbond_public, "a", 0},
    {"set_validator_state", credits_function::set_validator_state, "ab", 1},
}};

std::vector<byte_buffer> plaintexts(const form& of, const credits_arguments& with) {
  std::vector<byte_buffer> out;
  std::size_t person = 0;
  for (const char one : of.arguments) {
    if (one == 'a')
      out.push_back(address_value(with.who.at(person++)));
    else if (one == 'n')
      out.push_back(u64_value(with.amount));
    else if (one == 'c')
      out.push_back(u8_value(with.commission));
    else
      out.push_back(boolean_value(with.is_open));
  }
  return out;
}

chain::stake::credits_call effect_of(const form& of, const credits_arguments& with) {
  chain::stake::credits_call out;
  out.function = of.effect;
  // The payee of a move stands second, even where nobody pays.
  const std::size_t first = of.effect == credits_function::move_in ? 1 : 0;
  for (std::size_t i = 0; i < with.who.size(); ++i)
    out.who.at(first + i) = with.who[i];
  out.amount = with.amount;
  out.commission = with.commission;
  out.is_open = with.is_open;
  return out;
}

} // namespace

made_execution credits_execution(std::uint16_t network_id, credits_name name,
                                 const credits_arguments& with, std::mt19937_64& random) {
  const form& of = forms.at(static_cast<std::size_t>(name));
  const auto arguments = plaintexts(of, with);
  made_call call{"credits", of.name, {}, {}};
  if (of.spends)
    call.inputs.push_back(spent_record());
  if (name == credits_name::transfer_public_to_private)
    call.inputs.push_back(private_value(ciphertext_value(random))); // the receiver
  for (std::size_t i = of.implied; i < arguments.size(); ++i)
    call.inputs.push_back(public_value(arguments[i]));
  if (of.makes)
    call.outputs.push_back(new_record(record_value(random)));
  call.outputs.push_back(future_output(future_value("credits", of.name, arguments)));
  return {{make_transition(network_id, call, random)}, {effect_of(of, with)}};
}

} // namespace blockferry::kit
